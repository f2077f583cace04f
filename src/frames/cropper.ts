import type { Box, Size } from '../geometry/index.js';
import { AxisTaps } from './axis-taps.js';
import { BLUE_U, GREEN_U, GREEN_V, LUMA, RED_V } from './bt601.js';
import type { YuvColour } from './mean-colour.js';
import { PlaneScaler } from './plane-scaler.js';

const BLACK = -16 * LUMA;
const RED_ZERO = BLACK - 128 * RED_V;
const GREEN_ZERO = BLACK - 128 * (GREEN_U + GREEN_V);
const BLUE_ZERO = BLACK - 128 * BLUE_U;

/** Where a crop goes: three planes of `widthPx` times `heightPx` numbers, row by row, from `offset` on. */
export interface CropTarget {
  readonly data: Float32Array;
  readonly offset: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly order: 'rgb' | 'bgr';
}

/**
 * Cuts rectangles out of I420 pictures (BT.601, limited range) at any scale. One thread's: its working memory is used again from crop to
 * crop, so that nothing is allocated once the largest sizes have been seen.
 */
export class Cropper {
  readonly #lumaAcross = new AxisTaps();
  readonly #lumaDown = new AxisTaps();
  readonly #chromaAcross = new AxisTaps();
  readonly #chromaDown = new AxisTaps();
  readonly #luma = new PlaneScaler();
  readonly #u = new PlaneScaler();
  readonly #v = new PlaneScaler();

  /**
   * Scales `region` to the target's size: the two nearest pixels of each direction are blended, or all averaged where it shrinks by more than
   * two. The picture is taken to go on in `around` on all sides.
   *
   * @param picture I420 bytes of an even width and height; only read
   * @param region in the picture's pixels, not empty; it may lie outside
   * @param target the caller's; red, green and blue (or the other way round) as 0..255 are written
   */
  crop(picture: Uint8Array, frame: Size, region: Box, around: YuvColour, target: CropTarget): void {
    const { widthPx, heightPx } = frame;
    const [x1, y1, x2, y2] = region;
    this.#lumaAcross.plan(x1, x2, widthPx, target.widthPx);
    this.#lumaDown.plan(y1, y2, heightPx, target.heightPx);
    this.#chromaAcross.plan(x1 / 2, x2 / 2, widthPx / 2, target.widthPx);
    this.#chromaDown.plan(y1 / 2, y2 / 2, heightPx / 2, target.heightPx);
    const lumaBytes = widthPx * heightPx;
    this.#luma.begin(picture, 0, widthPx, heightPx, around.y, target.widthPx);
    this.#u.begin(picture, lumaBytes, widthPx / 2, heightPx / 2, around.u, target.widthPx);
    this.#v.begin(picture, lumaBytes + lumaBytes / 4, widthPx / 2, heightPx / 2, around.v, target.widthPx);
    for (let row = 0; row < target.heightPx; row++) {
      this.#luma.seek(row, this.#lumaAcross, this.#lumaDown);
      this.#u.seek(row, this.#chromaAcross, this.#chromaDown);
      this.#v.seek(row, this.#chromaAcross, this.#chromaDown);
      writeColours(this.#luma, this.#u, this.#v, row, target);
    }
  }
}

/** Blends the rows of the planes and writes their colours. */
function writeColours(
  luma: PlaneScaler,
  u: PlaneScaler,
  v: PlaneScaler,
  row: number,
  { data, offset, widthPx, heightPx, order }: CropTarget,
): void {
  const { upper: y1, lower: y2, upperWeight: a1, lowerWeight: a2 } = luma;
  // Both chroma planes have the same weights.
  const { upper: u1, lower: u2, upperWeight: b1, lowerWeight: b2 } = u;
  const { upper: v1, lower: v2 } = v;
  const planePx = widthPx * heightPx;
  const green = offset + planePx + row * widthPx;
  const red = order === 'rgb' ? green - planePx : green + planePx;
  const blue = order === 'rgb' ? green + planePx : green - planePx;
  for (let x = 0; x < widthPx; x++) {
    const grey = (y1[x]! * a1 + y2[x]! * a2) * LUMA;
    const cb = u1[x]! * b1 + u2[x]! * b2;
    const cr = v1[x]! * b1 + v2[x]! * b2;
    const r = grey + RED_V * cr + RED_ZERO;
    const g = grey + GREEN_U * cb + GREEN_V * cr + GREEN_ZERO;
    const b = grey + BLUE_U * cb + BLUE_ZERO;
    data[red + x] = r < 0 ? 0 : r > 255 ? 255 : r;
    data[green + x] = g < 0 ? 0 : g > 255 ? 255 : g;
    data[blue + x] = b < 0 ? 0 : b > 255 ? 255 : b;
  }
}
