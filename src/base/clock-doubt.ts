import type { Clock } from './clock.js';
import type { Log } from './log.js';

/** A wall clock that stepped by more than this is not believed where it would delete something … */
const STEP_MS = 10 * 60_000;
/** … until it has stood for so long. */
const DOUBT_MS = 3600_000;

/** Whether the wall clock may be asked how old something is: a machine whose clock jumped ahead by years must not delete everything at once. */
export class ClockDoubt {
  readonly #clock: Clock;
  readonly #log: Log;
  #offsetMs: number;
  #untilMs = -Infinity;

  constructor(options: { clock: Clock; log: Log }) {
    this.#clock = options.clock;
    this.#log = options.log;
    this.#offsetMs = options.clock.wallMs() - options.clock.monotonicMs();
  }

  /** True for an hour after a step that is seen when this is asked. */
  isDoubtful(): boolean {
    const nowMs = this.#clock.monotonicMs();
    const offsetMs = this.#clock.wallMs() - nowMs;
    const stepMs = offsetMs - this.#offsetMs;
    this.#offsetMs = offsetMs;
    if (Math.abs(stepMs) > STEP_MS) {
      this.#untilMs = nowMs + DOUBT_MS;
      this.#log.warn(
        { stepMs: Math.round(stepMs) },
        'the wall clock stepped: nothing is deleted by age for an hour',
      );
    }
    return nowMs < this.#untilMs;
  }
}
