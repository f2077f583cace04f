import type { FrameMessage, NumberedMessage } from '../events/index.js';
import type { ServerDependencies } from './dependencies.js';
import type { StreamChannel } from './stream-channel.js';
import { CLOSE, serialise, StreamClient } from './stream-client.js';

/** All clients of the event stream. A message is serialised once, when the first client wants it. */
export class StreamHub {
  readonly #dependencies: ServerDependencies;
  readonly #server: string;
  readonly #clients = new Set<StreamClient>();
  #publishedSeq: number;

  /** @param options.server name and version, for `hello` */
  constructor(options: { dependencies: ServerDependencies; server: string }) {
    this.#dependencies = options.dependencies;
    this.#server = options.server;
    this.#publishedSeq = options.dependencies.journal.lastSeq;
  }

  /** Number of the newest message that clients have been told. */
  get publishedSeq(): number {
    return this.#publishedSeq;
  }

  /**
   * Greets a new client.
   *
   * @param maySee whether it may be told of a camera, or, for `*`, of what concerns all
   */
  add(channel: StreamChannel, maySee: (camera: string) => boolean): StreamClient {
    const { journal, metrics, clock, log } = this.#dependencies;
    const client = new StreamClient({
      channel,
      server: this.#server,
      journal,
      publishedSeq: () => this.#publishedSeq,
      maySee,
      onDropped: (count) => metrics.wsDropped.inc(count),
      clock,
      log,
    });
    this.#clients.add(client);
    channel.once('close', () => this.#clients.delete(client));
    return client;
  }

  /** Says goodbye to everyone. */
  closeAll(): void {
    for (const client of this.#clients) client.close(CLOSE.goingAway, 'the server stops');
  }

  /** Tells a committed message. Numbers told in the wrong order are told again from the journal, in order. */
  publish(message: NumberedMessage): void {
    if (message.seq <= this.#publishedSeq) return;
    const isNext = message.seq === this.#publishedSeq + 1;
    this.#publishedSeq = message.seq;
    const bytes = lazily(() => serialise(message));
    for (const client of this.#clients) {
      if (isNext) client.deliver(message, bytes);
      else client.catchUp();
    }
  }

  /** Tells the objects of a frame. */
  publishFrame(message: FrameMessage): void {
    const bytes = lazily(() => serialise(message));
    for (const client of this.#clients) client.deliverFrame(message, bytes);
  }
}

function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
