import http from 'node:http';
import type { ServerMessage } from '../../src/server/index.js';
import { waitFor } from '../support/wait-for.js';
import type { ServerUnderTest } from './server-under-test.js';

/** Collects what a client of `GET stream/sse` is sent. Reads the wire itself, so that no client library forgives anything. */
export class SseReader {
  readonly received: ServerMessage[] = [];
  /** Every `id:` line, in order, those of events without data too. */
  readonly ids: number[] = [];
  readonly comments: string[] = [];
  isClosed = false;
  readonly closed: Promise<void>;
  #rest = '';

  private constructor(
    readonly request: http.ClientRequest,
    readonly response: http.IncomingMessage,
  ) {
    response.setEncoding('utf8');
    response.on('data', (text: string) => this.#read(text));
    response.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      response.once('close', () => {
        this.isClosed = true;
        resolve();
      });
    });
  }

  static async open(
    under: ServerUnderTest,
    address: string,
    headers: Record<string, string> = {},
  ): Promise<SseReader> {
    return await new Promise((resolve, reject) => {
      const request = http.get(`${under.server.url}${address}`, { headers, agent: false }, (response) => {
        resolve(new SseReader(request, response));
      });
      request.once('error', reject);
    });
  }

  get seqs(): number[] {
    return this.received.flatMap((message) => ('seq' in message ? [message.seq] : []));
  }

  async next<T extends ServerMessage['type']>(type: T): Promise<ServerMessage & { type: T }> {
    return await waitFor(
      () => this.received.find((message): message is ServerMessage & { type: T } => message.type === type),
      { timeoutMs: 20_000, what: `a message ${type}` },
    );
  }

  async untilSeq(seq: number): Promise<void> {
    await waitFor(() => this.seqs.at(-1) === seq, { timeoutMs: 20_000, what: `message ${seq}` });
  }

  async close(): Promise<void> {
    this.request.destroy();
    await this.closed;
  }

  #read(text: string): void {
    const blocks = (this.#rest + text).split('\n\n');
    this.#rest = blocks.pop()!;
    for (const line of blocks.flatMap((block) => block.split('\n'))) {
      if (line.startsWith('id: ')) this.ids.push(Number(line.slice(4)));
      else if (line.startsWith('data: ')) this.received.push(JSON.parse(line.slice(6)) as ServerMessage);
      else if (line.startsWith(': ')) this.comments.push(line.slice(2));
    }
  }
}
