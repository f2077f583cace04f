import type { Polygon } from './polygon.js';

/** A rectangle `[left, top, right, bottom]`, in the polygon's coordinates. */
type Rectangle = readonly [left: number, top: number, right: number, bottom: number];

/**
 * Rectangles that together cover a polygon that does not cross itself, whole: rows of equal height, each as wide as the polygon is anywhere
 * within it. What they cover beyond it is less than a row's height above and below, and less than what its sides lean within a row.
 *
 * @param rowsPerUnit number of rows in a height of 1
 */
export function coverWithRows(polygon: Polygon, rowsPerUnit: number): Rectangle[] {
  const heights = polygon.map(([, y]) => y);
  const first = Math.floor(Math.min(...heights) * rowsPerUnit);
  const last = Math.ceil(Math.max(...heights) * rowsPerUnit);
  const rectangles: Rectangle[] = [];
  let above: { readonly at: number; readonly from: number; readonly to: number }[] = [];
  for (let row = first; row < last; row++) {
    const [top, bottom] = [row / rowsPerUnit, (row + 1) / rowsPerUnit];
    const spans = spansWithin(polygon, top, bottom);
    const current: typeof above = [];
    for (const [from, to] of spans) {
      // A part that goes on as it was makes its rectangle taller: one that stands straight is one.
      const grown = above.find((span) => span.from === from && span.to === to);
      if (grown === undefined) current.push({ at: rectangles.push([from, top, to, bottom]) - 1, from, to });
      else {
        rectangles[grown.at] = [from, rectangles[grown.at]![1], to, bottom];
        current.push(grown);
      }
    }
    above = current;
  }
  return rectangles;
}

/** The stretches that a polygon takes of the rows between two heights, anywhere within. */
function spansWithin(polygon: Polygon, top: number, bottom: number): (readonly [from: number, to: number])[] {
  const corners = polygon.map(([, y]) => y).filter((y) => y > top && y < bottom);
  const heights = [top, ...corners.sort((a, b) => a - b), bottom];
  const spans: [number, number][] = [];
  for (let i = 1; i < heights.length; i++) {
    const [upper, lower] = [heights[i - 1]!, heights[i]!];
    if (lower <= upper) continue;
    // No corner lies between these: pairs of sides, in order, bound the inside.
    const sides = sidesBetween(polygon, upper, lower);
    for (let side = 0; side + 1 < sides.length; side += 2)
      spans.push([
        Math.min(sides[side]![0], sides[side]![1]),
        Math.max(sides[side + 1]![0], sides[side + 1]![1]),
      ]);
  }
  return united(spans);
}

/** Where the sides that pass from one height to another cross these, in order of their middle. */
function sidesBetween(polygon: Polygon, upper: number, lower: number): (readonly [number, number])[] {
  const sides: (readonly [number, number])[] = [];
  for (let i = 0, before = polygon.length - 1; i < polygon.length; before = i++) {
    const [[ax, ay], [bx, by]] = [polygon[before]!, polygon[i]!];
    if (Math.min(ay, by) > upper || Math.max(ay, by) < lower || ay === by) continue;
    // Exactly at its ends, so that what stands straight is told as it is.
    const at = (y: number) =>
      ax === bx ? ax : y === ay ? ax : y === by ? bx : ax + ((bx - ax) * (y - ay)) / (by - ay);
    sides.push([at(upper), at(lower)]);
  }
  return sides.sort((a, b) => a[0] + a[1] - b[0] - b[1]);
}

function united(spans: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const result: [number, number][] = [];
  for (const [from, to] of [...spans].sort((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else result.push([from, to]);
  }
  return result;
}
