import type { TextPicture } from './picture.js';

/** Darkest and brightest luma of what is left when so many pixels of each end are taken for noise. */
const OUTLIERS = 0.01;
/** Lines with a wider range of luma are left as they are: spreading them makes reading worse, not better (design/reading.md). */
const NARROW = 80;
/** Standard deviation of the noise from which on a line is smoothed. */
const NOISY = 12;

/**
 * Makes a straightened line legible: spreads its luma over the whole range where it is narrow, and takes out noise where there is much.
 * Most lines are returned as they came.
 */
export function treated(line: TextPicture): TextPicture {
  const smooth = noiseOf(line) >= NOISY ? smoothed(line) : line;
  const [low, high] = rangeOf(smooth);
  if (high - low >= NARROW || high <= low) return smooth;
  const gain = 255 / (high - low);
  const spread = new Uint8ClampedArray(smooth.rgb.length);
  for (let at = 0; at < spread.length; at++) spread[at] = (smooth.rgb[at]! - low) * gain;
  return { size: smooth.size, rgb: new Uint8Array(spread.buffer) };
}

/** The line without its colours, which noise and lamps make. */
export function greyed({ rgb, size }: TextPicture): TextPicture {
  const grey = new Uint8Array(rgb.length);
  for (let at = 0; at < rgb.length; at += 3) grey.fill(lumaAt(rgb, at), at, at + 3);
  return { rgb: grey, size };
}

/**
 * Standard deviation of the noise of the luma, from the mean absolute response to the difference of two Laplacians, which lines and edges
 * do not give (Immerkær, "Fast noise variance estimation", 1996). 0 for lines lower or shorter than 3 px.
 */
export function noiseOf({ rgb, size: { widthPx, heightPx } }: TextPicture): number {
  let sum = 0;
  const luma = (x: number, y: number) => lumaAt(rgb, (y * widthPx + x) * 3);
  for (let y = 1; y < heightPx - 1; y++)
    for (let x = 1; x < widthPx - 1; x++) {
      const corners = luma(x - 1, y - 1) + luma(x + 1, y - 1) + luma(x - 1, y + 1) + luma(x + 1, y + 1);
      const sides = luma(x, y - 1) + luma(x - 1, y) + luma(x + 1, y) + luma(x, y + 1);
      sum += Math.abs(corners - 2 * sides + 4 * luma(x, y));
    }
  const count = (widthPx - 2) * (heightPx - 2);
  return count > 0 ? (Math.sqrt(Math.PI / 2) * sum) / (6 * count) : 0;
}

/** Each value becomes the median of its nine neighbours; the outermost pixels stay. */
function smoothed({ rgb, size }: TextPicture): TextPicture {
  const { widthPx, heightPx } = size;
  const out = rgb.slice();
  const around = new Uint8Array(9);
  for (let y = 1; y < heightPx - 1; y++)
    for (let x = 1; x < widthPx - 1; x++)
      for (let c = 0; c < 3; c++) {
        let count = 0;
        for (let dy = -1; dy <= 1; dy++)
          for (let dx = -1; dx <= 1; dx++) around[count++] = rgb[((y + dy) * widthPx + x + dx) * 3 + c]!;
        out[(y * widthPx + x) * 3 + c] = around.sort()[4]!;
      }
  return { rgb: out, size };
}

function rangeOf({ rgb }: TextPicture): readonly [low: number, high: number] {
  const counts = new Uint32Array(256);
  for (let at = 0; at < rgb.length; at += 3) counts[lumaAt(rgb, at)]!++;
  const left = (OUTLIERS * rgb.length) / 3;
  let [low, high] = [0, 255];
  for (let seen = counts[0]!; seen <= left && low < 255; seen += counts[++low]!);
  for (let seen = counts[255]!; seen <= left && high > 0; seen += counts[--high]!);
  return [low, high];
}

function lumaAt(rgb: Uint8Array, at: number): number {
  return (rgb[at]! * 77 + rgb[at + 1]! * 150 + rgb[at + 2]! * 29) >> 8;
}
