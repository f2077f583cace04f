/** Something that holds resources. `close` is idempotent, waits until all is released, and never rejects for a second caller only. */
export interface Closable {
  close(): Promise<void>;
}

/** Wraps a teardown so that it runs once, and every caller waits for that one run. */
export function once<T>(task: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () => (running ??= task());
}

/** Delays that double from `firstMs` to `lastMs`, each with ±20 % jitter so that cameras lost together do not return together. */
export class Backoff {
  readonly #firstMs: number;
  readonly #lastMs: number;
  readonly #random: () => number;
  #attempt = 0;

  constructor(options: { firstMs: number; lastMs: number; random?: () => number }) {
    this.#firstMs = options.firstMs;
    this.#lastMs = options.lastMs;
    this.#random = options.random ?? Math.random;
  }

  /** The next delay in milliseconds. */
  nextMs(): number {
    const plainMs = Math.min(this.#lastMs, this.#firstMs * 2 ** this.#attempt);
    this.#attempt++;
    return plainMs * (0.8 + 0.4 * this.#random());
  }

  /** Starts again at the first delay: call it after a success. */
  reset(): void {
    this.#attempt = 0;
  }
}
