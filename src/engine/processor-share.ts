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
  readonly #watched = new WeakSet<Pool>();
  /** One waits at a time. */
  #tell: () => void = () => undefined;

  /** @param size jobs that may run at once, one per core */
  constructor(size: number) {
    this.size = size;
  }

  add(pool: Pool): void {
    this.#pools.add(pool);
    // One that is new may be free at once, and of one that is gone nothing more is heard.
    this.#tell();
  }

  delete(pool: Pool): void {
    this.#pools.delete(pool);
    this.#tell();
  }

  get idle(): number {
    return this.#left((pool) => pool.idle);
  }

  freeWithin(soonMs: number): number {
    return this.#left((pool) => pool.freeWithin(soonMs));
  }

  whenFree(): Promise<void> {
    for (const pool of this.#pools) this.#watch(pool);
    return new Promise((resolve) => (this.#tell = resolve));
  }

  /** Once at a time: a pool that is not used may be free for ever, and what waits for it would become more and more. */
  #watch(pool: Pool): void {
    if (this.#watched.has(pool)) return;
    this.#watched.add(pool);
    void pool.whenFree().then(() => {
      this.#watched.delete(pool);
      this.#tell();
    });
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
