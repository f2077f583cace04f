import type { Point } from './polygon.js';

/** Row by row, the 3 × 3 matrix that takes places of one plane to those of another. */
export type Homography = readonly number[];

/** Four places, in the same order in both planes. */
export type FourPoints = readonly [Point, Point, Point, Point];

/** Smaller pivots are zero but for rounding: coordinates here are a few units large. */
const PIVOT_MIN = 1e-9;

/**
 * The perspective that takes four places to four others; undefined where three of either are on one line, or the horizon runs
 * between them. Its depth is positive where the four places are.
 */
export function homographyOf(from: FourPoints, to: FourPoints): Homography | undefined {
  if (hasThreeInLine(from) || hasThreeInLine(to)) return undefined;
  const rows = from.flatMap(([x, y], i) => {
    const [u, v] = to[i]!;
    return [
      [x, y, 1, 0, 0, 0, -u * x, -u * y, u],
      [0, 0, 0, x, y, 1, -v * x, -v * y, v],
    ];
  });
  const solved = solve(rows);
  if (solved === undefined) return undefined;
  const found = [...solved, 1];
  const depths = from.map((point) => depthAt(point, found));
  if (depths.every((depth) => depth > PIVOT_MIN)) return found;
  return depths.every((depth) => depth < -PIVOT_MIN) ? found.map((value) => -value) : undefined;
}

/** Where a place of the first plane is in the second; undefined at or beyond the horizon. */
export function project([x, y]: Point, h: Homography): Point | undefined {
  const depth = depthAt([x, y], h);
  if (depth <= PIVOT_MIN) return undefined;
  return [(h[0]! * x + h[1]! * y + h[2]!) / depth, (h[3]! * x + h[4]! * y + h[5]!) / depth];
}

function depthAt([x, y]: Point, h: Homography): number {
  return h[6]! * x + h[7]! * y + h[8]!;
}

function hasThreeInLine(points: FourPoints): boolean {
  return points.some((_, left) => {
    const [[ax, ay], [bx, by], [cx, cy]] = points.filter((__, i) => i !== left) as [Point, Point, Point];
    return Math.abs((bx - ax) * (cy - ay) - (by - ay) * (cx - ax)) < PIVOT_MIN;
  });
}

/** Solves eight equations, each a row of eight factors and the sum (Gauss, with the largest pivot); undefined where they depend. */
function solve(rows: number[][]): number[] | undefined {
  const count = rows.length;
  for (let column = 0; column < count; column++) {
    let best = column;
    for (let row = column + 1; row < count; row++)
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[best]![column]!)) best = row;
    [rows[column], rows[best]] = [rows[best]!, rows[column]!];
    const pivot = rows[column]!;
    if (Math.abs(pivot[column]!) < PIVOT_MIN) return undefined;
    for (const row of rows) {
      if (row === pivot) continue;
      const factor = row[column]! / pivot[column]!;
      for (let at = column; at <= count; at++) row[at]! -= factor * pivot[at]!;
    }
  }
  return rows.map((row, i) => row[count]! / row[i]!);
}
