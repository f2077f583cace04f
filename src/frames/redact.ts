import { decodeMask, type Box, type MaskRle, type Size } from '../geometry/index.js';

/** What is seen of something that is covered up. */
export type RedactFill = 'black' | 'blur' | 'pixelate';

/** Something to cover. */
export interface Covered {
  /** Where it is, pixels of the picture. */
  readonly box: Box;
  /** Which of its pixels, where that is known; of the picture's size. Without it the whole box is covered. */
  readonly mask?: MaskRle;
}

/** Of a box's longer side, what is covered around it: a detector's boxes end within an object as often as beyond it. */
const MARGIN = 0.08;
/** The least margin: of small boxes a pixel or two are much. */
const MARGIN_PX_MIN = 3;
/** Patches along the longer side: a face of a standing person is less than one. */
const PATCHES = 7;
const PATCH_PX_MIN = 8;

/**
 * Covers objects in a picture, in place: what was there cannot be got back. Patches hold the mean colour of what they stand for, and of
 * nothing finer.
 *
 * @param rgb three bytes a pixel, row by row; the caller's
 */
export function redact(rgb: Uint8Array, size: Size, objects: readonly Covered[], fill: RedactFill): void {
  for (const object of objects) {
    const area = areaOf(object.box, size);
    if (area !== undefined) coverArea(rgb, size, area, coveredIn(object, size, area), fill);
  }
}

/** Whole pixels; `right` and `bottom` are exclusive. */
interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly marginPx: number;
}

/** A box with its margin, cut at the picture's border; undefined where it has no pixel or is no box. */
function areaOf([x1, y1, x2, y2]: Box, { widthPx, heightPx }: Size): Area | undefined {
  const marginPx = Math.max(MARGIN_PX_MIN, Math.round(MARGIN * Math.max(x2 - x1, y2 - y1)));
  const area = {
    left: Math.max(0, Math.floor(x1) - marginPx),
    top: Math.max(0, Math.floor(y1) - marginPx),
    right: Math.min(widthPx, Math.ceil(x2) + marginPx),
    bottom: Math.min(heightPx, Math.ceil(y2) + marginPx),
    marginPx,
  };
  const isBox = x2 >= x1 && y2 >= y1 && area.right > area.left && area.bottom > area.top;
  return isBox ? area : undefined;
}

/** One byte for each pixel of the area, 1 where it is covered; undefined where all of it is. */
function coveredIn({ mask }: Covered, { widthPx }: Size, area: Area): Uint8Array | undefined {
  if (mask === undefined) return undefined;
  const pixels = decodeMask(mask);
  const [width, height] = [area.right - area.left, area.bottom - area.top];
  const covered = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = (area.top + y) * widthPx + area.left;
    covered.set(pixels.subarray(from, from + width), y * width);
  }
  const wider = widened(covered, width, height, 1, area.marginPx);
  return widened(wider, height, width, width, area.marginPx);
}

/** Each 1 spread over the next `by` pixels of its line, both ways. Lines are rows where `step` is 1, columns where it is their number. */
function widened(pixels: Uint8Array, length: number, lines: number, step: number, by: number): Uint8Array {
  const wide = new Uint8Array(pixels.length);
  for (let line = 0; line < lines; line++) {
    const start = step === 1 ? line * length : line;
    let last = -Infinity;
    for (let at = 0; at < length; at++) {
      if (pixels[start + at * step] === 1) last = at;
      if (at - last <= by) wide[start + at * step] = 1;
    }
    last = Infinity;
    for (let at = length - 1; at >= 0; at--) {
      if (pixels[start + at * step] === 1) last = at;
      if (last - at <= by) wide[start + at * step] = 1;
    }
  }
  return wide;
}

function coverArea(
  rgb: Uint8Array,
  { widthPx }: Size,
  area: Area,
  covered: Uint8Array | undefined,
  fill: RedactFill,
): void {
  const { left, top, right, bottom } = area;
  const width = right - left;
  const rowOf = fill === 'black' ? undefined : patchRows(rgb, widthPx, area, fill === 'blur');
  const black = new Uint8Array(width * 3);
  for (let y = 0; y < bottom - top; y++) {
    const start = ((top + y) * widthPx + left) * 3;
    const row = rowOf?.(y) ?? black;
    if (covered === undefined) rgb.set(row, start);
    else
      for (let x = 0; x < width; x++)
        if (covered[y * width + x] === 1) rgb.set(row.subarray(x * 3, x * 3 + 3), start + x * 3);
  }
}

/**
 * What stands for an area, row by row of it: its patches, each in its mean colour, or running into each other.
 *
 * @returns makes one row, three bytes a pixel; it holds until the next is made
 */
function patchRows(rgb: Uint8Array, widthPx: number, area: Area, isSoft: boolean): (y: number) => Uint8Array {
  const { left, top, right, bottom } = area;
  const { sidePx, columns, rows, means } = patchesOf(rgb, widthPx, area);
  const across = stepsOf(right - left, sidePx, columns, isSoft);
  const down = stepsOf(bottom - top, sidePx, rows, isSoft);
  const line = new Float64Array(columns * 3);
  const row = new Uint8Array((right - left) * 3);
  return (y) => {
    const { first, second, share } = down[y]!;
    const [upper, lower] = [first * line.length, second * line.length];
    for (let at = 0; at < line.length; at++)
      line[at] = means[upper + at]! * (1 - share) + means[lower + at]! * share;
    for (let x = 0, at = 0; x < across.length; x++) {
      const step = across[x]!;
      for (let channel = 0; channel < 3; channel++, at++)
        row[at] =
          line[step.first * 3 + channel]! * (1 - step.share) +
          line[step.second * 3 + channel]! * step.share +
          0.5;
    }
    return row;
  };
}

interface Patches {
  readonly sidePx: number;
  readonly columns: number;
  readonly rows: number;
  /** Mean colours, three numbers a patch, row by row. */
  readonly means: Float64Array;
}

function patchesOf(rgb: Uint8Array, widthPx: number, { left, top, right, bottom }: Area): Patches {
  const sidePx = Math.max(PATCH_PX_MIN, Math.ceil(Math.max(right - left, bottom - top) / PATCHES));
  const columns = Math.ceil((right - left) / sidePx);
  const rows = Math.ceil((bottom - top) / sidePx);
  const means = new Float64Array(columns * rows * 3);
  for (let row = 0, patch = 0; row < rows; row++)
    for (let column = 0; column < columns; column++, patch += 3) {
      const [x1, y1] = [left + column * sidePx, top + row * sidePx];
      const [x2, y2] = [Math.min(right, x1 + sidePx), Math.min(bottom, y1 + sidePx)];
      let [red, green, blue] = [0, 0, 0];
      for (let y = y1; y < y2; y++)
        for (let at = (y * widthPx + x1) * 3, end = (y * widthPx + x2) * 3; at < end; at += 3) {
          red += rgb[at]!;
          green += rgb[at + 1]!;
          blue += rgb[at + 2]!;
        }
      const count = (x2 - x1) * (y2 - y1);
      means.set([red / count, green / count, blue / count], patch);
    }
  return { sidePx, columns, rows, means };
}

/** Between which two patches a pixel lies, and how near to the second, 0..1. */
interface Step {
  readonly first: number;
  readonly second: number;
  readonly share: number;
}

/** For each pixel along a side; without running into each other every pixel is its patch's alone. */
function stepsOf(lengthPx: number, sidePx: number, count: number, isSoft: boolean): Step[] {
  return Array.from({ length: lengthPx }, (_, pixel) => {
    const place = (pixel + 0.5) / sidePx - (isSoft ? 0.5 : 0);
    const first = Math.floor(place);
    const within = (patch: number) => Math.min(count - 1, Math.max(0, patch));
    return { first: within(first), second: within(first + 1), share: isSoft ? place - first : 0 };
  });
}
