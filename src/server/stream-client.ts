import { AppError, toAppError, type Clock, type Log, type Timer } from '../base/index.js';
import { topicOf, type FrameMessage, type NumberedMessage, type Topic } from '../events/index.js';
import { ClientQueue, QUEUE_BYTES_MAX } from './client-queue.js';
import type { JournalReader } from './dependencies.js';
import type { ServerMessage } from './protocol.js';
import type { StreamChannel } from './stream-channel.js';

/** Messages read from the journal at a time. */
const PAGE_MESSAGES = 200;
/** A replay waits for the client from here on, so that it alone never fills the queue. */
const REPLAY_BYTES = QUEUE_BYTES_MAX / 2;
/** How long a client that is closed may take to say goodbye. */
export const CLOSE_TIMEOUT_MS = 10_000;

/** The meaning of the close codes that we send (RFC 6455, section 7.4.1). */
export const CLOSE = { goingAway: 1001, policy: 1008, internal: 1011, tryAgain: 1013 } as const;

interface Subscription {
  readonly cameras: ReadonlySet<string> | '*';
  readonly topics: ReadonlySet<Topic>;
  readonly frames: ReadonlySet<string> | undefined;
}

/** What a client asks for. */
export interface StreamWish {
  readonly cameras: readonly string[] | '*';
  readonly topics: readonly Topic[];
  /** Whose frames are told; those of `cameras` when undefined. */
  readonly frames?: readonly string[];
  /** The highest `seq` that it has: what came after is told first. */
  readonly since?: number;
}

/** One client's channel, and what it is served from. */
export interface StreamClientOptions {
  readonly channel: StreamChannel;
  readonly server: string;
  readonly journal: JournalReader;
  /** Number of the newest message that was published; what is above it has not been told to anyone. */
  readonly publishedSeq: () => number;
  /** Holds as long as the channel: when rights change, it is closed. `*` asks for what concerns all cameras at once. */
  readonly maySee: (camera: string) => boolean;
  readonly onDropped: (count: number) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * One client of the event stream: its subscription, its place in the sequence of durable messages and its
 * queue. How it is kept from missing or repeating a message: `design/event-stream.md`.
 */
export class StreamClient {
  readonly #options: StreamClientOptions;
  readonly #channel: StreamChannel;
  readonly #queue: ClientQueue;
  #subscription: Subscription | undefined;
  /** The highest `seq` that this client was given, or that its subscription left out. */
  #cursor = 0;
  /** The replay that is running; another one, or none, takes its place to stop it. */
  #replay: object | undefined;
  #drained: (() => void) | undefined;
  #cutOff: Timer | undefined;

  constructor(options: StreamClientOptions) {
    const { channel } = options;
    this.#options = options;
    this.#channel = channel;
    this.#queue = new ClientQueue(channel, {
      onDropped: options.onDropped,
      onDrained: () => this.#wake(),
    });
    channel.once('close', () => this.#onClosed());
    this.say({ type: 'hello', v: 1, server: options.server, lastSeq: options.publishedSeq() });
  }

  /** True when this client may have to be told of a message of this camera and topic. */
  wants(camera: string, topic: Topic): boolean {
    const subscription = this.#subscription;
    if (subscription === undefined || !subscription.topics.has(topic)) return false;
    if (!this.#options.maySee(camera)) return false;
    if (topic === 'frame' && subscription.frames?.has(camera) === false) return false;
    return subscription.cameras === '*' || camera === '*' || subscription.cameras.has(camera);
  }

  /** The next durable message, serialised; a replaying client reads it from the journal instead. */
  deliver(message: NumberedMessage, bytes: () => Buffer): void {
    if (this.#subscription === undefined || this.#replay !== undefined || message.seq <= this.#cursor) return;
    this.#cursor = message.seq;
    if (this.wants(message.camera, topicOf(message.type))) this.#push(bytes(), message.seq);
  }

  /** Goes back to the journal, because numbers between the cursor and the newest message were not delivered. */
  catchUp(): void {
    if (this.#subscription !== undefined && this.#replay === undefined) void this.#replayFrom(this.#cursor);
  }

  /**
   * Up to which message this client has been given all that it asked for, once nothing of it waits any more; undefined before.
   */
  get completeSeq(): number | undefined {
    const isBehind = this.#replay !== undefined || this.#queue.hasDurable;
    return this.#subscription === undefined || isBehind ? undefined : this.#cursor;
  }

  /** A frame message, serialised. */
  deliverFrame(message: FrameMessage, bytes: () => Buffer): void {
    if (this.wants(message.camera, 'frame')) this.#queue.pushFrame(message.camera, bytes());
  }

  /** Closes the connection, and cuts it off when the client does not answer in time. */
  close(code: number, reason: string): void {
    this.unsubscribe();
    this.#queue.clear();
    this.#channel.close(code, reason);
    this.#cutOff ??= this.#options.clock.after(CLOSE_TIMEOUT_MS, () => this.#channel.terminate());
  }

  /** Begins to tell what is asked for, in place of what was asked for before. */
  subscribe({ cameras, topics, frames, since }: StreamWish): void {
    const lastSeq = this.#options.publishedSeq();
    this.#replay = undefined;
    this.#subscription = {
      cameras: cameras === '*' ? '*' : new Set(cameras),
      topics: new Set(topics),
      frames: frames && new Set(frames),
    };
    this.#cursor = lastSeq;
    this.say({ type: 'subscribed', cameras, topics, lastSeq });
    if (since === undefined || since === lastSeq) return;
    if (since < lastSeq) return void this.#replayFrom(since);
    this.complain(
      new AppError(
        'server/since-ahead',
        'conflict',
        `"since" ${since} is ahead of this server's last message ${lastSeq}: its store was replaced; messages go on from ${lastSeq}`,
      ),
    );
  }

  /** Tells nothing more. */
  unsubscribe(): void {
    this.#subscription = undefined;
    this.#replay = undefined;
  }

  /** Says something to this client alone. */
  say(message: Exclude<ServerMessage, FrameMessage | NumberedMessage>): void {
    this.#push(serialise(message));
  }

  /** Says what was wrong. */
  complain(error: unknown): void {
    const { code, message } = toAppError(error);
    this.say({ type: 'error', code, message });
  }

  /** Reads the journal until nothing published is left to tell, at the pace at which the client takes it. */
  async #replayFrom(since: number): Promise<void> {
    const replay = {};
    this.#replay = replay;
    this.#cursor = since;
    try {
      while (this.#replay === replay && this.#cursor < this.#options.publishedSeq()) {
        const page = await this.#options.journal.read({ afterSeq: this.#cursor, limit: PAGE_MESSAGES });
        if (this.#replay !== replay) return;
        if (page.length === 0) this.#tellGap(this.#options.publishedSeq() + 1);
        for (const message of page) {
          // Retention takes the oldest; a repaired database may lack some in between.
          this.#tellGap(message.seq);
          // Committed, but not yet told to anyone: it comes live.
          if (message.seq > this.#options.publishedSeq()) break;
          this.#cursor = message.seq;
          if (this.wants(message.camera, topicOf(message.type))) this.#push(serialise(message), message.seq);
          if (this.#queue.bytes > REPLAY_BYTES) await this.#untilDrained();
          if (this.#replay !== replay) return;
        }
        await this.#untilDrained();
      }
    } catch (error) {
      if (this.#replay !== replay) return;
      this.#options.log.error({ err: error }, 'a replay failed');
      this.complain(error);
      this.close(CLOSE.internal, 'the past cannot be read now');
    } finally {
      if (this.#replay === replay) this.#replay = undefined;
    }
  }

  /** Says which numbers after the cursor are gone, given the next one that is there. */
  #tellGap(nextSeq: number): void {
    const from = this.#cursor + 1;
    if (nextSeq <= from) return;
    this.#cursor = nextSeq - 1;
    this.say({ type: 'gap', from, to: nextSeq - 1, reason: 'retention' });
  }

  #untilDrained(): Promise<void> {
    if (!this.#queue.hasDurable || !this.#channel.isOpen) return Promise.resolve();
    return new Promise((resolve) => (this.#drained = resolve));
  }

  #wake(): void {
    this.#drained?.();
    this.#drained = undefined;
  }

  #push(bytes: Buffer, seq?: number): void {
    const item = seq === undefined ? { bytes } : { bytes, seq };
    if (!this.#channel.isOpen || this.#queue.pushDurable(item)) return;
    this.close(CLOSE.tryAgain, 'too slow: reconnect and resume with "since"');
  }

  #onClosed(): void {
    this.#cutOff?.cancel();
    this.unsubscribe();
    this.#queue.clear();
    this.#wake();
  }
}

/** A message as JSON, the same for every client. */
export function serialise(message: ServerMessage): Buffer {
  return Buffer.from(JSON.stringify(message));
}
