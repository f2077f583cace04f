import type { Size } from '../../geometry/index.js';
import { LUMA_BLACK, LUMA_SPAN } from '../bt601.js';
import { countLuma, LEVELS } from './tones.js';

/** Tiles in each direction. */
export const CLAHE_TILES = 8;
/** A level may be so many times as frequent as the mean of all: what is above is spread over them, and bounds the steepness. */
const CLIP = 2;

/**
 * Contrast-limited adaptive histogram equalisation (Zuiderveld, Graphics Gems IV, 1994) of the luma of I420 pictures of one size: a curve for each of
 * 8×8 tiles. Allocates nothing per picture.
 */
export class Clahe {
  readonly #size: Size;
  readonly #counts = new Uint32Array(LEVELS);
  readonly #toned = new Float64Array(LEVELS);

  constructor(size: Size) {
    this.#size = size;
  }

  /**
   * @param picture only read
   * @param before a curve that the picture is taken to have gone through; the curves made hold for the picture as it is, and contain it
   * @param curves 8×8 times 256 numbers, all written; the caller's
   */
  plan(picture: Uint8Array, before: Float32Array, curves: Float32Array): void {
    const { widthPx, heightPx } = this.#size;
    const edge = (lengthPx: number, tile: number) => Math.floor((lengthPx * tile) / CLAHE_TILES);
    for (let row = 0; row < CLAHE_TILES; row++)
      for (let column = 0; column < CLAHE_TILES; column++) {
        const tile = [
          edge(widthPx, column),
          edge(heightPx, row),
          edge(widthPx, column + 1),
          edge(heightPx, row + 1),
        ] as const;
        const count = countLuma(picture, this.#size, tile, this.#counts.fill(0));
        const at = (row * CLAHE_TILES + column) * LEVELS;
        this.#tile(count, before, curves, at);
      }
  }

  #tile(count: number, before: Float32Array, curves: Float32Array, at: number): void {
    const toned = this.#toned.fill(0);
    for (let level = 0; level < LEVELS; level++) toned[Math.round(before[level]!)]! += this.#counts[level]!;
    const most = Math.max(1, (CLIP * count) / LUMA_SPAN);
    let excess = 0;
    for (let level = 0; level < LEVELS; level++)
      if (toned[level]! > most) {
        excess += toned[level]! - most;
        toned[level] = most;
      }
    let below = 0;
    for (let level = 0; level < LEVELS; level++) {
      const isLuma = level >= LUMA_BLACK && level < LUMA_BLACK + LUMA_SPAN;
      below += toned[level]! + (isLuma ? excess / LUMA_SPAN : 0);
      toned[level] = LUMA_BLACK + (LUMA_SPAN * below) / Math.max(1, count);
    }
    for (let level = 0; level < LEVELS; level++) curves[at + level] = toned[Math.round(before[level]!)]!;
  }
}
