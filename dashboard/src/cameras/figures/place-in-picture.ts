import type { Place } from '../../live/picture-fit.js';
import type { Figure, Point } from './figure.js';

/** Where a share of the picture is on the board, CSS px. */
export function onBoard([x, y]: Point, picture: Place): Point {
  return [picture.x + x * picture.width, picture.y + y * picture.height];
}

/** Which share of the picture a place on the board is; beyond its border below 0 or above 1. */
export function inShares([x, y]: Point, picture: Place): Point {
  return [(x - picture.x) / picture.width, (y - picture.y) / picture.height];
}

/** As SVG's `points` has them. */
export function pointsText(points: readonly Point[], picture: Place): string {
  return points
    .map((point) =>
      onBoard(point, picture)
        .map((px) => px.toFixed(1))
        .join(','),
    )
    .join(' ');
}

/** Where a figure's name is written: in the middle of a zone's corners, and where a line begins. */
export function nameSpot({ points }: Pick<Figure, 'points'>, picture: Place): Point {
  if (points.length === 2) {
    const [x, y] = onBoard(points[0]!, picture);
    return [x, Math.max(picture.y + 14, y - 12)];
  }
  const mean = (axis: 0 | 1) => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  return onBoard([mean(0), mean(1)], picture);
}

/** From the middle of a line, the way that those go who go in: from its left to its right, CSS px. */
export function wayIn(
  { points }: Pick<Figure, 'points'>,
  picture: Place,
  lengthPx: number,
): readonly [Point, Point] {
  const [from, to] = [onBoard(points[0]!, picture), onBoard(points[1]!, picture)];
  const middle: Point = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(dx, dy) || 1;
  // y counts downwards: the right hand of who goes along (dx, dy) is at (-dy, dx).
  return [middle, [middle[0] - (dy / length) * lengthPx, middle[1] + (dx / length) * lengthPx]];
}
