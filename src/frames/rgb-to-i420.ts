import { i420Bytes } from './i420.js';
import type { Size } from '../geometry/index.js';

/**
 * Turns an RGB picture into I420 (BT.601, limited range); colour is the mean of each 2×2 pixels. An odd last column or row is
 * left out.
 *
 * @param rgb three bytes a pixel, row by row; only read
 * @param target at least `i420Bytes` of the returned size; the caller's
 * @returns the size of the I420 picture, which is even
 */
export function rgbToI420(rgb: Uint8Array, size: Size, target: Uint8Array): Size {
  const frame = evenSize(size);
  const { widthPx, heightPx } = frame;
  const lumaBytes = widthPx * heightPx;
  if (target.length < i420Bytes(frame)) throw new RangeError(`${target.length} bytes are too few`);
  for (let y = 0; y < heightPx; y += 2)
    for (let x = 0; x < widthPx; x += 2) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let corner = 0; corner < 4; corner++) {
        const [column, line] = [x + (corner & 1), y + (corner >> 1)];
        const at = (line * size.widthPx + column) * 3;
        const [r, g, b] = [rgb[at]!, rgb[at + 1]!, rgb[at + 2]!];
        target[line * widthPx + column] = Math.round(16 + (219 / 255) * (0.299 * r + 0.587 * g + 0.114 * b));
        red += r / 4;
        green += g / 4;
        blue += b / 4;
      }
      const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
      const chroma = lumaBytes + (y / 2) * (widthPx / 2) + x / 2;
      target[chroma] = Math.round(128 + (224 / 255) * ((blue - luma) / 1.772));
      target[chroma + lumaBytes / 4] = Math.round(128 + (224 / 255) * ((red - luma) / 1.402));
    }
  return frame;
}

/** The largest even size within a size of at least 2×2. */
export function evenSize({ widthPx, heightPx }: Size): Size {
  return { widthPx: widthPx - (widthPx % 2), heightPx: heightPx - (heightPx % 2) };
}
