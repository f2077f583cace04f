type Corner = readonly [x: number, y: number];

/** Smaller areas, in squares of the unit, are those of a line. */
const AREA_MIN = 1e-9;

/** Whether two sides of a polygon that are not neighbours cross: such a polygon has no clear inside. */
export function crossesItself(polygon: readonly Corner[]): boolean {
  const sides = polygon.map((from, i) => [from, polygon[(i + 1) % polygon.length]!] as const);
  return sides.some(([a, b], i) =>
    sides.some(([c, d], j) => {
      const areNeighbours = j <= i + 1 || (i === 0 && j === sides.length - 1);
      return !areNeighbours && isLeft(a, c, d) !== isLeft(b, c, d) && isLeft(c, a, b) !== isLeft(d, a, b);
    }),
  );
}

/** Whether three of four places are on one line. */
export function threeInLine(places: readonly Corner[]): boolean {
  return places.some((_, left) => {
    const [a, b, c] = places.filter((__, i) => i !== left) as [Corner, Corner, Corner];
    return Math.abs(turn(a, b, c)) < AREA_MIN;
  });
}

function isLeft(place: Corner, a: Corner, b: Corner): boolean {
  return turn(a, b, place) > 0;
}

/** Twice the area of the triangle, above zero for a turn to one side. */
function turn([ax, ay]: Corner, [bx, by]: Corner, [cx, cy]: Corner): number {
  return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
}
