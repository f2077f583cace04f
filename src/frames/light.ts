import type { Size } from '../geometry/index.js';

/** Every so many pixels in both directions are looked at: 1/64 of them places the mean within a thousandth. */
const STEP_PX = 8;
const LUMA_BLACK = 16;
const LUMA_SPAN = 219;

/**
 * Mean luma of an I420 picture (limited range), 0..1.
 * @param luma its Y plane, one byte a pixel; only read
 */
export function meanLuma(luma: Uint8Array, size: Size): number {
  let sum = 0;
  let count = 0;
  for (let y = STEP_PX >> 1; y < size.heightPx; y += STEP_PX) {
    const row = y * size.widthPx;
    for (let x = STEP_PX >> 1; x < size.widthPx; x += STEP_PX) {
      sum += luma[row + x]!;
      count++;
    }
  }
  if (count === 0) return 0;
  return Math.min(1, Math.max(0, (sum / count - LUMA_BLACK) / LUMA_SPAN));
}
