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

/** Intersection over union (Jaccard index) of two boxes, 0..1; 0 when both are empty. */
export function boxIou(a: Box, b: Box): number {
  const shared = sharedArea(a, b);
  return shared === 0 ? 0 : shared / (boxArea(a) + boxArea(b) - shared);
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
