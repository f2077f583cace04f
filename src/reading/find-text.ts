import { EndType, inflatePathsD, JoinType } from 'clipper2-ts';
import { contours } from 'd3-contour';
import { polygonArea, type FourPoints, type Point, type Size } from '../geometry/index.js';
import { minAreaRect } from './min-area-rect.js';
import { distance, inReadingOrder } from './reading-order.js';

/** A line of text in a picture. */
export interface TextQuad {
  /** In order around from the corner where reading begins, unless it stands on its head: along the text, then across it. */
  readonly corners: FourPoints;
  /** Mean probability of text within, 0..1. */
  readonly score: number;
}

/** How lines are made of a map of probabilities. */
export interface FindTextOptions {
  /** Where text ends. */
  readonly threshold: number;
  /** Least mean probability of a line. */
  readonly scoreMin: number;
  /** The network is trained on shrunken lines: each is widened by its area / circumference times so much. */
  readonly unclipRatio: number;
  /** Lines at most; the largest are kept. */
  readonly countMax: number;
}

/** What PP-OCRv4's detector is used with. */
const FIND_TEXT_DEFAULTS: FindTextOptions = {
  threshold: 0.3,
  scoreMin: 0.5,
  unclipRatio: 1.6,
  countMax: 200,
};

/** Shrunken lines less high than that, px of the map, are noise. */
const SIDE_MIN = 3;

/**
 * Makes lines of text of a differentiable-binarisation map (Liao et al., "Real-time Scene Text Detection with Differentiable
 * Binarization", 2020): contours, the smallest rectangle of each, its mean probability, then the widening of the shrunken line.
 *
 * @param map probabilities 0..1 by rows, `size` in all; NaN is no text
 * @returns in pixels of the map, largest first; corners may lie outside of it
 */
export function findText(
  map: Float32Array,
  size: Size,
  options: FindTextOptions = FIND_TEXT_DEFAULTS,
): TextQuad[] {
  const { widthPx, heightPx } = size;
  const { threshold, scoreMin, unclipRatio, countMax } = options;
  // d3-contour only reads by index; its types ask for an array.
  const values = map as unknown as number[];
  const { coordinates } = contours().size([widthPx, heightPx]).smooth(true).contour(values, threshold);
  const rings = coordinates
    .map(([outer]) => outer as unknown as readonly Point[])
    .map((ring) => ({ ring, area: polygonArea(ring) }))
    .filter(({ area }) => area >= SIDE_MIN * SIDE_MIN)
    .sort((a, b) => b.area - a.area)
    .slice(0, countMax);
  return rings.flatMap(({ ring }) => {
    const shrunken = minAreaRect(ring);
    if (shrunken === undefined || shorterSide(shrunken) < SIDE_MIN) return [];
    const score = meanWithin(map, size, shrunken);
    if (!(score >= scoreMin)) return [];
    const whole = minAreaRect(widened(ring, unclipRatio));
    return whole === undefined ? [] : [{ corners: inReadingOrder(whole), score }];
  });
}

/** Grows a polygon on all sides by its area / circumference times a ratio, with Clipper's offset. */
function widened(ring: readonly Point[], ratio: number): Point[] {
  let around = 0;
  for (let i = 0, before = ring.length - 1; i < ring.length; before = i++)
    around += Math.hypot(ring[i]![0] - ring[before]![0], ring[i]![1] - ring[before]![1]);
  const delta = (polygonArea(ring) * ratio) / around;
  // Clipper widens outer rings, which turn as its y axis says; d3-contour's do not always.
  const path = ring.map(([x, y]) => ({ x, y }));
  const paths = inflatePathsD([path], delta, JoinType.Round, EndType.Polygon);
  return paths.flat().map(({ x, y }): Point => [x, y]);
}

/** Mean of a map within a rectangle, by the centres of its pixels; 0 where it has none. */
function meanWithin(map: Float32Array, { widthPx, heightPx }: Size, quad: FourPoints): number {
  const ys = quad.map(([, y]) => y);
  const top = Math.max(0, Math.floor(Math.min(...ys)));
  const bottom = Math.min(heightPx, Math.ceil(Math.max(...ys)));
  let sum = 0;
  let count = 0;
  for (let row = top; row < bottom; row++) {
    const y = row + 0.5;
    let [left, right] = [Infinity, -Infinity];
    for (let i = 0, before = 3; i < 4; before = i++) {
      const [[ax, ay], [bx, by]] = [quad[before]!, quad[i]!];
      if (ay > y === by > y) continue;
      const x = ax + ((bx - ax) * (y - ay)) / (by - ay);
      left = Math.min(left, x);
      right = Math.max(right, x);
    }
    const last = Math.min(widthPx, Math.ceil(right - 0.5));
    for (let column = Math.max(0, Math.ceil(left - 0.5)); column < last; column++) {
      sum += map[row * widthPx + column]!;
      count++;
    }
  }
  return count === 0 ? 0 : sum / count;
}

function shorterSide([a, b, c]: FourPoints): number {
  return Math.min(distance(a, b), distance(b, c));
}
