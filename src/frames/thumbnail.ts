import type { Size } from '../geometry/index.js';

/** A picture's luma made small, for questions about the whole of it. */
export interface Thumbnail {
  readonly size: Size;
  /** Pixels of the picture to one of this, in each direction. */
  readonly scale: number;
  /** Mean luma of each block, 0..255, row by row. */
  readonly luma: Float32Array;
}

/** The largest whole-numbered reduction whose longer side is still at least `longSidePx`, or the picture itself. */
export function planThumbnail({ widthPx, heightPx }: Size, longSidePx: number): Thumbnail {
  const scale = Math.max(1, Math.floor(Math.max(widthPx, heightPx) / longSidePx));
  const size = { widthPx: Math.floor(widthPx / scale), heightPx: Math.floor(heightPx / scale) };
  return { size, scale, luma: new Float32Array(size.widthPx * size.heightPx) };
}

/** From this scale on every second row of a block stands for it: half the work, and as much to average as noise needs. */
const SKIPS_FROM = 4;

/**
 * Fills a thumbnail by averaging blocks; columns and rows that make no whole block are left out.
 *
 * @param plane bytes of a picture, one a pixel, as a Y plane; only read
 * @param widthPx its width
 */
export function fillThumbnail(plane: Uint8Array, widthPx: number, target: Thumbnail): void {
  const { size, scale, luma } = target;
  const step = scale >= SKIPS_FROM ? 2 : 1;
  const share = 1 / (scale * Math.ceil(scale / step));
  for (let row = 0; row < size.heightPx; row++)
    for (let x = 0; x < size.widthPx; x++) {
      let sum = 0;
      for (let y = row * scale; y < (row + 1) * scale; y += step) {
        const from = y * widthPx + x * scale;
        for (let at = from; at < from + scale; at++) sum += plane[at]!;
      }
      luma[row * size.widthPx + x] = sum * share;
    }
}

/** Fills a thumbnail of half the sides from another. */
export function halveThumbnail(source: Thumbnail, target: Thumbnail): void {
  const { widthPx, heightPx } = target.size;
  const stridePx = source.size.widthPx;
  for (let y = 0; y < heightPx; y++)
    for (let x = 0; x < widthPx; x++) {
      const at = 2 * y * stridePx + 2 * x;
      const { luma } = source;
      target.luma[y * widthPx + x] =
        (luma[at]! + luma[at + 1]! + luma[at + stridePx]! + luma[at + stridePx + 1]!) / 4;
    }
}
