import { describe, expect, it } from '@jest/globals';
import { Histogram } from '../../../src/models/index.js';

/** 100 000 values evenly from -1 to 1, and one far away. */
function withOutlier(outlier: number): Histogram {
  const histogram = new Histogram();
  histogram.add(Float32Array.from({ length: 100_000 }, (_, i) => i / 50_000 - 1));
  histogram.add(Float32Array.of(outlier));
  return histogram;
}

describe('Histogram', () => {
  it('gives exactly the least and greatest value by minmax', () => {
    expect(withOutlier(40).range('minmax')).toEqual({ min: -1, max: 40 });
  });

  it('leaves single outliers out by percentile, and next to nothing else', () => {
    const range = withOutlier(40).range('percentile')!;
    expect(range.min).toBeCloseTo(-1, 1);
    expect(range.max).toBeGreaterThan(0.97);
    expect(range.max).toBeLessThan(1.05);
  });

  it('cuts off by entropy where the loss of information is least, not at an outlier', () => {
    const range = withOutlier(40).range('entropy')!;
    expect(range.max).toBeGreaterThan(0.5);
    expect(range.max).toBeLessThan(5);
  });

  it('never tells more than was seen', () => {
    for (const method of ['minmax', 'percentile', 'entropy'] as const) {
      const histogram = new Histogram();
      histogram.add(Float32Array.from({ length: 1000 }, (_, i) => i / 1000));
      const range = histogram.range(method)!;
      expect(range.min).toBeGreaterThanOrEqual(0);
      expect(range.max).toBeLessThanOrEqual(1);
    }
  });

  it('says nothing when no finite value was seen', () => {
    const histogram = new Histogram();
    expect(histogram.range('minmax')).toBeUndefined();
    histogram.add(Float32Array.of(NaN, Infinity));
    expect(histogram.range('percentile')).toBeUndefined();
  });
});
