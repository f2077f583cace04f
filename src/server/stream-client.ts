import type { RawData, WebSocket } from 'ws';
import type { Permission } from '../access/index.js';
import { AppError, toAppError, type Clock, type Log, type Timer } from '../base/index.js';
import { topicOf, type FrameMessage, type NumberedMessage, type Topic } from '../events/index.js';
import { MESSAGE_PERMISSIONS } from './access.js';
import { parseClientMessage } from './client-message.js';
import { ClientQueue, QUEUE_BYTES_MAX } from './client-queue.js';
import type { JournalReader } from './dependencies.js';
import type { ClientMessage, ServerMessage } from './protocol.js';
import { RateLimit } from './rate-limit.js';

/** Messages read from the journal at a time. */
const PAGE_MESSAGES = 200;
/** A replay waits for the client from here on, so that it alone never fills the queue. */
const REPLAY_BYTES = QUEUE_BYTES_MAX / 2;
/** So many are borne; the next one closes the connection. */
const JUNK = { count: 9, windowMs: 10_000 };
const MESSAGES = { count: 20, windowMs: 1000 };
/** How long a client that is closed may take to say goodbye. */
export const CLOSE_TIMEOUT_MS = 10_000;

/** The meaning of the close codes that we send (RFC 6455, section 7.4.1). */
export const CLOSE = { goingAway: 1001, policy: 1008, internal: 1011, tryAgain: 1013 } as const;

interface Subscription {
  readonly cameras: ReadonlySet<string> | '*';
  readonly topics: ReadonlySet<Topic>;
}

/** What a client may do and see. They hold as long as its socket: when they change, it is closed. */
export interface StreamRights {
  /** @throws {AppError} when the client may not */
  authorise(permission: Permission): void;
  /** `*` asks for what concerns all cameras at once. */
  maySee(camera: string): boolean;
}

/** One client's socket, and what it is served from. */
export interface StreamClientOptions {
  readonly socket: WebSocket;
  readonly server: string;
  readonly journal: JournalReader;
  /** Number of the newest message that was published; what is above it has not been told to anyone. */
  readonly publishedSeq: () => number;
  readonly rights: StreamRights;
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
  readonly #socket: WebSocket;
  readonly #queue: ClientQueue;
  readonly #junk: RateLimit;
  readonly #rate: RateLimit;
  #subscription: Subscription | undefined;
  /** The highest `seq` that this client was given, or that its subscription left out. */
  #cursor = 0;
  /** The replay that is running; another one, or none, takes its place to stop it. */
  #replay: object | undefined;
  #drained: (() => void) | undefined;
  #cutOff: Timer | undefined;

  constructor(options: StreamClientOptions) {
    const { socket, clock } = options;
    this.#options = options;
    this.#socket = socket;
    this.#junk = new RateLimit({ ...JUNK, clock });
    this.#rate = new RateLimit({ ...MESSAGES, clock });
    this.#queue = new ClientQueue(socket, {
      onDropped: options.onDropped,
      onDrained: () => this.#wake(),
    });
    socket.on('message', (data, isBinary) => this.#onMessage(data, isBinary));
    socket.once('close', () => this.#onClosed());
    this.#say({ type: 'hello', v: 1, server: options.server, lastSeq: options.publishedSeq() });
  }

  /** True when this client may have to be told of a message of this camera and topic. */
  wants(camera: string, topic: Topic): boolean {
    const subscription = this.#subscription;
    if (subscription === undefined || !subscription.topics.has(topic)) return false;
    if (!this.#options.rights.maySee(camera)) return false;
    return subscription.cameras === '*' || camera === '*' || subscription.cameras.has(camera);
  }

  /** The next durable message, serialised; a replaying client reads it from the journal instead. */
  deliver(message: NumberedMessage, bytes: () => Buffer): void {
    if (this.#subscription === undefined || this.#replay !== undefined || message.seq <= this.#cursor) return;
    this.#cursor = message.seq;
    if (this.wants(message.camera, topicOf(message.type))) this.#push(bytes());
  }

  /** Goes back to the journal, because numbers between the cursor and the newest message were not delivered. */
  catchUp(): void {
    if (this.#subscription !== undefined && this.#replay === undefined) void this.#replayFrom(this.#cursor);
  }

  /** A frame message, serialised. */
  deliverFrame(message: FrameMessage, bytes: () => Buffer): void {
    if (this.wants(message.camera, 'frame')) this.#queue.pushFrame(message.camera, bytes());
  }

  /** Closes the connection, and cuts it off when the client does not answer in time. */
  close(code: number, reason: string): void {
    this.#subscription = undefined;
    this.#replay = undefined;
    this.#queue.clear();
    this.#socket.close(code, reason);
    this.#cutOff ??= this.#options.clock.after(CLOSE_TIMEOUT_MS, () => this.#socket.terminate());
  }

  #onMessage(data: RawData, isBinary: boolean): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (!this.#rate.allow()) return this.close(CLOSE.policy, 'more than 20 messages in a second');
    try {
      if (isBinary) throw new AppError('server/bad-message', 'input', 'the message must be text, not binary');
      // `nodebuffer` is ws's default binary type, which text comes in, too.
      const message = parseClientMessage((data as Buffer).toString('utf8'));
      this.#options.rights.authorise(MESSAGE_PERMISSIONS[message.type]);
      this.#handle(message);
    } catch (error) {
      this.#complain(error);
      if (!this.#junk.allow()) this.close(CLOSE.policy, '10 messages in 10 seconds made no sense');
    }
  }

  #handle(message: ClientMessage): void {
    switch (message.type) {
      case 'ping':
        return this.#say({ type: 'pong' });
      case 'unsubscribe':
        this.#subscription = undefined;
        this.#replay = undefined;
        return this.#say({ type: 'unsubscribed' });
      case 'subscribe':
        return this.#subscribe(message);
    }
  }

  #subscribe({ cameras, topics, since }: ClientMessage & { type: 'subscribe' }): void {
    const lastSeq = this.#options.publishedSeq();
    this.#replay = undefined;
    this.#subscription = { cameras: cameras === '*' ? '*' : new Set(cameras), topics: new Set(topics) };
    this.#cursor = lastSeq;
    this.#say({ type: 'subscribed', cameras, topics, lastSeq });
    if (since === undefined || since === lastSeq) return;
    if (since < lastSeq) return void this.#replayFrom(since);
    this.#complain(
      new AppError(
        'server/since-ahead',
        'conflict',
        `"since" ${since} is ahead of this server's last message ${lastSeq}: its store was replaced; messages go on from ${lastSeq}`,
      ),
    );
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
        this.#tellGap(page[0]?.seq ?? this.#options.publishedSeq() + 1);
        for (const message of page) {
          // Committed, but not yet told to anyone: it comes live.
          if (message.seq > this.#options.publishedSeq()) break;
          this.#cursor = message.seq;
          if (this.wants(message.camera, topicOf(message.type))) this.#push(serialise(message));
          if (this.#queue.bytes > REPLAY_BYTES) await this.#untilDrained();
          if (this.#replay !== replay) return;
        }
        await this.#untilDrained();
      }
    } catch (error) {
      if (this.#replay !== replay) return;
      this.#options.log.error({ err: error }, 'a replay failed');
      this.#complain(error);
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
    this.#say({ type: 'gap', from, to: nextSeq - 1, reason: 'retention' });
  }

  #untilDrained(): Promise<void> {
    if (!this.#queue.hasDurable || this.#socket.readyState !== this.#socket.OPEN) return Promise.resolve();
    return new Promise((resolve) => (this.#drained = resolve));
  }

  #wake(): void {
    this.#drained?.();
    this.#drained = undefined;
  }

  #complain(error: unknown): void {
    const { code, message } = toAppError(error);
    this.#say({ type: 'error', code, message });
  }

  #say(message: Exclude<ServerMessage, FrameMessage | NumberedMessage>): void {
    this.#push(serialise(message));
  }

  #push(bytes: Buffer): void {
    if (this.#socket.readyState !== this.#socket.OPEN || this.#queue.pushDurable(bytes)) return;
    this.close(CLOSE.tryAgain, 'too slow: reconnect and resume with "since"');
  }

  #onClosed(): void {
    this.#cutOff?.cancel();
    this.#subscription = undefined;
    this.#replay = undefined;
    this.#queue.clear();
    this.#wake();
  }
}

/** A message as the bytes of one WebSocket text message. */
export function serialise(message: ServerMessage): Buffer {
  return Buffer.from(JSON.stringify(message));
}
