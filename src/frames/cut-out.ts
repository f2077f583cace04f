import type { Box, Size } from '../geometry/index.js';
import { BLUE_U, GREEN_U, GREEN_V, LUMA, RED_V } from './bt601.js';

// In 1/65536, so that a pixel takes no floating point.
const [GREY, V_RED, U_GREEN, V_GREEN, U_BLUE] = [LUMA, RED_V, GREEN_U, GREEN_V, BLUE_U].map((weight) =>
  Math.round(weight * 65536),
) as [number, number, number, number, number];
const HALF = 1 << 15;
/** Of a box's sides, what is looked at for its sharpness. */
const SAMPLES_MAX = 48;

/** A part of an I420 picture, a picture of its own. */
export interface CutOut {
  readonly i420: Uint8Array;
  readonly size: Size;
  /** Where it lies in the picture, whole pixels. */
  readonly x: number;
  readonly y: number;
}

/**
 * Copies a region of an I420 picture, widened to even borders and cut at the picture's; undefined where nothing of it lies within.
 *
 * @param picture full planes Y, U, V of an even width and height; only read
 * @param region in its pixels
 */
export function cutOut(picture: Uint8Array, frame: Size, region: Box): CutOut | undefined {
  const left = Math.max(0, Math.floor(region[0] / 2) * 2);
  const top = Math.max(0, Math.floor(region[1] / 2) * 2);
  const right = Math.min(frame.widthPx, Math.ceil(region[2] / 2) * 2);
  const bottom = Math.min(frame.heightPx, Math.ceil(region[3] / 2) * 2);
  const [widthPx, heightPx] = [right - left, bottom - top];
  if (!(widthPx > 0 && heightPx > 0)) return undefined;
  const i420 = new Uint8Array((widthPx * heightPx * 3) / 2);
  let plane = 0;
  let to = 0;
  for (const half of [1, 2, 2]) {
    const stride = frame.widthPx / half;
    const width = widthPx / half;
    let from = plane + (top / half) * stride + left / half;
    for (let row = 0; row < heightPx / half; row++, from += stride, to += width)
      i420.set(picture.subarray(from, from + width), to);
    plane += stride * (frame.heightPx / half);
  }
  return { i420, size: { widthPx, heightPx }, x: left, y: top };
}

/** A cut-out as full-range RGB, three bytes a pixel. */
export function rgbOf({ i420, size: { widthPx, heightPx } }: Pick<CutOut, 'i420' | 'size'>): Uint8Array {
  const rgb = new Uint8ClampedArray(widthPx * heightPx * 3);
  const half = widthPx >> 1;
  const uPlane = widthPx * heightPx;
  const vPlane = uPlane + half * (heightPx >> 1);
  let to = 0;
  for (let y = 0; y < heightPx; y++) {
    const chromaRow = (y >> 1) * half;
    for (let x = 0; x < widthPx; x++, to += 3) {
      const grey = (i420[y * widthPx + x]! - 16) * GREY + HALF;
      const u = i420[uPlane + chromaRow + (x >> 1)]! - 128;
      const v = i420[vPlane + chromaRow + (x >> 1)]! - 128;
      rgb[to] = (grey + V_RED * v) >> 16;
      rgb[to + 1] = (grey + U_GREEN * u + V_GREEN * v) >> 16;
      rgb[to + 2] = (grey + U_BLUE * u) >> 16;
    }
  }
  return new Uint8Array(rgb.buffer);
}

/**
 * How sharp a region of a luma plane is: the variance of its Laplacian, the usual focus measure (Pech-Pacheco et al., 2000), at up to
 * 48 × 48 places. 0 for an even surface.
 */
export function sharpness(luma: Uint8Array, { widthPx, heightPx }: Size, region: Box): number {
  const left = Math.max(1, Math.floor(region[0]));
  const top = Math.max(1, Math.floor(region[1]));
  const right = Math.min(widthPx - 1, Math.ceil(region[2]));
  const bottom = Math.min(heightPx - 1, Math.ceil(region[3]));
  const stepX = Math.max(1, Math.floor((right - left) / SAMPLES_MAX));
  const stepY = Math.max(1, Math.floor((bottom - top) / SAMPLES_MAX));
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (let y = top; y < bottom; y += stepY)
    for (let x = left; x < right; x += stepX) {
      const at = y * widthPx + x;
      const value = 4 * luma[at]! - luma[at - 1]! - luma[at + 1]! - luma[at - widthPx]! - luma[at + widthPx]!;
      sum += value;
      squares += value * value;
      count++;
    }
  return count === 0 ? 0 : squares / count - (sum / count) ** 2;
}
