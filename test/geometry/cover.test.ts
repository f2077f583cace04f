import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { coverWithRows, isInPolygon, type Polygon } from '../../src/geometry/index.js';

const isCovered = ([x, y]: readonly [number, number], cover: ReturnType<typeof coverWithRows>) =>
  cover.some(([left, top, right, bottom]) => x >= left && x <= right && y >= top && y <= bottom);

describe('coverWithRows', () => {
  it('makes one rectangle of a part that stands straight', () => {
    const upright: Polygon = [[0.25, 0.1], [0.5, 0.1], [0.5, 0.9], [0.25, 0.9]]; // prettier-ignore
    expect(coverWithRows(upright, 10)).toEqual([[0.25, 0.1, 0.5, 0.9]]);
  });

  it('leaves the hollow of a U free', () => {
    const u: Polygon = [[0, 0], [0.2, 0], [0.2, 0.8], [0.8, 0.8], [0.8, 0], [1, 0], [1, 1], [0, 1]]; // prettier-ignore
    const cover = coverWithRows(u, 100);
    expect(isCovered([0.5, 0.5], cover)).toBe(false);
    expect(isCovered([0.1, 0.5], cover) && isCovered([0.9, 0.5], cover) && isCovered([0.5, 0.9], cover)).toBe(
      true,
    );
  });

  it('covers every place of a polygon, and little beyond it', () => {
    const share = fc.integer({ min: 0, max: 1000 }).map((n) => n / 1000);
    // Corners by their angle around the middle: such a polygon does not cross itself, and may be hollow.
    const star = fc
      .array(fc.tuple(share, fc.double({ min: 0.1, max: 0.5, noNaN: true })), { minLength: 3, maxLength: 12 })
      .map((spikes) => [...spikes].sort((a, b) => a[0] - b[0]))
      .map((spikes): Polygon =>
        spikes.map(([turn, r]) => [
          0.5 + r * Math.cos(2 * Math.PI * turn),
          0.5 + r * Math.sin(2 * Math.PI * turn),
        ]),
      );
    fc.assert(
      fc.property(
        star,
        fc.array(fc.tuple(share, share), { minLength: 50, maxLength: 50 }),
        (polygon, places) => {
          const cover = coverWithRows(polygon, 40);
          for (const place of places)
            if (isInPolygon(place, polygon)) expect(isCovered(place, cover)).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
    const diamond: Polygon = [[0.5, 0.1], [0.9, 0.5], [0.5, 0.9], [0.1, 0.5]]; // prettier-ignore
    const area = coverWithRows(diamond, 120).reduce((sum, [l, t, r, b]) => sum + (r - l) * (b - t), 0);
    expect(area / 0.32).toBeGreaterThan(1);
    expect(area / 0.32).toBeLessThan(1.05);
  });
});
