import { widenBox, type Box, type Size } from './box.js';
import { letterbox } from './letterbox.js';
import type { MaskRle } from './mask-rle.js';
import { pasteMask } from './paste-mask.js';

/** Of a box's sides, what a mask head is shown around it on each. As in `training/masks/geometry.py`, like what follows. */
const MARGIN = 0.125;
/** From this width to one of height a box is wide, below its inverse it is tall. */
const WIDE = 1.43;

/** Sizes of the crops that a mask head looks at, about as many pixels each. */
export const MASK_CROPS = {
  tall: { widthPx: 64, heightPx: 128 },
  square: { widthPx: 96, heightPx: 96 },
  wide: { widthPx: 128, heightPx: 64 },
} as const satisfies Readonly<Record<string, Size>>;

/** One of {@link MASK_CROPS}. */
export type MaskCropName = keyof typeof MASK_CROPS;

/**
 * What a mask head says of one object: for each cell how likely it is the object's, 0..1, row by row, spread evenly over the
 * {@link maskRegion} of the object's box.
 */
export interface MaskCells {
  readonly values: Float32Array;
  readonly columns: number;
  readonly rows: number;
}

/** Which crop bends a box least. */
export function maskCropOf([x1, y1, x2, y2]: Box): MaskCropName {
  const aspect = (x2 - x1) / (y2 - y1);
  return aspect > WIDE ? 'wide' : aspect < 1 / WIDE ? 'tall' : 'square';
}

/** What a mask head is shown of a picture to find the object in a box, in the box's space: the box and a margin. */
export function maskRegion(box: Box): Box {
  return widenBox(box, MARGIN);
}

/** The mask of an object whose box is now `box`, in source pixels, from what was said of it in this box or an earlier one. */
export function maskOfCells(cells: MaskCells, box: Box, source: Size): MaskRle {
  return pasteMask(
    { ...cells, over: maskRegion(box), threshold: 0.5 },
    box,
    letterbox(source, source, source),
  );
}
