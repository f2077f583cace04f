import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came. */
export interface Received {
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
  readonly seq: number;
}

/** How a receiver answers; `hang-up` loses the answer, `silence` never gives one, `endless` never ends it. */
export type Answer = number | 'hang-up' | 'silence' | 'endless';

/** A real HTTP server that keeps what it is sent. */
export class Receiver {
  readonly received: Received[] = [];
  /** Called for each request, before the answer. */
  answer: (request: Received) => Answer = () => 204;
  /** Sent with each answer. */
  headers: Readonly<Record<string, string>> = {};
  /** Called with the bytes of an endless answer that were sent. */
  onSent: (bytes: number) => void = () => undefined;
  readonly #server: http.Server;

  private constructor() {
    this.#server = http.createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks);
        const { seq } = JSON.parse(body.toString()) as { seq: number };
        const received = { headers: request.headers, body, seq };
        this.received.push(received);
        const answer = this.answer(received);
        if (answer === 'hang-up') request.socket.resetAndDestroy();
        else if (answer === 'endless') this.#sendForever(response);
        else if (answer !== 'silence')
          response
            .writeHead(answer, { Location: 'http://127.0.0.1:1/', ...this.headers })
            .end('x'.repeat(100));
      });
    });
  }

  static async open(port = 0): Promise<Receiver> {
    const receiver = new Receiver();
    receiver.#server.listen(port, '127.0.0.1');
    await once(receiver.#server, 'listening');
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook?token=in-the-address`;
  }

  get seqs(): number[] {
    return this.received.map(({ seq }) => seq);
  }

  #sendForever(response: http.ServerResponse): void {
    const chunk = Buffer.alloc(16 * 1024);
    const more = () => {
      while (!response.destroyed) {
        this.onSent(chunk.length);
        if (!response.write(chunk)) return;
      }
    };
    response.on('drain', more);
    more();
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }
}
