const WINDOW_MS = 2000;
/** Arrivals remembered: rates up to half of it are measured exactly. */
const CAPACITY = 512;

/** Frames per second over the last two seconds, by their arrival. */
export class FrameRate {
  readonly #arrivalsMs = new Float64Array(CAPACITY);
  #count = 0;

  record(arrivedMs: number): void {
    this.#arrivalsMs[this.#count++ % CAPACITY] = arrivedMs;
  }

  /** Undefined until two frames are there to measure. */
  at(nowMs: number): number | undefined {
    const known = Math.min(this.#count, CAPACITY);
    let recent = 0;
    let oldestMs = nowMs;
    for (let back = 1; back <= known; back++) {
      const arrivedMs = this.#arrivalsMs[(this.#count - back) % CAPACITY] ?? 0;
      if (arrivedMs < nowMs - WINDOW_MS) break;
      recent++;
      oldestMs = arrivedMs;
    }
    if (this.#count < 2) return undefined;
    // A window that is not full yet is measured between its first frame and now.
    const isFull = recent < known || this.#count > CAPACITY;
    const spanMs = isFull && recent < CAPACITY ? WINDOW_MS : nowMs - oldestMs;
    const intervals = spanMs === WINDOW_MS ? recent : recent - 1;
    return spanMs <= 0 ? undefined : (intervals * 1000) / spanMs;
  }
}
