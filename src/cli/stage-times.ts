import type { FrameTiming } from '../engine/index.js';

/** Names under which the stages appear in summaries. */
const STAGES = {
  decode: 'decodeMs',
  queue: 'queueMs',
  preprocess: 'preprocessMs',
  detect: 'inferenceMs',
  postprocess: 'postprocessMs',
  follow: 'followMs',
  mask: 'maskMs',
  track: 'trackMs',
} as const satisfies Record<string, keyof FrameTiming>;

/** A stage, as summaries name it. */
export type StageName = keyof typeof STAGES;

/** The value that the share `quantile` (0..1) of `sorted` does not exceed; 0 for none. */
export function percentile(sorted: readonly number[], quantile: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * quantile) - 1)] ?? 0;
}

/** Collects where the time of frames went. */
export class StageTimes {
  readonly #timings: FrameTiming[] = [];

  add(timing: FrameTiming): void {
    this.#timings.push(timing);
  }

  /** Median and 95th percentile of each stage, ms. */
  percentiles(): Record<StageName, { p50Ms: number; p95Ms: number }> {
    const of = (field: keyof FrameTiming) => {
      // A stage that a picture did not go through took no time in it.
      const sorted = this.#timings
        .map((timing) => timing[field])
        .filter((ms) => ms > 0)
        .sort((a, b) => a - b);
      const at = (quantile: number) => Number(percentile(sorted, quantile).toFixed(2));
      return { p50Ms: at(0.5), p95Ms: at(0.95) };
    };
    return {
      decode: of(STAGES.decode),
      queue: of(STAGES.queue),
      preprocess: of(STAGES.preprocess),
      detect: of(STAGES.detect),
      postprocess: of(STAGES.postprocess),
      follow: of(STAGES.follow),
      mask: of(STAGES.mask),
      track: of(STAGES.track),
    };
  }
}
