import type { FourPoints, Point } from '../geometry/index.js';

/** Lines higher than long by so much are read from top to bottom. */
const UPRIGHT_MIN = 1.5;

/**
 * A rectangle's corners from the upper left one on, clockwise as the picture shows it; those of an upright line from the corner where
 * reading downwards begins.
 */
export function inReadingOrder(quad: FourPoints): FourPoints {
  const byX = [...quad].sort(([ax], [bx]) => ax - bx);
  const [topLeft, bottomLeft] = byX.slice(0, 2).sort(([, ay], [, by]) => ay - by) as [Point, Point];
  const [topRight, bottomRight] = byX.slice(2).sort(([, ay], [, by]) => ay - by) as [Point, Point];
  const isUpright = distance(topLeft, bottomLeft) >= UPRIGHT_MIN * distance(topLeft, topRight);
  return isUpright
    ? [topRight, bottomRight, bottomLeft, topLeft]
    : [topLeft, topRight, bottomRight, bottomLeft];
}

/** Length of the way between two places. */
export function distance([ax, ay]: Point, [bx, by]: Point): number {
  return Math.hypot(bx - ax, by - ay);
}
