import type { Clock } from '../base/index.js';

/** Allows `count` events within any `windowMs` that began with an event: a fixed window, exact enough against floods. */
export class RateLimit {
  readonly #count: number;
  readonly #windowMs: number;
  readonly #clock: Clock;
  #startedMs = -Infinity;
  #used = 0;

  constructor(options: { count: number; windowMs: number; clock: Clock }) {
    this.#count = options.count;
    this.#windowMs = options.windowMs;
    this.#clock = options.clock;
  }

  /** Counts one event; false when it is one too many. */
  allow(): boolean {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#startedMs >= this.#windowMs) {
      this.#startedMs = nowMs;
      this.#used = 0;
    }
    return ++this.#used <= this.#count;
  }
}
