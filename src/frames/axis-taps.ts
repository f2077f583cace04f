/** Beyond this many source samples to one of the target, they are averaged; below it, the two nearest are blended. */
const BLENDED_MAX = 2;

/** Which samples of a line make up each one of another, and with what weight. Its memory is used again and grows when it must. */
export class AxisTaps {
  /** How many samples make up one. */
  perSample = 0;
  /** For each sample of the target, `perSample` places in the line: 0 stands for all before it, `length + 1` for all after it. */
  places = new Int32Array(0);
  /** The weight of each place; those of one sample add up to 1. */
  weights = new Float32Array(0);

  /**
   * Works out a line of `count` samples over [`from`, `to`) of a line of `length`, both in its samples; a sample covers
   * [i, i + 1).
   */
  plan(from: number, to: number, length: number, count: number): void {
    const step = (to - from) / count;
    const isAveraged = step > BLENDED_MAX;
    this.perSample = isAveraged ? Math.ceil(step) + 1 : 2;
    const needed = count * this.perSample;
    if (this.places.length < needed) {
      this.places = new Int32Array(needed);
      this.weights = new Float32Array(needed);
    }
    const { perSample, places, weights } = this;
    for (let i = 0, at = 0; i < count; i++) {
      const begin = isAveraged ? from + i * step : from + (i + 0.5) * step - 0.5;
      const first = Math.floor(begin);
      for (let tap = 0; tap < perSample; tap++, at++) {
        const sample = first + tap;
        places[at] = Math.min(Math.max(sample, -1), length) + 1;
        weights[at] = isAveraged
          ? Math.max(0, Math.min(sample + 1, begin + step) - Math.max(sample, begin)) / step
          : 1 - Math.abs(begin - sample);
      }
    }
  }
}
