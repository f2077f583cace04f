import type { Point } from './polygon.js';
import { decodeRuns, type MaskRle } from './mask-rle.js';

/** Of a mask's height, what counts as its lower edge. */
const FOOT_SHARE = 0.05;

/** A part of a column of pixels, or of a few columns: `y2` and `x2` are exclusive. */
export interface MaskStrip {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/**
 * A mask as upright rectangles, for drawing.
 * @param columnsMax of a wider mask, only so many columns are looked at, each for those beside it
 */
export function maskStrips(mask: MaskRle, columnsMax = Infinity): MaskStrip[] {
  const strips: MaskStrip[] = [];
  for (const [x, y1, y2] of stretches(mask)) strips.push({ x1: x, y1, x2: x + 1, y2 });
  if (strips.length === 0) return strips;
  const [left, right] = [strips[0]!.x1, strips.at(-1)!.x2];
  const step = Math.max(1, Math.ceil((right - left) / columnsMax));
  if (step === 1) return strips;
  const middle = step >> 1;
  return strips.flatMap(({ x1, y1, y2 }) => {
    const from = x1 - ((x1 - left) % step);
    // The column in the middle stands for its neighbours; at the right edge the last one does.
    const stands = x1 === Math.min(from + middle, right - 1);
    return stands ? [{ x1: from, y1, x2: Math.min(from + step, right), y2 }] : [];
  });
}

/**
 * Where what a mask shows stands: the lower edge of the mask, and the middle of what is there, in pixels of the mask. Undefined for an
 * empty mask.
 */
export function maskFoot(mask: MaskRle): Point | undefined {
  let [top, bottom] = [Infinity, 0];
  const found = [...stretches(mask)];
  for (const [, y1, y2] of found) {
    top = Math.min(top, y1);
    bottom = Math.max(bottom, y2);
  }
  if (found.length === 0) return undefined;
  const edge = bottom - Math.max(1, FOOT_SHARE * (bottom - top));
  let [count, sum] = [0, 0];
  for (const [x, y1, y2] of found) {
    const rows = y2 - Math.max(y1, edge);
    if (rows <= 0) continue;
    count += rows;
    sum += rows * (x + 0.5);
  }
  return [sum / count, bottom];
}

/** The stretches of a mask: column, first row, and the row after the last, from the left. */
function* stretches({
  size: [height],
  counts,
}: MaskRle): Generator<readonly [x: number, from: number, to: number]> {
  let at = 0;
  for (const [index, length] of decodeRuns(counts).entries()) {
    const end = at + length;
    while (index % 2 === 1 && at < end) {
      const x = Math.floor(at / height);
      const to = Math.min(end, (x + 1) * height);
      yield [x, at - x * height, to - x * height];
      at = to;
    }
    at = end;
  }
}
