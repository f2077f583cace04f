import type { ServerResponse } from 'node:http';
import { AppError } from '../base/index.js';
import type { StreamChannel, StreamItem } from './stream-channel.js';

/** How soon a client comes back after the connection has ended. */
const RETRY_MS = 1000;
/** Lost connections are found out by the operating system: no answer is asked for. */
const KEEP_ALIVE_MS = 15_000;

/**
 * The event stream as server-sent events (WHATWG HTML, section 9.2): each message is the `data` of one event, and the `id` of a durable
 * one is its `seq`, which the client sends as `Last-Event-ID` when it comes back.
 */
export class EventSourceChannel implements StreamChannel {
  readonly #response: ServerResponse;

  /** Begins the answer. */
  constructor(response: ServerResponse) {
    this.#response = response;
    response.socket?.setKeepAlive(true, KEEP_ALIVE_MS);
    response.socket?.setNoDelay(true);
    response.writeHead(200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store',
      // After the end there is nothing more to ask on it, and a server that stops need not wait for it.
      Connection: 'close',
      // Of nginx: it would hold messages back until its buffer is full.
      'X-Accel-Buffering': 'no',
    });
    response.write(`retry: ${RETRY_MS}\n\n`);
  }

  get isOpen(): boolean {
    return !this.#response.writableEnded && !this.#response.destroyed;
  }

  get bufferedBytes(): number {
    return this.#response.writableLength;
  }

  send({ bytes, seq }: StreamItem, onTaken: () => void): void {
    const id = seq === undefined ? '' : `id: ${seq}\n`;
    // JSON has no line breaks, so that one line holds a message.
    this.#response.cork();
    this.#response.write(`${id}data: `);
    this.#response.write(bytes);
    this.#response.write('\n\n', (error) => {
      if (!error) onTaken();
    });
    this.#response.uncork();
  }

  /** Keeps proxies from closing an idle connection, and tells how far the client has come, though nothing of it concerned it. */
  beat(seq: number): void {
    if (this.isOpen) this.#response.write(`id: ${seq}\n\n`);
  }

  close(_code: number, reason: string): void {
    if (this.isOpen) this.#response.end(`: ${reason.replaceAll(/[\r\n]/g, ' ')}\n\n`);
  }

  terminate(): void {
    this.#response.destroy();
  }

  once(_event: 'close', listener: () => void): void {
    this.#response.once('close', listener);
  }
}

/**
 * Where a client wants to go on: what its browser remembers comes before what its address says, which stays the same however often it
 * comes back.
 *
 * @throws {AppError} `server/bad-query`
 */
export function sinceOf(lastEventId: string | undefined, since: number | undefined): number | undefined {
  if (lastEventId === undefined || lastEventId === '') return since;
  if (/^\d{1,15}$/.test(lastEventId)) return Number(lastEventId);
  throw new AppError(
    'server/bad-query',
    'input',
    'Last-Event-ID: it must be the id of an event of this stream, a whole number from 0',
  );
}
