import { Readable } from 'node:stream';
import { AppError, type Clock, type Timer } from '../base/index.js';

/** From so many waiting bytes on the pusher is asked to pause: a second or two of a webcam. */
const PAUSE_BYTES = 512 * 1024;
/** More never wait: a pusher that does not heed the pause is ended. */
const QUEUE_BYTES_MAX = 2 * 1024 * 1024;
const IDLE_MS = 10_000;

/** Why a camera takes no more from a pusher. */
export type PushEnding =
  | 'too-fast' // it sends more than can be taken
  | 'idle' // it has sent nothing for ten seconds
  | 'over'; // the camera begins anew, or is gone

/** Who sends the pictures: a browser, behind its WebSocket. */
export interface Pusher {
  /** Send no more for now, or go on. May be told again what holds already. */
  setPaused(isPaused: boolean): void;
  /** Nothing more is taken. Called once, and not after the pusher has closed. */
  end(why: PushEnding): void;
}

/** The bytes that one pusher sends, until either side ends it. Whoever takes the pictures reads `bytes`. */
export class Push {
  /** Ends where the pusher closes; is destroyed where the camera ends it. */
  readonly bytes: Readable;
  readonly #pusher: Pusher;
  readonly #onOver: () => void;
  readonly #clock: Clock;
  readonly #timer: Timer;
  #heardMs: number;
  #isOver = false;

  /** @param options.onOver called once, when nothing more comes of it */
  constructor(options: { readonly pusher: Pusher; readonly clock: Clock; readonly onOver: () => void }) {
    const { pusher, clock, onOver } = options;
    this.#pusher = pusher;
    this.#onOver = onOver;
    this.#clock = clock;
    this.#heardMs = clock.monotonicMs();
    this.#timer = clock.every(IDLE_MS / 4, () => this.#look());
    this.bytes = new Readable({
      highWaterMark: PAUSE_BYTES,
      read: () => {
        if (!this.#isOver) pusher.setPaused(false);
      },
    });
  }

  /** Takes the next bytes. */
  write(bytes: Buffer): void {
    if (this.#isOver) return;
    this.#heardMs = this.#clock.monotonicMs();
    if (this.bytes.readableLength + bytes.length > QUEUE_BYTES_MAX) this.end('too-fast');
    else if (!this.bytes.push(bytes)) this.#pusher.setPaused(true);
  }

  /** The pusher is gone; what it sent before still counts. Idempotent. */
  close(): void {
    if (this.#finish()) this.bytes.push(null);
  }

  /** The camera takes no more. Idempotent, and nothing after `close`. */
  end(why: PushEnding): void {
    if (!this.#finish()) return;
    this.bytes.destroy();
    this.#pusher.end(why);
  }

  #finish(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    this.#timer.cancel();
    this.#onOver();
    return true;
  }

  #look(): void {
    if (this.#clock.monotonicMs() - this.#heardMs < IDLE_MS) return;
    // One that is paused for so long sends nothing because it was asked to.
    this.end(this.bytes.readableLength >= PAUSE_BYTES ? 'too-fast' : 'idle');
  }
}

/** Where pictures are sent to a camera: by one pusher at a time, and only while the camera waits for one. */
export class PushInlet {
  readonly #camera: string;
  readonly #clock: Clock;
  #push: Push | undefined;
  #take: ((push: Push) => void) | undefined;

  constructor(options: { readonly camera: string; readonly clock: Clock }) {
    this.#camera = options.camera;
    this.#clock = options.clock;
  }

  /**
   * Begins to send. Each time the stream begins anew: with the header of its container.
   * @throws {AppError} `ingest/push-taken`, `ingest/push-not-now`
   */
  open(pusher: Pusher): Push {
    const take = this.#take;
    if (this.#push !== undefined)
      throw new AppError(
        'ingest/push-taken',
        'conflict',
        `another browser sends its webcam to ${this.#camera}: stop it there first`,
      );
    if (take === undefined)
      throw new AppError(
        'ingest/push-not-now',
        'unavailable',
        `${this.#camera} takes no pictures at this moment: try again in a second`,
      );
    this.#take = undefined;
    this.#push = new Push({ pusher, clock: this.#clock, onOver: () => (this.#push = undefined) });
    take(this.#push);
    return this.#push;
  }

  /** The next pusher; undefined when `signal` aborts before one is there. One at a time may wait. */
  next(signal: AbortSignal): Promise<Push | undefined> {
    return new Promise((resolve) => {
      const settle = (push: Push | undefined) => {
        signal.removeEventListener('abort', give);
        this.#take = undefined;
        resolve(push);
      };
      const give = () => settle(undefined);
      if (signal.aborted) return resolve(undefined);
      signal.addEventListener('abort', give, { once: true });
      this.#take = settle;
    });
  }
}
