/** A box `[x1, y1, x2, y2]`, x to the right and y down, `x2 > x1` and `y2 > y1`; the coordinate space is its holder's. */
export type Box = readonly [x1: number, y1: number, x2: number, y2: number];

/** Width and height in pixels. */
export interface Size {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Area in square pixels; 0 for an inverted box. */
export function boxArea(box: Box): number {
  return Math.max(0, box[2] - box[0]) * Math.max(0, box[3] - box[1]);
}

/** Area that two boxes share, in square pixels. */
export function sharedArea(a: Box, b: Box): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  if (width <= 0) return 0;
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  return height <= 0 ? 0 : width * height;
}

/** What two boxes have in common; undefined where that is nothing. */
export function intersection(a: Box, b: Box): Box | undefined {
  const box: Box = [Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])];
  return box[2] > box[0] && box[3] > box[1] ? box : undefined;
}

/** Intersection over union (Jaccard index) of two boxes, 0..1; 0 when both are empty. */
export function boxIou(a: Box, b: Box): number {
  const shared = sharedArea(a, b);
  return shared === 0 ? 0 : shared / (boxArea(a) + boxArea(b) - shared);
}

/** The size of a picture of which boxes are given as shares, 0..1. */
export const SHARES_OF_PICTURE: Size = { widthPx: 1, heightPx: 1 };

/** A box in a picture of another size. */
export function scaleBox([x1, y1, x2, y2]: Box, from: Size, to: Size): Box {
  const [x, y] = [to.widthPx / from.widthPx, to.heightPx / from.heightPx];
  return [x1 * x, y1 * y, x2 * x, y2 * y];
}

/** A box with `margin` of its sides more on each of them. */
export function widenBox([x1, y1, x2, y2]: Box, margin: number): Box {
  const [x, y] = [margin * (x2 - x1), margin * (y2 - y1)];
  return [x1 - x, y1 - y, x2 + x, y2 + y];
}

/** The part of `box` within a frame of `size`. */
export function clipBox(box: Box, size: Size): Box {
  const clamp = (value: number, highest: number) => Math.min(Math.max(value, 0), highest);
  return [
    clamp(box[0], size.widthPx),
    clamp(box[1], size.heightPx),
    clamp(box[2], size.widthPx),
    clamp(box[3], size.heightPx),
  ];
}
