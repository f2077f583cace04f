/** The least and greatest value that a tensor is taken to have. */
export interface ValueRange {
  readonly min: number;
  readonly max: number;
}

/** How a range is chosen from what was seen. */
export type CalibrationMethod = 'minmax' | 'entropy' | 'percentile';

const BINS = 4096;
const PERCENTILE = 99.99;
/** Steps of int8 on one side, as in Migacz, "8-bit Inference with TensorRT", GTC 2017, slide 38. */
const LEVELS = 128;

/**
 * How often values of each size were seen. The bins are symmetric around 0 and become coarser by two whenever a value lies
 * outside, so that one pass over the footage is enough.
 */
export class Histogram {
  #min = Infinity;
  #max = -Infinity;
  #reach = 2 ** -10;
  readonly #bins = new Float64Array(BINS);

  add(values: Float32Array): void {
    let min = this.#min;
    let max = this.#max;
    for (const value of values) {
      if (value < min) min = value;
      if (value > max) max = value;
    }
    if (!Number.isFinite(min) || !Number.isFinite(max)) return;
    this.#min = min;
    this.#max = max;
    while (Math.max(-min, max) >= this.#reach) this.#widen();
    const bins = this.#bins;
    const scale = BINS / (2 * this.#reach);
    for (const value of values) bins[Math.floor(value * scale) + BINS / 2]!++;
  }

  /** The range by a method; undefined when no finite value was seen. */
  range(method: CalibrationMethod): ValueRange | undefined {
    if (!Number.isFinite(this.#min)) return undefined;
    const seen = { min: this.#min, max: this.#max };
    switch (method) {
      case 'minmax':
        return seen;
      case 'percentile':
        return within(seen, this.#percentile());
      case 'entropy':
        return within(seen, this.#leastDivergence());
    }
  }

  #widen(): void {
    const bins = this.#bins;
    const merged = new Float64Array(BINS);
    for (let i = 0; i < BINS; i++) merged[BINS / 4 + (i >> 1)]! += bins[i]!;
    bins.set(merged);
    this.#reach *= 2;
  }

  #percentile(): ValueRange {
    const total = this.#bins.reduce((sum, count) => sum + count, 0);
    const outside = (total * (100 - PERCENTILE)) / 200;
    let low = 0;
    for (let sum = 0; low < BINS && sum + this.#bins[low]! <= outside; low++) sum += this.#bins[low]!;
    let high = BINS - 1;
    for (let sum = 0; high > low && sum + this.#bins[high]! <= outside; high--) sum += this.#bins[high]!;
    const edge = (bin: number) => ((bin - BINS / 2) * 2 * this.#reach) / BINS;
    return { min: edge(low), max: edge(high + 1) };
  }

  /** The cut-off of absolute values with the least Kullback-Leibler divergence between what is kept and its int8 form. */
  #leastDivergence(): ValueRange {
    const sizes = new Float64Array(BINS / 2);
    for (let i = 0; i < BINS / 2; i++) sizes[i] = this.#bins[BINS / 2 + i]! + this.#bins[BINS / 2 - 1 - i]!;
    // Zeros, as cut-offs at 0 make them, are exact at any scale: their peak would say nothing of the rest.
    sizes[0] = 0;
    let used = sizes.length;
    while (used > LEVELS && sizes[used - 1] === 0) used--;
    let best = used;
    let bestDivergence = Infinity;
    for (let kept = LEVELS; kept <= used; kept += 8) {
      const divergence = divergenceAt(sizes, kept);
      if (divergence >= bestDivergence) continue;
      best = kept;
      bestDivergence = divergence;
    }
    const size = (best * 2 * this.#reach) / BINS;
    return { min: -size, max: size };
  }
}

function within(seen: ValueRange, cut: ValueRange): ValueRange {
  return { min: Math.max(seen.min, cut.min), max: Math.min(seen.max, cut.max) };
}

/** KL divergence of the first `kept` bins, the rest added to the last of them, from the same in {@link LEVELS} steps. */
function divergenceAt(sizes: Float64Array, kept: number): number {
  let total = 0;
  for (const count of sizes) total += count;
  let beyond = 0;
  for (let i = kept; i < sizes.length; i++) beyond += sizes[i]!;
  let divergence = 0;
  let coarseTotal = 0;
  for (let i = 0; i < kept; i++) coarseTotal += sizes[i]!;
  if (coarseTotal === 0) return Infinity;
  for (let level = 0; level < LEVELS; level++) {
    const from = Math.floor((level * kept) / LEVELS);
    const to = Math.floor(((level + 1) * kept) / LEVELS);
    let sum = 0;
    let filled = 0;
    for (let i = from; i < to; i++) {
      sum += sizes[i]!;
      if (sizes[i]! > 0) filled++;
    }
    for (let i = from; i < to; i++) {
      const exact = (sizes[i]! + (i === kept - 1 ? beyond : 0)) / total;
      if (exact === 0) continue;
      // A bin that only what was cut off fills has no counterpart; a tiny one keeps the divergence finite.
      const coarse = sizes[i]! > 0 ? sum / filled / coarseTotal : 1e-12;
      divergence += exact * Math.log(exact / coarse);
    }
  }
  return divergence;
}
