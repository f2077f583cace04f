import type { WebSocket } from 'ws';
import type { Clock, Timer } from '../base/index.js';
import type { StreamChannel } from './stream-channel.js';

const LOOK_EVERY_MS = 5_000;
const PING_AFTER_MS = 15_000;
const SILENCE_MAX_MS = 30_000;

interface Watched {
  heardMs: number;
  pingedMs: number;
}

/**
 * Pings every WebSocket each 15 s and cuts off those that have been silent for 30 s: half-open ones never report an end. Other channels,
 * which cannot answer, are let beat as often.
 */
export class Heartbeat {
  readonly #clock: Clock;
  readonly #watched = new Map<WebSocket, Watched>();
  readonly #beating = new Map<StreamChannel, { readonly beat: () => void; beatMs: number }>();
  readonly #timer: Timer;

  constructor(options: { clock: Clock }) {
    this.#clock = options.clock;
    this.#timer = this.#clock.every(LOOK_EVERY_MS, () => this.#look());
  }

  /** Number of open WebSockets and other channels. */
  get count(): number {
    return this.#watched.size + this.#beating.size;
  }

  /** The open WebSockets. */
  get sockets(): Iterable<WebSocket> {
    return this.#watched.keys();
  }

  /** Watches a socket until it closes. */
  watch(socket: WebSocket): void {
    const nowMs = this.#clock.monotonicMs();
    const watched: Watched = { heardMs: nowMs, pingedMs: nowMs };
    this.#watched.set(socket, watched);
    const heard = () => (watched.heardMs = this.#clock.monotonicMs());
    socket.on('pong', heard);
    socket.on('message', heard);
    socket.once('close', () => this.#watched.delete(socket));
  }

  /** Lets a channel that answers nothing beat until it closes. */
  letBeat(channel: StreamChannel, beat: () => void): void {
    this.#beating.set(channel, { beat, beatMs: this.#clock.monotonicMs() });
    channel.once('close', () => this.#beating.delete(channel));
  }

  /** Stops looking; the sockets stay as they are. */
  close(): void {
    this.#timer.cancel();
  }

  #look(): void {
    const nowMs = this.#clock.monotonicMs();
    for (const [socket, watched] of this.#watched) {
      if (nowMs - watched.heardMs >= SILENCE_MAX_MS) {
        socket.terminate();
      } else if (nowMs - watched.pingedMs >= PING_AFTER_MS && socket.readyState === socket.OPEN) {
        watched.pingedMs = nowMs;
        socket.ping();
      }
    }
    for (const beating of this.#beating.values()) {
      if (nowMs - beating.beatMs < PING_AFTER_MS) continue;
      beating.beatMs = nowMs;
      beating.beat();
    }
  }
}
