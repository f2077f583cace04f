import type { Clock } from '../base/index.js';

/** Adds up the time of some of the work. */
export class StopWatch {
  totalMs = 0;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  time<Result>(work: () => Result): Result {
    const beganMs = this.#clock.monotonicMs();
    const result = work();
    this.totalMs += this.#clock.monotonicMs() - beganMs;
    return result;
  }
}
