import type { Observation } from '../engine/index.js';
import type { ModelSpeed } from '../server/index.js';

/** So many of the newest pictures are behind the quantiles. */
const WINDOW = 256;
/** Versions come from the configuration; of more than so many the oldest are forgotten. */
const MODELS_MAX = 32;

interface Times {
  pictures: number;
  /** A ring, ms. */
  readonly newest: Float64Array;
}

/** How long the newest runs of each model took, by version and provider. */
export class InferenceTimes {
  readonly #times = new Map<string, Times>();

  /** Notes a picture; one that the detector did not look at is left out. */
  note({ model, provider, isDetected, timing }: Observation): void {
    if (!isDetected) return;
    const key = `${model} ${provider}`;
    let times = this.#times.get(key);
    if (times === undefined) {
      times = { pictures: 0, newest: new Float64Array(WINDOW) };
      this.#times.set(key, times);
      const [oldest] = this.#times.keys();
      if (this.#times.size > MODELS_MAX) this.#times.delete(oldest!);
    }
    times.newest[times.pictures++ % WINDOW] = Math.max(0, timing.inferenceMs);
  }

  /** Undefined until the model has looked at a picture there. */
  of(model: string, provider: string): ModelSpeed | undefined {
    const times = this.#times.get(`${model} ${provider}`);
    if (times === undefined) return undefined;
    const window = Math.min(times.pictures, WINDOW);
    const sorted = times.newest.slice(0, window).sort();
    // Nearest rank: a time that was measured, never one between two.
    const quantile = (share: number) =>
      Math.round(sorted[Math.max(0, Math.ceil(share * window) - 1)]! * 100) / 100;
    return { pictures: times.pictures, window, p50Ms: quantile(0.5), p95Ms: quantile(0.95) };
  }
}
