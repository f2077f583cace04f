import type { FourPoints, Size } from '../geometry/index.js';
import type { TextPicture } from './picture.js';
import { rectify } from './rectify.js';

/** Height of the lines that PP-OCR's recogniser takes, px. */
const LINE_HEIGHT_PX = 48;
/** Longest line that is read at once; what is longer is squeezed. The recogniser was trained on 320. */
const LINE_WIDTH_MAX_PX = 3200;
const LINE_WIDTH_MIN_PX = 16;
/** The picture of PP-OCR's direction classifier. */
export const DIRECTION_SIZE: Size = { widthPx: 192, heightPx: 48 };

/** PP-OCR's detector takes multiples of 32. */
const STRIDE_PX = 32;
// PP-OCR is trained with OpenCV's order of channels and ImageNet's mean and deviation in the order of theirs.
const MEAN = [0.485, 0.456, 0.406] as const;
const DEVIATION = [0.229, 0.224, 0.225] as const;

/** The size in which text is looked for: the longer side about `longSidePx`, both multiples of 32. */
export function detectorSize({ widthPx, heightPx }: Size, longSidePx: number): Size {
  const scale = longSidePx / Math.max(widthPx, heightPx);
  const side = (px: number) => Math.max(STRIDE_PX, Math.round((px * scale) / STRIDE_PX) * STRIDE_PX);
  return { widthPx: side(widthPx), heightPx: side(heightPx) };
}

/** The picture as PP-OCR's detector takes it: float32 `[1, 3, height, width]`, blue, green, red, normalised. */
export function detectorInput(picture: TextPicture, size: Size): Float32Array {
  const { widthPx, heightPx } = picture.size;
  const whole: FourPoints = [
    [0, 0],
    [widthPx, 0],
    [widthPx, heightPx],
    [0, heightPx],
  ];
  return planes(
    rectify(picture, whole, size)!,
    (value, plane) => (value / 255 - MEAN[plane]) / DEVIATION[plane],
  );
}

/** A straightened line as PP-OCR's recogniser takes it: float32 `[1, 3, height, width]`, blue, green, red, -1..1. */
export function lineInput(line: TextPicture): Float32Array {
  return planes(line, (value) => value / 127.5 - 1);
}

/** The beginning of a straightened line as PP-OCR's direction classifier takes it: {@link DIRECTION_SIZE}, grey behind a shorter line's end. */
export function directionInput({ rgb, size }: TextPicture): Float32Array {
  const { widthPx, heightPx } = DIRECTION_SIZE;
  const padded = new Uint8Array(widthPx * heightPx * 3).fill(128);
  const shown = Math.min(widthPx, size.widthPx) * 3;
  for (let y = 0; y < Math.min(heightPx, size.heightPx); y++)
    padded.set(rgb.subarray(y * size.widthPx * 3, y * size.widthPx * 3 + shown), y * widthPx * 3);
  return lineInput({ rgb: padded, size: DIRECTION_SIZE });
}

/** The size that a line is straightened to: as high as the recogniser takes it, `stretch` times as long as it is. */
export function lineSize(
  { along, across }: { readonly along: number; readonly across: number },
  stretch = 1,
): Size {
  const widthPx = Math.round((LINE_HEIGHT_PX * stretch * along) / Math.max(across, 1));
  return {
    widthPx: Math.min(LINE_WIDTH_MAX_PX, Math.max(LINE_WIDTH_MIN_PX, widthPx)),
    heightPx: LINE_HEIGHT_PX,
  };
}

function planes(
  { rgb, size }: TextPicture,
  scaled: (value: number, plane: 0 | 1 | 2) => number,
): Float32Array {
  const area = size.widthPx * size.heightPx;
  const data = new Float32Array(3 * area);
  for (const plane of [0, 1, 2] as const) {
    // 256 values by table: each pixel is one of them.
    const table = Float32Array.from({ length: 256 }, (_, value) => scaled(value, plane));
    for (let i = 0, from = 2 - plane, to = plane * area; i < area; i++, from += 3, to++)
      data[to] = table[rgb[from]!]!;
  }
  return data;
}
