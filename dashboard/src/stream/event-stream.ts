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
  readonly backoffMs?: number;
}

const TOPICS = ['frame', 'track', 'event', 'camera'] as const;
const PING_MS = 2500;
/** Answered pings are never so far apart: the connection is dead, even if nobody said so. */
const SILENCE_MAX_MS = 6000;

/** The event stream of all cameras: reconnects by itself, and goes on after the last durable message it got. */
export class EventStream {
  readonly #options: EventStreamOptions;
  readonly #socket: ReconnectingSocket;
  readonly #heartbeat: ReturnType<typeof setInterval>;
  /** Highest `seq` had; undefined before the first subscription was confirmed. */
  #lastSeq: number | undefined;
  #askedSince = 0;
  #heardMs = 0;
  #isConnected = false;

  constructor(options: EventStreamOptions) {
    this.#options = options;
    this.#socket = new ReconnectingSocket({
      open: options.open,
      ...(options.backoffMs === undefined ? {} : { backoffMs: options.backoffMs }),
      onMessage: (data) => this.#onMessage(data),
      onConnected: (isConnected) => {
        this.#isConnected = isConnected;
        this.#heardMs = performance.now();
        if (!isConnected) options.onConnected(false);
      },
    });
    this.#heartbeat = setInterval(() => this.#beat(), PING_MS);
  }

  /** Ends for good; idempotent. */
  close(): void {
    clearInterval(this.#heartbeat);
    this.#socket.close();
  }

  #beat(): void {
    if (!this.#isConnected) return;
    if (performance.now() - this.#heardMs > SILENCE_MAX_MS) this.#socket.reopen();
    else this.#say({ type: 'ping' });
  }

  #onMessage(data: unknown): void {
    this.#heardMs = performance.now();
    const message = JSON.parse(String(data)) as ServerMessage;
    switch (message.type) {
      case 'hello':
        this.#options.onHello();
        this.#askedSince = this.#lastSeq ?? Math.max(0, message.lastSeq - this.#options.history);
        return this.#say({ type: 'subscribe', cameras: '*', topics: TOPICS, since: this.#askedSince });
      case 'subscribed':
        // Behind what we have: the server's store was replaced, and numbers begin anew.
        this.#lastSeq = Math.min(this.#askedSince, message.lastSeq);
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
      case 'event.started':
      case 'event.updated':
      case 'event.ended':
      case 'camera.status':
      case 'config.changed':
        this.#lastSeq = message.seq;
        return this.#options.onDurable(message);
      case 'error':
        return console.warn(`event stream: ${message.code}: ${message.message}`);
      case 'unsubscribed':
      case 'pong':
        return;
    }
  }

  #say(message: ClientMessage): void {
    this.#socket.send(JSON.stringify(message));
  }
}
