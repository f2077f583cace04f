import type { Size } from '../geometry/index.js';
import { AxisTaps } from './axis-taps.js';
import { PlaneScaler } from './plane-scaler.js';

/**
 * Makes I420 pictures of one size smaller: the two nearest pixels of each direction are blended, or all averaged where it shrinks by more
 * than two. One thread's: its working memory is used again.
 */
export class I420Shrinker {
  readonly #from: Size;
  readonly #to: Size;
  readonly #scaler = new PlaneScaler();
  /** Of luma, and of chroma. */
  readonly #taps: readonly { readonly across: AxisTaps; readonly down: AxisTaps }[];

  /** Both sizes have even sides; `to` is nowhere larger. */
  constructor(from: Size, to: Size) {
    this.#from = from;
    this.#to = to;
    this.#taps = [1, 2].map((half) => {
      const [across, down] = [new AxisTaps(), new AxisTaps()];
      across.plan(0, from.widthPx / half, from.widthPx / half, to.widthPx / half);
      down.plan(0, from.heightPx / half, from.heightPx / half, to.heightPx / half);
      return { across, down };
    });
  }

  /**
   * @param picture full planes Y, U, V of the first size; only read
   * @param target `i420Bytes` of the second size, all of which are written
   */
  shrink(picture: Uint8Array, target: Uint8Array): void {
    let [from, to] = [0, 0];
    for (const [half, taps] of [
      [1, 0],
      [2, 1],
      [2, 1],
    ] as const) {
      // prettier-ignore
      const size = { widthPx: this.#from.widthPx / half, heightPx: this.#from.heightPx / half };
      const { widthPx, heightPx } = { widthPx: this.#to.widthPx / half, heightPx: this.#to.heightPx / half };
      const { across, down } = this.#taps[taps]!;
      const scaler = this.#scaler;
      // Nothing around it is ever sampled: it only shrinks.
      scaler.begin(picture, from, size.widthPx, size.heightPx, 0, widthPx);
      for (let row = 0; row < heightPx; row++, to += widthPx) {
        scaler.seek(row, across, down);
        blendRow(scaler, target, to, widthPx);
      }
      from += size.widthPx * size.heightPx;
    }
  }
}

function blendRow(
  { upper, lower, upperWeight, lowerWeight }: PlaneScaler,
  target: Uint8Array,
  to: number,
  count: number,
): void {
  for (let x = 0; x < count; x++) target[to + x] = upper[x]! * upperWeight + lower[x]! * lowerWeight + 0.5;
}
