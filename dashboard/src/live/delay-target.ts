import { percentile } from './percentile.js';

const TARGET_MIN_MS = 300;
const TARGET_MAX_MS = 1000;
/** What most boxes come within; replaced by measurements after the first few. */
const TARGET_AT_FIRST_MS = 400;
const SAMPLES_MAX = 60;
const SAMPLES_MIN = 5;
/** For the browser's own pipeline and one more picture. */
const MARGIN_MS = 60;
/** A longer way between analysed frames is not waited for: nothing moves, or the server is far behind. */
const INTERVAL_MAX_MS = 500;

/**
 * How far behind the live edge to play, so that the boxes of a picture (and those of the analysed frame after
 * it, to interpolate) are there before it is shown, and that the camera's jitter does not stop the video.
 */
export class DelayTarget {
  readonly #boxDelaysMs: number[] = [];
  readonly #fragmentGapsMs: number[] = [];
  #targetMs = TARGET_AT_FIRST_MS;

  /** Where to play, ms behind the live edge: 95 % of what was measured lately, within 300..1000. */
  get targetMs(): number {
    return this.#targetMs;
  }

  /**
   * Boxes came.
   *
   * @param options.edgeMs presentation time of the newest picture at hand
   * @param options.previousPtsMs of the analysed frame before; undefined for the first
   */
  boxesCame(options: { edgeMs: number; ptsMs: number; previousPtsMs: number | undefined }): void {
    const { edgeMs, ptsMs, previousPtsMs } = options;
    const intervalMs = previousPtsMs === undefined ? 0 : ptsMs - previousPtsMs;
    const waitedForMs = intervalMs > 0 && intervalMs <= INTERVAL_MAX_MS ? intervalMs : 0;
    // Boxes may overtake their picture, which comes over another socket.
    this.#note(this.#boxDelaysMs, Math.max(0, edgeMs - ptsMs) + waitedForMs);
  }

  /** A fragment came, so long after the one before. */
  fragmentCame(gapMs: number): void {
    this.#note(this.#fragmentGapsMs, gapMs);
  }

  #note(samples: number[], sampleMs: number): void {
    samples.push(sampleMs);
    if (samples.length > SAMPLES_MAX) samples.shift();
    const boxesMs = this.#boxDelaysMs.length < SAMPLES_MIN ? TARGET_AT_FIRST_MS : p95(this.#boxDelaysMs);
    const neededMs = Math.max(boxesMs, p95(this.#fragmentGapsMs)) + MARGIN_MS;
    this.#targetMs = Math.min(TARGET_MAX_MS, Math.max(TARGET_MIN_MS, neededMs));
  }
}

function p95(samples: readonly number[]): number {
  return percentile(samples, 0.95) ?? 0;
}
