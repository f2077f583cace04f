import { describe, expect, it } from '@jest/globals';
import {
  boxShareIn,
  crossingOf,
  encodeMask,
  homographyOf,
  isInPolygon,
  maskShareIn,
  polygonArea,
  project,
  type Box,
  type FourPoints,
  type Point,
  type Polygon,
} from '../../src/geometry/index.js';

const square: Polygon = [[0, 0], [10, 0], [10, 10], [0, 10]]; // prettier-ignore
/** A U that is open at the top. */
const cup: Polygon = [[0, 0], [3, 0], [3, 7], [7, 7], [7, 0], [10, 0], [10, 10], [0, 10]]; // prettier-ignore

describe('a polygon', () => {
  it.each<[string, Point, Polygon, boolean]>([
    ['a place within', [5, 5], square, true],
    ['a place outside', [11, 5], square, false],
    ['a place in the hollow of a cup', [5, 3], cup, false],
    ['a place in the wall of a cup', [1, 3], cup, true],
    ['a place in the floor of a cup', [5, 8], cup, true],
  ])('has, or has not, %s', (_, place, polygon, isInside) => {
    expect(isInPolygon(place, polygon)).toBe(isInside);
  });

  it('shares no place with its neighbour, and leaves none out between them', () => {
    const neighbour: Polygon = square.map(([x, y]) => [x + 10, y]);
    for (const y of [0, 2.5, 5, 9.9])
      expect([square, neighbour].filter((polygon) => isInPolygon([10, y], polygon))).toHaveLength(1);
  });

  it.each<[string, Box, Polygon, number]>([
    ['a box within', [2, 2, 4, 6], square, 1],
    ['a box outside', [20, 2, 24, 6], square, 0],
    ['a box of which half is within', [8, 2, 12, 6], square, 0.5],
    ['a box around it', [-10, -10, 20, 20], square, 1 / 9],
    ['a box across the hollow of a cup', [0, 0, 10, 7], cup, 0.6],
    ['a box without area', [2, 2, 2, 6], square, 0],
  ])('knows the share of %s', (_, box, polygon, share) => {
    expect(boxShareIn(box, polygon)).toBeCloseTo(share, 9);
  });

  it('knows the share of a mask by its pixels', () => {
    const size = [6, 8] as const;
    const isLit = (x: number, y: number) => (x + 2 * y) % 3 !== 0;
    const pixels = Uint8Array.from({ length: 48 }, (_, i) => Number(isLit(i % 8, Math.floor(i / 8))));
    const triangle: Polygon = [[1, 0.2], [7.4, 2], [2.1, 5.9]]; // prettier-ignore
    let [all, within] = [0, 0];
    for (let y = 0; y < 6; y++)
      for (let x = 0; x < 8; x++) {
        if (!isLit(x, y)) continue;
        all++;
        if (isInPolygon([x + 0.5, y + 0.5], triangle)) within++;
      }
    expect(within).toBeGreaterThan(5);
    expect(maskShareIn(encodeMask(pixels, size), triangle)).toBeCloseTo(within / all, 9);
    expect(maskShareIn(encodeMask(new Uint8Array(48), size), triangle)).toBe(0);
  });

  it('knows its area', () => {
    expect(polygonArea(cup)).toBe(72);
  });
});

describe('a line', () => {
  const [a, b]: [Point, Point] = [[0, 5], [10, 5]]; // prettier-ignore
  it.each<[string, Point, Point, number]>([
    ['down over a line to the right goes to its right hand', [5, 2], [5, 8], 1],
    ['up goes back', [5, 8], [5, 2], -1],
    ['beside its end does not cross', [12, 2], [12, 8], 0],
    ['along it does not cross', [1, 2], [9, 2], 0],
    ['aslant past its end does not cross', [8, 2], [14, 8], 0],
    ['that ends on it has crossed', [5, 2], [5, 5], 1],
    ['that begins on it and goes on has crossed before', [5, 5], [5, 8], 0],
  ])('a way %s', (_, from, to, crossing) => {
    expect(crossingOf(from, to, a, b)).toBe(crossing);
  });

  it('is crossed as often by a way in steps as by its whole', () => {
    let seed = 7;
    const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
    for (let round = 0; round < 300; round++) {
      // Whole numbers, so that places on the line are frequent.
      const from: Point = [Math.floor(random() * 14), Math.floor(random() * 11)];
      const to: Point = [Math.floor(random() * 14), Math.floor(random() * 11)];
      const middle: Point = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
      expect(crossingOf(from, middle, a, b) + crossingOf(middle, to, a, b)).toBe(crossingOf(from, to, a, b));
    }
  });
});

describe('a calibration by four points', () => {
  /** A street seen from above its middle: what is far is narrow. */
  const picture: FourPoints = [[0.4, 0.4], [0.6, 0.4], [1, 1], [0, 1]]; // prettier-ignore
  const metres: FourPoints = [[0, 0], [7, 0], [7, 30], [0, 30]]; // prettier-ignore
  const toGround = homographyOf(picture, metres)!;

  it('takes its own points to their places', () => {
    picture.forEach((point, i) => {
      const [x, y] = project(point, toGround)!;
      expect(Math.hypot(x - metres[i]![0], y - metres[i]![1])).toBeLessThan(1e-9);
    });
  });

  it('keeps lines straight and the middle of the street in its middle', () => {
    for (const y of [0.45, 0.6, 0.9]) expect(project([0.5, y], toGround)![0]).toBeCloseTo(3.5, 9);
    expect(project([0.5, 0.5], toGround)![1]).toBeGreaterThan(project([0.5, 0.45], toGround)![1]);
  });

  it('has nothing to say of the sky', () => {
    expect(project([0.5, 0.1], toGround)).toBeUndefined();
    expect(project([0.5, 0.39], toGround)).toBeDefined();
  });

  it('does not exist for three points in a line', () => {
    expect(homographyOf([[0, 0], [0.5, 0.5], [1, 1], [0, 1]], metres)).toBeUndefined(); // prettier-ignore
    expect(homographyOf(picture, [[0, 0], [1, 0], [2, 0], [0, 5]])).toBeUndefined(); // prettier-ignore
  });
});
