import type { Clock } from '../base/index.js';
import { FairShare, type Contender } from './fair-share.js';
import { WorkerLoad } from './worker-load.js';

/** Something whose frames want workers. */
export interface FrameSource extends Contender {
  /** Frames that were promised a worker and have none yet: waiting, or being decoded. */
  readonly claims: number;
  /** Takes the waiting frame through the workers; resolves when it is done, never rejects. */
  analyseNext(): Promise<void>;
}

/** The part of the inference pool that dispatching needs. */
export interface WorkerPool {
  /** Pictures that may be under way at once. */
  readonly size: number;
  /** Pictures that would be taken now. */
  readonly idle: number;
  freeWithin(soonMs: number): number;
  /** Resolves when a worker has next become free, whatever it did. */
  whenFree(): Promise<void>;
  /** No picture is on its way: a worker that waits for more to take them in one run need not. */
  expectNone(): void;
}

/** About what a picture needs to be decoded: a worker that will be free by then is as good as free. */
const SOON_MS = 6;
/** Above this load one frame is let wait, so that no worker ever does. */
const BUSY_SHARE = 0.9;
/** Turns that a source may have before another that wants one too; to wait for that one's next picture would leave workers idle. */
const LEAD_MAX = 2;

/** Hands free workers to waiting frames, fairly between their sources, and leaves none idle while a frame waits. */
export class Dispatcher {
  readonly #pool: WorkerPool;
  readonly #clock: Clock;
  readonly #load: WorkerLoad;
  readonly #sources = new Set<FrameSource>();
  readonly #shares = new FairShare<FrameSource>();
  #isWaiting = false;

  constructor(pool: WorkerPool, clock: Clock) {
    this.#pool = pool;
    this.#clock = clock;
    this.#load = new WorkerLoad(clock);
  }

  add(source: FrameSource): void {
    this.#sources.add(source);
    this.#shares.add(source);
  }

  delete(source: FrameSource): void {
    this.#sources.delete(source);
    this.#shares.delete(source);
  }

  /**
   * Whether a picture of this source, decoded now, would find a worker, and the source does not take it from others. While there is
   * more work than workers one picture may wait, so that no worker does. Ask again with the next picture.
   */
  hasRoomFor(source: FrameSource): boolean {
    const nowMs = this.#clock.monotonicMs();
    this.#shares.ask(source, nowMs);
    const claims = this.#claims();
    const workers = this.#pool.freeWithin(SOON_MS) + (this.#load.share > BUSY_SHARE ? 1 : 0);
    return claims < workers && this.#shares.lead(source, nowMs) <= LEAD_MAX;
  }

  /** Call it whenever a frame has come to wait; a worker that becomes free is seen to by itself. */
  dispatch(): void {
    while (this.#pool.idle > 0) {
      const source = this.#shares.next();
      if (source === undefined) break;
      void source.analyseNext().then(() => this.dispatch());
    }
    if (this.#claims() === 0) this.#pool.expectNone();
    else if (this.#pool.idle === 0) this.#dispatchWhenFree();
    this.#load.note(1 - this.#pool.idle / this.#pool.size);
  }

  /** A worker may be at something that no frame waits for, such as a template: its end is no end of a frame. */
  #dispatchWhenFree(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    void this.#pool.whenFree().then(() =>
      // What the frame whose run has ended needs next comes before a new frame: it is asked for by then.
      setImmediate(() => {
        this.#isWaiting = false;
        this.dispatch();
      }),
    );
  }

  #claims(): number {
    let claims = 0;
    for (const { claims: more } of this.#sources) claims += more;
    return claims;
  }
}
