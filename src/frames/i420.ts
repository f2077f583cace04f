import type { Letterbox, Size } from '../geometry/index.js';
import { CHROMA_ZERO, LUMA_BLACK, LUMA_SPAN } from './bt601.js';

/** Bytes of an I420 picture of an even width and height. */
export function i420Bytes({ widthPx, heightPx }: Size): number {
  return (widthPx * heightPx * 3) / 2;
}

/**
 * Sets an I420 picture (BT.601, limited range; full planes Y, U, V without row padding, even width and height) into another of a
 * model's input size, at `placed.padX`, `placed.padY`, both even. Does not scale: the picture has its analysed size already.
 *
 * @param picture the I420 bytes; only read
 * @param border grey around it, 0..255 of full-range RGB
 * @param target `i420Bytes(placed.input)` bytes, all of which are written; the caller's
 */
export function placeI420(
  picture: Uint8Array,
  frame: Size,
  placed: Pick<Letterbox, 'input' | 'padX' | 'padY'>,
  border: number,
  target: Uint8Array,
): void {
  const { input, padX, padY } = placed;
  if (frame.widthPx === input.widthPx && frame.heightPx === input.heightPx) {
    target.set(picture.subarray(0, i420Bytes(frame)));
    return;
  }
  const lumaBytes = input.widthPx * input.heightPx;
  target.fill(LUMA_BLACK + Math.round((border * LUMA_SPAN) / 255), 0, lumaBytes);
  target.fill(CHROMA_ZERO, lumaBytes);
  let from = 0;
  let to = 0;
  for (const half of [1, 2, 2]) {
    const widthPx = frame.widthPx / half;
    const heightPx = frame.heightPx / half;
    const strideBytes = input.widthPx / half;
    const origin = to + (padY / half) * strideBytes + padX / half;
    for (let y = 0; y < heightPx; y++, from += widthPx)
      target.set(picture.subarray(from, from + widthPx), origin + y * strideBytes);
    to += strideBytes * (input.heightPx / half);
  }
}
