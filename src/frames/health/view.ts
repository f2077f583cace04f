import type { Size } from '../../geometry/index.js';
import { fillThumbnail, planThumbnail, type Thumbnail } from '../thumbnail.js';

const LONG_SIDE_PX = 64;
/** Steps from pixel to pixel that noise of one level (standard deviation) makes, at most, in a block. */
const NOISE_STEP = 3.8;
/** Tiles that a picture is judged by, across and down. */
const [ACROSS, DOWN] = [6, 4];
/** How many tiles there are. */
export const TILES = ACROSS * DOWN;

/** What a picture shows, coarsely, in blocks of some pixels: enough to know it again, and how sharp it is. */
export interface View {
  /** Mean luma of each block, 0..255. */
  readonly thumbnail: Thumbnail;
  /** The highest step of luma between two neighbouring pixels of each block, less what noise makes. */
  readonly steps: Float32Array;
}

/** An empty view of pictures of a size. */
export function planView(frame: Size): View {
  const thumbnail = planThumbnail(frame, LONG_SIDE_PX);
  return { thumbnail, steps: new Float32Array(thumbnail.luma.length) };
}

/** The tile of each block of a view. */
export function tilesOf({ thumbnail: { size } }: View): Uint8Array {
  return Uint8Array.from({ length: size.widthPx * size.heightPx }, (_, block) => {
    const x = block % size.widthPx;
    const y = Math.floor(block / size.widthPx);
    return Math.floor((y * DOWN) / size.heightPx) * ACROSS + Math.floor((x * ACROSS) / size.widthPx);
  });
}

/**
 * Fills a view from a picture.
 *
 * @param plane its Y plane; only read
 * @param widthPx its width
 * @param noise standard deviation of its noise, levels
 */
export function fillView(plane: Uint8Array, widthPx: number, noise: number, view: View): void {
  const { thumbnail, steps } = view;
  fillThumbnail(plane, widthPx, thumbnail);
  const { size, scale } = thumbnail;
  for (let row = 0; row < size.heightPx; row++)
    for (let column = 0; column < size.widthPx; column++) {
      let highest = 0;
      // The last row and column of a block have their next ones in another block, or in none.
      for (let y = row * scale; y < (row + 1) * scale - 1; y += 2) {
        const from = y * widthPx + column * scale;
        for (let at = from; at < from + scale - 1; at++) {
          const luma = plane[at]!;
          const across = plane[at + 1]! - luma;
          const down = plane[at + widthPx]! - luma;
          if (across > highest) highest = across;
          else if (-across > highest) highest = -across;
          if (down > highest) highest = down;
          else if (-down > highest) highest = -down;
        }
      }
      steps[row * size.widthPx + column] = Math.max(0, highest - NOISE_STEP * noise);
    }
}
