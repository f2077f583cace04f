import type { WorkerPool } from './dispatcher.js';

/** What of an inference pool counts here. */
type Pool = WorkerPool;

/**
 * Several pools on one processor as one: whichever models they run, together they may use so many cores. A pool's threads that are
 * not at work cost memory alone.
 */
export class ProcessorShare implements WorkerPool {
  readonly size: number;
  readonly #pools = new Set<Pool>();

  /** @param size jobs that may run at once, one per core */
  constructor(size: number) {
    this.size = size;
  }

  add(pool: Pool): void {
    this.#pools.add(pool);
  }

  delete(pool: Pool): void {
    this.#pools.delete(pool);
  }

  get idle(): number {
    return this.#left((pool) => pool.idle);
  }

  freeWithin(soonMs: number): number {
    return this.#left((pool) => pool.freeWithin(soonMs));
  }

  expectNone(): void {
    for (const pool of this.#pools) pool.expectNone();
  }

  #left(freeOf: (pool: Pool) => number): number {
    if (this.#pools.size === 0) return 0;
    let left = this.size;
    for (const pool of this.#pools) left -= pool.size - freeOf(pool);
    return Math.max(0, left);
  }
}
