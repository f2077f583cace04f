import { AppError, type Clock, type Timer } from '../base/index.js';
import type { BatchSize } from './batch-size.js';
import type { DetectJob, DetectResult } from './messages.js';

/** How long a picture waits for others that are on their way, at most. */
const WAIT_MAX_MS = 3;

/** What a worker's gatherer works with. */
export interface PictureGathererOptions {
  readonly size: BatchSize;
  readonly clock: Clock;
  /** Looks at pictures of one input size. The results are in their order; rejects when the worker is lost. */
  readonly run: (jobs: readonly DetectJob[]) => Promise<readonly (DetectResult | AppError)[]>;
}

interface Waiting {
  readonly job: DetectJob;
  readonly sinceMs: number;
  readonly resolve: (result: DetectResult) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers pictures for the next run of one worker. A run begins when as many are there as are worth it, when no others are expected,
 * or when the first has waited for 3 ms. While one is under way none is taken: where pictures come from newer ones take their place.
 */
export class PictureGatherer {
  readonly #options: PictureGathererOptions;
  #waiting: Waiting[] = [];
  #deadline: Timer | undefined;
  #isRunning = false;
  #startedMs = 0;

  constructor(options: PictureGathererOptions) {
    this.#options = options;
  }

  /** How many pictures the next run may take, those that wait for it included. */
  get limit(): number {
    return this.#options.size.limitAt(this.#options.clock.monotonicMs());
  }

  /** How many pictures would be taken now. */
  get room(): number {
    return this.#isRunning ? 0 : Math.max(0, this.limit - this.#waiting.length);
  }

  /** For how long a run has been under way, ms; 0 when none is. */
  get runningForMs(): number {
    return this.#isRunning ? this.#options.clock.monotonicMs() - this.#startedMs : 0;
  }

  /** Takes a picture; only while there is {@link room}. */
  add(job: DetectJob): Promise<DetectResult> {
    const { clock } = this.#options;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ job, sinceMs: clock.monotonicMs(), resolve, reject });
      if (this.#waiting.length >= this.limit) this.#begin();
      else this.#deadline ??= clock.after(WAIT_MAX_MS, () => this.#begin());
    });
  }

  /** No picture is on its way to this worker: what waits need not. */
  expectNone(): void {
    if (this.#waiting.length > 0 && !this.#isRunning) this.#begin();
  }

  #begin(): void {
    this.#deadline?.cancel();
    this.#deadline = undefined;
    const batch = this.#takeBatch();
    this.#isRunning = true;
    this.#startedMs = this.#options.clock.monotonicMs();
    void this.#run(batch);
  }

  /** The pictures that have the size of the one that has waited longest. */
  #takeBatch(): Waiting[] {
    const { widthPx, heightPx } = this.#waiting[0]!.job.placed.input;
    const fits = ({ job: { placed } }: Waiting) =>
      placed.input.widthPx === widthPx && placed.input.heightPx === heightPx;
    const batch = this.#waiting.filter(fits);
    this.#waiting = this.#waiting.filter((waiting) => !fits(waiting));
    return batch;
  }

  async #run(batch: readonly Waiting[]): Promise<void> {
    const { clock, size, run } = this.#options;
    try {
      const results = await run(batch.map(({ job }) => job));
      const nowMs = clock.monotonicMs();
      size.note(batch.length, nowMs - this.#startedMs, nowMs);
      this.#isRunning = false;
      for (const [index, { resolve, reject }] of batch.entries()) {
        const result = results[index]!;
        if (result instanceof AppError) reject(result);
        else resolve(result);
      }
    } catch (error) {
      this.#isRunning = false;
      for (const { reject } of batch) reject(error);
    }
    // Of another size: they have waited for a whole run.
    if (this.#waiting.length > 0) this.#begin();
  }
}
