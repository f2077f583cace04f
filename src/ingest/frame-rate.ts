const WINDOW_MS = 2000;
/** Arrivals remembered, for up to 256 frames a second. */
const CAPACITY = 512;

/** Frames per second over the last two seconds, by their arrival. */
export class FrameRate {
  readonly #arrivalsMs = new Float64Array(CAPACITY);
  #count = 0;

  record(arrivedMs: number): void {
    this.#arrivalsMs[this.#count++ % CAPACITY] = arrivedMs;
  }

  /** A new stream begins. */
  reset(): void {
    this.#count = 0;
  }

  /** Undefined in a stream's first two seconds, which begin with a burst. */
  at(nowMs: number): number | undefined {
    const known = Math.min(this.#count, CAPACITY);
    for (let back = 1; back <= known; back++) {
      const arrivedMs = this.#arrivalsMs[(this.#count - back) % CAPACITY] ?? 0;
      if (arrivedMs <= nowMs - WINDOW_MS) return ((back - 1) * 1000) / WINDOW_MS;
    }
    return known < CAPACITY ? undefined : (CAPACITY * 1000) / WINDOW_MS;
  }
}
