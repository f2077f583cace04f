import { describe, expect, it } from '@jest/globals';
import { polygonArea, type FourPoints } from '../../src/geometry/index.js';
import { convexHull, findText, minAreaRect, quadSize } from '../../src/reading/index.js';

const size = { widthPx: 160, heightPx: 96 };

/** A map with a bar of a probability, turned about its middle. */
function bar(length: number, height: number, degrees: number, probability = 0.9): Float32Array {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return Float32Array.from({ length: size.widthPx * size.heightPx }, (_, at) => {
    const [x, y] = [(at % size.widthPx) + 0.5 - 80, Math.floor(at / size.widthPx) + 0.5 - 48];
    const [along, across] = [x * cos + y * sin, y * cos - x * sin];
    return Math.abs(along) <= length / 2 && Math.abs(across) <= height / 2 ? probability : 0.01;
  });
}

describe('the smallest rectangle around places', () => {
  it('lies along a turned square', () => {
    const rect = minAreaRect([
      [10, 0],
      [20, 10],
      [10, 20],
      [0, 10],
      [10, 10],
    ]);
    expect(polygonArea(rect!)).toBeCloseTo(200, 6);
  });

  it('is none for places on one line, or none at all', () => {
    expect(minAreaRect([])).toBeUndefined();
    expect(minAreaRect([[0, 0], [1, 1], [2, 2]])).toBeUndefined(); // prettier-ignore
    expect(convexHull([[0, 0], [1, 1], [2, 2]])).toHaveLength(2); // prettier-ignore
  });
});

describe('lines of a probability map', () => {
  it.each([0, 20, -35])('are found and widened where they are turned by %d degrees', (degrees) => {
    const found = findText(bar(80, 12, degrees), size);
    expect(found).toHaveLength(1);
    const [{ corners, score }] = found as [{ corners: FourPoints; score: number }];
    // The shrunken line's area / circumference is 80 * 12 / 184 = 5.2; 1.6 times that is added on each side.
    const { along, across } = quadSize(corners);
    expect(along).toBeGreaterThan(92);
    expect(along).toBeLessThan(101);
    expect(across).toBeGreaterThan(25);
    expect(across).toBeLessThan(31);
    expect(score).toBeGreaterThan(0.8);
    const [[ax, ay], [bx, by]] = corners;
    expect((Math.atan2(by - ay, bx - ax) * 180) / Math.PI).toBeCloseTo(degrees, -0.5);
  });

  it('that are upright begin where reading downwards begins', () => {
    const [line] = findText(bar(60, 10, 90), size);
    const [a, b] = line!.corners;
    expect(b[1] - a[1]).toBeGreaterThan(50);
    expect(Math.abs(b[0] - a[0])).toBeLessThan(3);
  });

  it('are none where text is unlikely, too small, or not a number', () => {
    expect(findText(bar(80, 12, 0, 0.35), size)).toEqual([]);
    expect(findText(bar(2, 2, 0), size)).toEqual([]);
    expect(findText(new Float32Array(160 * 96).fill(NaN), size)).toEqual([]);
    expect(findText(new Float32Array(160 * 96), size)).toEqual([]);
  });

  it('may fill the whole map', () => {
    expect(findText(new Float32Array(160 * 96).fill(1), size)).toHaveLength(1);
  });
});
