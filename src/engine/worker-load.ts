import type { Clock } from '../base/index.js';

/** How fast the past is forgotten. */
const TIME_CONSTANT_MS = 1000;

/** The share of the workers' time that was spent working, lately: an exponential average over time. */
export class WorkerLoad {
  readonly #clock: Clock;
  #sinceMs: number;
  #busyShare = 0;
  #average = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#sinceMs = clock.monotonicMs();
  }

  /** 0 (idle) to 1 (never idle). */
  get share(): number {
    this.#advance();
    return this.#average;
  }

  /** Says what share of the workers is busy from now on. */
  note(busyShare: number): void {
    this.#advance();
    this.#busyShare = busyShare;
  }

  #advance(): void {
    const nowMs = this.#clock.monotonicMs();
    const kept = Math.exp((this.#sinceMs - nowMs) / TIME_CONSTANT_MS);
    this.#average = this.#busyShare + (this.#average - this.#busyShare) * kept;
    this.#sinceMs = nowMs;
  }
}
