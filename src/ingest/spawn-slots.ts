/** Lets so many tasks run at once; the others wait their turn, first come, first served. */
export class SpawnSlots {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(count: number) {
    this.#free = count;
  }

  /** Resolves when a slot is taken, with the (idempotent) function that gives it back. */
  async take(): Promise<() => void> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    };
  }
}

/** Shared by all connections of this process: cameras that come back together do not start FFmpeg together. */
export const sharedSpawnSlots = new SpawnSlots(4);
