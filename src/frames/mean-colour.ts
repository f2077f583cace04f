import type { Size } from '../geometry/index.js';

/** A colour as I420 has it (BT.601, limited range), 0..255 each, with fractions. */
export interface YuvColour {
  readonly y: number;
  readonly u: number;
  readonly v: number;
}

/** Every so many samples of a plane in both directions are looked at. */
const STEP = 8;

/**
 * Mean colour of an I420 picture of an even width and height.
 * @param picture its bytes; only read
 */
export function meanColour(picture: Uint8Array, { widthPx, heightPx }: Size): YuvColour {
  const lumaBytes = widthPx * heightPx;
  const plane = (from: number, half: 1 | 2) => planeMean(picture, from, widthPx / half, heightPx / half);
  return { y: plane(0, 1), u: plane(lumaBytes, 2), v: plane(lumaBytes + lumaBytes / 4, 2) };
}

function planeMean(picture: Uint8Array, from: number, width: number, height: number): number {
  let sum = 0;
  let count = 0;
  for (let y = Math.min(STEP, height) >> 1; y < height; y += STEP)
    for (let x = Math.min(STEP, width) >> 1; x < width; x += STEP) {
      sum += picture[from + y * width + x]!;
      count++;
    }
  return sum / count;
}
