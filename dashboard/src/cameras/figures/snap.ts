import { inPicture, type Drawing, type Point } from './figure.js';

/** So near, in CSS px, a corner goes to a corner of another figure or to the border. */
export const SNAP_PX = 9;

/** What a dragged corner may go to. */
export interface SnapOptions {
  /** Figures whose corners draw it; without the one that it belongs to. */
  readonly others: Drawing;
  /** Size of the picture on the screen, CSS px. */
  readonly picture: { readonly width: number; readonly height: number };
  readonly radiusPx?: number;
}

/** Where a corner comes to be: on the nearest corner of another figure if one is near, else on the picture's border if that is. */
export function snapped(point: Point, { others, picture, radiusPx = SNAP_PX }: SnapOptions): Point {
  let best: Point | undefined;
  let bestPx = radiusPx;
  for (const corner of others.flatMap(({ points }) => points)) {
    const apartPx = Math.hypot(
      (corner[0] - point[0]) * picture.width,
      (corner[1] - point[1]) * picture.height,
    );
    if (apartPx <= bestPx) [best, bestPx] = [corner, apartPx];
  }
  if (best !== undefined) return best;
  const toBorder = (share: number, lengthPx: number) => {
    if (share * lengthPx <= radiusPx) return 0;
    return (1 - share) * lengthPx <= radiusPx ? 1 : share;
  };
  return inPicture([toBorder(point[0], picture.width), toBorder(point[1], picture.height)]);
}
