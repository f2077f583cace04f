import type { BoxChoice } from './box-choice.js';
import { percentile } from './percentile.js';

const ERRORS_KEPT = 500;

/** How well boxes and pictures went together; of the last 500 pictures that had boxes. */
export class SyncReport {
  /** Pictures that appeared. */
  shown = 0;
  /** Pictures whose boxes were known, even if there were none to draw. */
  known = 0;
  readonly #errorsMs: number[] = [];

  /** Notes one picture with what was laid over it. */
  note(choice: BoxChoice | undefined): void {
    this.shown++;
    if (choice === undefined) return;
    this.known++;
    if (choice.objects.length === 0) return;
    this.#errorsMs.push(choice.errorMs);
    if (this.#errorsMs.length > ERRORS_KEPT) this.#errorsMs.shift();
  }

  /** Distances in time between drawn boxes and their picture, ms, latest last. */
  get errorsMs(): readonly number[] {
    return this.#errorsMs;
  }

  /** 95 % of the errors are not above this; undefined before the first. */
  get p95Ms(): number | undefined {
    return percentile(this.#errorsMs, 0.95);
  }
}
