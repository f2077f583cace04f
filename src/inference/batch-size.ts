/** The most pictures in one run: beyond it devices gain little, and each picture waits for all others. */
export const BATCH_MAX = 8;
/** A larger batch is worth its wait when a picture costs at most so much of what it costs in batches half as large. */
const WORTH_SHARE = 0.9;
/** What gains too little is tried again after so long: other work on the device, or another size of pictures, may have been the cause. */
const RETRY_MS = 30_000;
/** Runs of a size before its cost counts; the first allocates, and chooses algorithms. */
const RUNS_MIN = 4;
/** Share of the newest run in a size's average cost. */
const NEWEST_SHARE = 0.2;
/** No batch is tried that would take longer. */
const RUN_MAX_MS = 60;

interface Cost {
  runs: number;
  /** Average for one picture, ms. */
  pictureMs: number;
}

/**
 * How many pictures are worth taking in one run, by what runs cost: 1, 2, 4 or 8. One step beyond the largest known to gain is
 * allowed, so that it is tried as soon as so many pictures wait, and forbidden for a while when it does not gain.
 */
export class BatchSize {
  readonly #most: number;
  /** By size, rounded up to a power of two. */
  readonly #costs = new Map<number, Cost>();
  /** The largest size known to gain. */
  #best = 1;
  #closedUntilMs = -Infinity;

  /** @param most a power of two; 1 for a model that takes pictures one by one */
  constructor(most = BATCH_MAX) {
    this.#most = most;
  }

  /** The most pictures that the next run may take. */
  limitAt(nowMs: number): number {
    const next = this.#best * 2;
    // Whether the next size gains can only be told once this one's cost is known.
    const isKnown = this.#known(this.#best) !== undefined;
    const isOpen = isKnown && next <= this.#most && nowMs >= this.#closedUntilMs && !this.#isTooLong(next);
    return isOpen ? next : this.#best;
  }

  /** Notes what a run took. */
  note(count: number, tookMs: number, nowMs: number): void {
    const size = 2 ** Math.ceil(Math.log2(count));
    const cost = this.#costs.get(size) ?? { runs: 0, pictureMs: 0 };
    this.#costs.set(size, cost);
    cost.runs++;
    const pictureMs = tookMs / count;
    if (cost.runs <= 2) cost.pictureMs = pictureMs;
    else cost.pictureMs += (pictureMs - cost.pictureMs) * NEWEST_SHARE;
    this.#judge(size, nowMs);
  }

  #judge(size: number, nowMs: number): void {
    if (size === 1) return;
    const [half, whole] = [this.#known(size / 2), this.#known(size)];
    if (half === undefined || whole === undefined) return;
    if (whole <= half * WORTH_SHARE && !this.#isTooLong(size)) {
      this.#best = Math.max(this.#best, size);
    } else if (size >= this.#best) {
      this.#best = Math.min(this.#best, size / 2);
      this.#closedUntilMs = nowMs + RETRY_MS;
      // Tried again it is judged by what it costs then. And what smaller ones cost long ago says nothing of a device that is slower now.
      this.#costs.delete(size);
      this.#costs.delete(size / 4);
    }
  }

  #known(size: number): number | undefined {
    const cost = this.#costs.get(size);
    return cost !== undefined && cost.runs >= RUNS_MIN ? cost.pictureMs : undefined;
  }

  /** By the cost of batches half as large, until it has been tried. */
  #isTooLong(size: number): boolean {
    const pictureMs = this.#known(size) ?? this.#known(size / 2);
    return pictureMs !== undefined && pictureMs * size > RUN_MAX_MS;
  }
}
