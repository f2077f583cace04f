import type { FourPoints, Point } from '../geometry/index.js';

/**
 * The corners of a point set's convex hull, counter-clockwise with y up (Andrew's monotone chain, 1979); fewer than three for places on
 * one line.
 */
export function convexHull(points: readonly Point[]): Point[] {
  const sorted = [...points].sort(([ax, ay], [bx, by]) => ax - bx || ay - by);
  const half = (places: readonly Point[]) => {
    const chain: Point[] = [];
    for (const place of places) {
      while (chain.length > 1 && turn(chain.at(-2)!, chain.at(-1)!, place) <= 0) chain.pop();
      chain.push(place);
    }
    chain.pop();
    return chain;
  };
  return [...half(sorted), ...half(sorted.reverse())];
}

/**
 * The smallest rectangle around a set of places: one of its sides lies on a side of the hull (Freeman and Shapira, 1975).
 *
 * @returns corners in order around; undefined for places on one line
 */
export function minAreaRect(points: readonly Point[]): FourPoints | undefined {
  const hull = convexHull(points);
  let best: FourPoints | undefined;
  let leastArea = Infinity;
  for (let i = 0; hull.length > 2 && i < hull.length; i++) {
    const [ax, ay] = hull[i]!;
    const [bx, by] = hull[(i + 1) % hull.length]!;
    const length = Math.hypot(bx - ax, by - ay);
    const [ux, uy] = [(bx - ax) / length, (by - ay) / length];
    let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const [x, y] of hull) {
      const [along, across] = [x * ux + y * uy, y * ux - x * uy];
      left = Math.min(left, along);
      right = Math.max(right, along);
      low = Math.min(low, across);
      high = Math.max(high, across);
    }
    const area = (right - left) * (high - low);
    if (!(area < leastArea)) continue;
    leastArea = area;
    const corner = (along: number, across: number): Point => [
      along * ux - across * uy,
      along * uy + across * ux,
    ];
    best = [corner(left, low), corner(right, low), corner(right, high), corner(left, high)];
  }
  return best;
}

/** Twice the signed area of a triangle; above 0 where it turns left (y up). */
function turn([ax, ay]: Point, [bx, by]: Point, [cx, cy]: Point): number {
  return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
}
