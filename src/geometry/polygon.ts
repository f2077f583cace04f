import { boxArea, type Box } from './box.js';
import { decodeRuns, type MaskRle } from './mask-rle.js';

/** A place `[x, y]`, x to the right and y down; the coordinate space is its holder's. */
export type Point = readonly [x: number, y: number];

/** Corners in order around, not closed: the last is joined to the first. */
export type Polygon = readonly Point[];

/** Where an object stands: the middle of its box's lower side. */
export function footPoint([x1, , x2, y2]: Box): Point {
  return [(x1 + x2) / 2, y2];
}

/** The middle of a box. */
export function boxCentre([x1, y1, x2, y2]: Box): Point {
  return [(x1 + x2) / 2, (y1 + y2) / 2];
}

/** Whether a place is within a polygon (even-odd). Of two polygons that share an edge, a place on it is in one alone. */
export function isInPolygon([x, y]: Point, polygon: Polygon): boolean {
  let isInside = false;
  for (let i = 0, before = polygon.length - 1; i < polygon.length; before = i++) {
    const [ax, ay] = polygon[i]!;
    const [bx, by] = polygon[before]!;
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) isInside = !isInside;
  }
  return isInside;
}

/** Area enclosed by a polygon that does not cross itself. */
export function polygonArea(polygon: Polygon): number {
  let doubled = 0;
  for (let i = 0, before = polygon.length - 1; i < polygon.length; before = i++)
    doubled += polygon[before]![0] * polygon[i]![1] - polygon[i]![0] * polygon[before]![1];
  return Math.abs(doubled) / 2;
}

/** Share of a box's area that is within a polygon that does not cross itself, 0..1; 0 for an empty box. */
export function boxShareIn(box: Box, polygon: Polygon): number {
  const area = boxArea(box);
  if (area <= 0) return 0;
  let part: Polygon = polygon;
  // The four sides of the box, one after the other: what is beyond is cut off (Sutherland-Hodgman).
  for (const [axis, limit, sign] of [
    [0, box[0], 1],
    [0, box[2], -1],
    [1, box[1], 1],
    [1, box[3], -1],
  ] as const)
    part = cut(part, axis, limit, sign);
  return Math.min(1, polygonArea(part) / area);
}

/** What of a polygon is where `sign * (place[axis] - limit) >= 0`. */
function cut(polygon: Polygon, axis: 0 | 1, limit: number, sign: 1 | -1): Polygon {
  const depth = (point: Point) => sign * (point[axis] - limit);
  const kept: Point[] = [];
  for (let i = 0, before = polygon.length - 1; i < polygon.length; before = i++) {
    const [from, to] = [polygon[before]!, polygon[i]!];
    const [fromDepth, toDepth] = [depth(from), depth(to)];
    if (fromDepth >= 0 !== toDepth >= 0) {
      const share = fromDepth / (fromDepth - toDepth);
      kept.push([from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share]);
    }
    if (toDepth >= 0) kept.push(to);
  }
  return kept;
}

/** Share of a mask's pixels whose centres are within a polygon in pixels of the mask, 0..1; 0 for an empty mask. */
export function maskShareIn(mask: MaskRle, polygon: Polygon): number {
  const [height] = mask.size;
  let all = 0;
  let within = 0;
  let at = 0;
  let spans: readonly (readonly [from: number, to: number])[] = [];
  let column = -1;
  for (const [index, length] of decodeRuns(mask.counts).entries()) {
    const end = at + length;
    for (; index % 2 === 1 && at < end;) {
      const x = Math.floor(at / height);
      const [from, to] = [at - x * height, Math.min(end - x * height, height)];
      if (x !== column) spans = rowsWithin(polygon, x + 0.5);
      column = x;
      all += to - from;
      for (const [first, last] of spans) within += rowsBetween(Math.max(first, from), Math.min(last, to));
      at += to - from;
    }
    at = end;
  }
  return all === 0 ? 0 : within / all;
}

/** Rows with their centre (at a half) between two heights. */
function rowsBetween(from: number, to: number): number {
  return Math.max(0, Math.ceil(to - 0.5) - Math.ceil(from - 0.5));
}

/** The stretches of a vertical line that are within a polygon. */
function rowsWithin(polygon: Polygon, x: number): (readonly [from: number, to: number])[] {
  const heights: number[] = [];
  for (let i = 0, before = polygon.length - 1; i < polygon.length; before = i++) {
    const [ax, ay] = polygon[i]!;
    const [bx, by] = polygon[before]!;
    if (ax > x !== bx > x) heights.push(((by - ay) * (x - ax)) / (bx - ax) + ay);
  }
  heights.sort((a, b) => a - b);
  return heights.flatMap((from, i) => (i % 2 === 0 ? [[from, heights[i + 1]!] as const] : []));
}

/**
 * On which side of the line from `a` to `b` a place is: 1 at the right hand of who goes from `a` to `b` (as the picture shows it, y
 * down), else -1. A place on the line counts as at the right.
 */
function sideOf([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): 1 | -1 {
  return (bx - ax) * (y - ay) - (by - ay) * (x - ax) >= 0 ? 1 : -1;
}

/**
 * How the way from `from` to `to` crosses the stretch between `a` and `b`: 1 from the left hand of who goes from `a` to `b` to the right
 * (as the picture shows it), -1 the other way, 0 not at all. Ways joined end to end cross as often as their whole does.
 */
export function crossingOf(from: Point, to: Point, a: Point, b: Point): 1 | -1 | 0 {
  const side = sideOf(to, a, b);
  if (sideOf(from, a, b) === side) return 0;
  // The way meets the line; it must do so between its ends.
  return sideOf(a, from, to) === sideOf(b, from, to) ? 0 : side;
}
