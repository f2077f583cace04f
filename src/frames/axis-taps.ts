/** Beyond this many source samples to one of the target, they are averaged; below it, the two nearest are blended. */
const BLENDED_MAX = 2;

/**
 * Which samples of a line make up each one of another, and with what weight: `perSample` neighbours from `first` on. Its memory is used
 * again and grows when it must.
 */
export class AxisTaps {
  /** How many samples make up one. */
  perSample = 2;
  /** The place of the first one for each sample of the target; like those after it, it may lie before or after the line. */
  first = new Int32Array(0);
  /** `perSample` weights for each sample of the target; they add up to 1. */
  weights = new Float64Array(0);
  /** Samples of the target from this one on, up to `insideTo`, have all of theirs within the line. */
  insideFrom = 0;
  insideTo = 0;

  /**
   * Works out a line of `count` samples over [`from`, `to`) of a line of `length`, both in its samples; a sample covers
   * [i, i + 1).
   */
  plan(from: number, to: number, length: number, count: number): void {
    const step = (to - from) / count;
    const isAveraged = step > BLENDED_MAX;
    const perSample = isAveraged ? Math.ceil(step) + 1 : 2;
    if (this.first.length < count) this.first = new Int32Array(count);
    if (this.weights.length < count * perSample) this.weights = new Float64Array(count * perSample);
    const { first, weights } = this;
    let [insideFrom, insideTo] = [count, 0];
    for (let i = 0, at = 0; i < count; i++) {
      const begin = isAveraged ? from + i * step : from + (i + 0.5) * step - 0.5;
      const place = Math.floor(begin);
      first[i] = place;
      if (place >= 0 && place + perSample <= length) {
        insideFrom = Math.min(insideFrom, i);
        insideTo = i + 1;
      }
      for (let sample = place; sample < place + perSample; sample++, at++)
        weights[at] = isAveraged
          ? Math.max(0, Math.min(sample + 1, begin + step) - Math.max(sample, begin)) / step
          : 1 - Math.abs(begin - sample);
    }
    this.perSample = perSample;
    this.insideFrom = Math.min(insideFrom, insideTo);
    this.insideTo = insideTo;
  }
}
