import type { Letterbox, Size } from '../geometry/index.js';

/** Grey of the border around a letterboxed picture, the value that detectors are commonly trained with. */
const BORDER = 114;

// BT.601 limited range to full-range RGB in 16.16 fixed point (ITU-R BT.601-7: 255/219, and 255/224 times the matrix).
const LUMA = 76309;
const V_TO_R = 104597;
const U_TO_G = -25675;
const V_TO_G = -53279;
const U_TO_B = 132201;
const HALF = 32768;

/** Bytes of an I420 picture of an even width and height. */
export function i420Bytes({ widthPx, heightPx }: Size): number {
  return (widthPx * heightPx * 3) / 2;
}

/**
 * Converts an I420 picture (BT.601, limited range; full planes Y, U, V without row padding, even width and height) to
 * packed 8-bit colour, NHWC, set into a model's input at `placed.padX`, `placed.padY` with a grey border. Does not scale:
 * the picture has its analysed size already. Chroma is taken as it is for each 2×2 pixels.
 *
 * @param picture the I420 bytes; only read
 * @param target `input.widthPx × input.heightPx × 3` bytes, all of which are written; the caller's
 */
export function i420ToPacked(
  picture: Uint8Array,
  frame: Size,
  placed: Pick<Letterbox, 'input' | 'padX' | 'padY'>,
  order: 'rgb' | 'bgr',
  target: Uint8Array,
): void {
  const { widthPx, heightPx } = frame;
  const rowBytes = placed.input.widthPx * 3;
  if (widthPx < placed.input.widthPx || heightPx < placed.input.heightPx) fillBorder(target, frame, placed);

  const red = order === 'rgb' ? 0 : 2;
  const blue = 2 - red;
  const uPlane = widthPx * heightPx;
  const vPlane = uPlane + uPlane / 4;
  const halfWidth = widthPx / 2;
  for (let y = 0; y < heightPx; y++) {
    let luma = y * widthPx;
    let chroma = (y >> 1) * halfWidth;
    let at = (placed.padY + y) * rowBytes + placed.padX * 3;
    for (let x = 0; x < widthPx; x += 2, chroma++) {
      const u = picture[uPlane + chroma]! - 128;
      const v = picture[vPlane + chroma]! - 128;
      const toRed = V_TO_R * v + HALF;
      const toGreen = U_TO_G * u + V_TO_G * v + HALF;
      const toBlue = U_TO_B * u + HALF;
      for (let pair = 0; pair < 2; pair++, luma++, at += 3) {
        const grey = LUMA * (picture[luma]! - 16);
        const r = (grey + toRed) >> 16;
        const g = (grey + toGreen) >> 16;
        const b = (grey + toBlue) >> 16;
        // A value within 0..255 has no other bits: one test instead of two.
        target[at + red] = r & ~255 ? (r < 0 ? 0 : 255) : r;
        target[at + 1] = g & ~255 ? (g < 0 ? 0 : 255) : g;
        target[at + blue] = b & ~255 ? (b < 0 ? 0 : 255) : b;
      }
    }
  }
}

function fillBorder(
  target: Uint8Array,
  frame: Size,
  placed: Pick<Letterbox, 'input' | 'padX' | 'padY'>,
): void {
  const { input, padX, padY } = placed;
  const rowBytes = input.widthPx * 3;
  target.fill(BORDER, 0, padY * rowBytes);
  target.fill(BORDER, (padY + frame.heightPx) * rowBytes, input.heightPx * rowBytes);
  if (frame.widthPx === input.widthPx) return;
  for (let y = padY; y < padY + frame.heightPx; y++) {
    const row = y * rowBytes;
    target.fill(BORDER, row, row + padX * 3);
    target.fill(BORDER, row + (padX + frame.widthPx) * 3, row + rowBytes);
  }
}
