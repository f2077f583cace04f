import type {
  ClientMessage,
  FrameMessage,
  NumberedMessage,
  ServerMessage,
} from '../../../src/server/protocol.js';
import { ReconnectingSocket, type SocketLike } from './reconnecting-socket.js';

/** The durable messages `from`..`to` are no longer kept by the server. */
export type Gap = Extract<ServerMessage, { type: 'gap' }>;

export interface EventStreamOptions {
  /** Opens `/api/v1/stream` with the subprotocol `sightline.v1`. */
  readonly open: () => SocketLike;
  /** How many of the latest durable messages to ask for at first. */
  readonly history: number;
  readonly onFrame: (message: FrameMessage) => void;
  /** Every durable message once, in order, also over reconnects. */
  readonly onDurable: (message: NumberedMessage) => void;
  readonly onGap: (gap: Gap) => void;
  /** A connection begins: what was known of streams by their epoch no longer holds. */
  readonly onHello: () => void;
  readonly onConnected: (isConnected: boolean) => void;
  /** First of several waits before another try, ms. */
  readonly backoffMs?: number;
  /** How often to ask whether the server is there, ms. */
  readonly pingMs?: number;
}

const TOPICS = ['frame', 'track', 'event', 'camera'] as const;
const PING_MS = 1000;
/** An unanswered ping is this many intervals old: the connection is dead, even if nobody said so. */
const SILENT_PINGS_MAX = 2;
/** A page that slept or was busy for so many intervals has not listened: it judges at the next ping. */
const LATE_PINGS = 1.5;

/**
 * The event stream of all cameras: reconnects by itself, and goes on after the last durable message it got. Analysed frames come of those
 * cameras only that are watched.
 */
export class EventStream {
  readonly #options: EventStreamOptions;
  readonly #socket: ReconnectingSocket;
  readonly #heartbeat: ReturnType<typeof setInterval>;
  /** Highest `seq` had; undefined before the first subscription was confirmed. */
  #lastSeq: number | undefined;
  #askedSince = 0;
  /** When the oldest ping without an answer was sent; undefined while all are answered. */
  #askedMs: number | undefined;
  #beatMs = performance.now();
  #isOpen = false;
  #isSubscribed = false;
  #watched: readonly string[] = [];
  /** Of the latest subscription. */
  #askedWatched: readonly string[] = [];

  constructor(options: EventStreamOptions) {
    this.#options = options;
    this.#socket = new ReconnectingSocket({
      open: options.open,
      ...(options.backoffMs === undefined ? {} : { backoffMs: options.backoffMs }),
      onMessage: (data) => this.#onMessage(data),
      onConnected: (isConnected) => {
        this.#isOpen = isConnected;
        this.#isSubscribed = false;
        this.#askedMs = undefined;
        if (!isConnected) options.onConnected(false);
      },
    });
    this.#heartbeat = setInterval(() => this.#beat(), options.pingMs ?? PING_MS);
  }

  /** From now on, frames of these cameras only are told. */
  watch(cameras: readonly string[]): void {
    this.#watched = cameras;
    if (this.#isSubscribed && this.#lastSeq !== undefined) this.#subscribe(this.#lastSeq);
  }

  /** The network is gone, or is back: tries at once. */
  reconnect(): void {
    this.#socket.reopen({ isAtOnce: true });
  }

  /** Ends for good; idempotent. */
  close(): void {
    clearInterval(this.#heartbeat);
    this.#socket.close();
  }

  #beat(): void {
    const nowMs = performance.now();
    const { pingMs = PING_MS } = this.#options;
    const wasAwake = nowMs - this.#beatMs < LATE_PINGS * pingMs;
    this.#beatMs = nowMs;
    if (!this.#isOpen) return;
    if (wasAwake && nowMs - (this.#askedMs ?? nowMs) > SILENT_PINGS_MAX * pingMs - pingMs / 2)
      return this.#socket.reopen();
    this.#askedMs ??= nowMs;
    this.#say({ type: 'ping' });
  }

  #onMessage(data: unknown): void {
    this.#askedMs = undefined;
    const message = JSON.parse(String(data)) as ServerMessage;
    switch (message.type) {
      case 'hello':
        this.#options.onHello();
        return this.#subscribe(this.#lastSeq ?? Math.max(0, message.lastSeq - this.#options.history));
      case 'subscribed':
        // Behind what we have: the server's store was replaced, and numbers begin anew.
        this.#lastSeq = Math.min(this.#lastSeq ?? this.#askedSince, message.lastSeq);
        if (this.#askedWatched !== this.#watched) this.#subscribe(this.#lastSeq);
        if (this.#isSubscribed) return;
        this.#isSubscribed = true;
        return this.#options.onConnected(true);
      case 'frame':
        return this.#options.onFrame(message);
      case 'gap':
        this.#lastSeq = message.to;
        return this.#options.onGap(message);
      case 'track.started':
      case 'track.ended':
      case 'track.merged':
      case 'track.renamed':
      case 'track.classified':
      case 'text.read':
      case 'event.started':
      case 'event.updated':
      case 'event.ended':
      case 'camera.status':
      case 'config.changed':
        // Told again, since it came between a second subscription and its answer.
        if (message.seq <= (this.#lastSeq ?? 0)) return;
        this.#lastSeq = message.seq;
        return this.#options.onDurable(message);
      case 'error':
        return console.warn(`event stream: ${message.code}: ${message.message}`);
      case 'unsubscribed':
      case 'pong':
        return;
    }
  }

  #subscribe(since: number): void {
    this.#askedSince = since;
    this.#askedWatched = this.#watched;
    this.#say({ type: 'subscribe', cameras: '*', topics: TOPICS, frames: this.#watched, since });
  }

  #say(message: ClientMessage): void {
    this.#socket.send(JSON.stringify(message));
  }
}
