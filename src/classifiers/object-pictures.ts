import sharp from 'sharp';
import { AppError, messageOf } from '../base/index.js';
import type { Box, Size } from '../geometry/index.js';
import { FEATURE_SIDE_PX } from '../models/index.js';

/** Pictures of more pixels are refused: decoding them takes memory that nobody has for them. */
const PIXELS_MAX = 25_000_000;
/** Longer side of a picture that is kept. */
const KEPT_SIDE_PX = 640;
/** Of one that features are taken of: twice what they need, so that a cut loses nothing. */
export const FEATURE_PICTURE_SIDE_PX = 160;
const JPEG_QUALITY = 88;
const PLANE = FEATURE_SIDE_PX ** 2;

/** A decoded picture: RGB, three bytes a pixel. */
export interface RgbPicture {
  readonly rgb: Uint8Array;
  readonly size: Size;
}

/** The two inputs of a feature network, for one picture: planes of red, green and blue, 0..255. */
export interface FeatureInputs {
  readonly boxed: Float32Array;
  readonly stretched: Float32Array;
}

/** What is changed in a picture before its features are taken. */
export interface Change {
  /** Of its sides, what is cut off: left, top, right, bottom. */
  readonly cut: readonly [number, number, number, number];
  readonly isMirrored: boolean;
  /** Values become `255 (value / 255)^gamma · gain`. */
  readonly gamma: number;
  readonly gain: number;
}

const AS_IT_IS: Change = { cut: [0, 0, 0, 0], isMirrored: false, gamma: 1, gain: 1 };

/** The picture as it is, then what it might have looked like as well: the box elsewhere, the object from its other side, other light. */
export const CHANGES: readonly Change[] = [
  AS_IT_IS,
  { ...AS_IT_IS, isMirrored: true },
  { cut: [0.08, 0.08, 0.08, 0.08], isMirrored: false, gamma: 1.25, gain: 0.9 },
  { cut: [0.1, 0, 0, 0.1], isMirrored: true, gamma: 0.8, gain: 1.05 },
  { cut: [0, 0.1, 0.1, 0], isMirrored: false, gamma: 0.85, gain: 0.85 },
  { cut: [0.04, 0.06, 0.06, 0.02], isMirrored: true, gamma: 1.15, gain: 1.15 },
];

/**
 * @param sidePx larger pictures are scaled down to it
 * @throws {AppError} `classifier/bad-picture` for what is no picture, or too large
 */
export async function decodePicture(bytes: Uint8Array, sidePx = KEPT_SIDE_PX): Promise<RgbPicture> {
  try {
    const { data, info } = await sharp(bytes, { limitInputPixels: PIXELS_MAX, failOn: 'error' })
      .rotate()
      .flatten()
      .toColourspace('srgb')
      .resize({ width: sidePx, height: sidePx, fit: 'inside', withoutEnlargement: true })
      .raw()
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== 3) throw new Error(`it has ${info.channels} channels`);
    return { rgb: data, size: { widthPx: info.width, heightPx: info.height } };
  } catch (error) {
    throw new AppError(
      'classifier/bad-picture',
      'input',
      `the picture cannot be read (${messageOf(error)}): send a JPEG, PNG or WebP of at most ${PIXELS_MAX / 1e6} megapixels`,
    );
  }
}

/**
 * A picture as it is kept, of the object in `box` with a margin where one is given; without all that cameras and phones write into files.
 * @param box as shares of the picture, [x1, y1, x2, y2]
 * @throws {AppError} as {@link decodePicture}
 */
export async function keptJpeg(bytes: Uint8Array, box?: Box): Promise<Buffer> {
  const { rgb, size } = await decodePicture(bytes);
  const picture = sharp(rgb, { raw: { width: size.widthPx, height: size.heightPx, channels: 3 } });
  if (box !== undefined) {
    const [x, y] = [0.1 * (box[2] - box[0]), 0.1 * (box[3] - box[1])];
    picture.extract(within([box[0] - x, box[1] - y, box[2] + x, box[3] + y], size));
  }
  return picture.jpeg({ quality: JPEG_QUALITY }).toBuffer();
}

/** The inputs of a feature network for a picture that is changed first. */
export async function featureInputs({ rgb, size }: RgbPicture, change = AS_IT_IS): Promise<FeatureInputs> {
  const [left, top, right, bottom] = change.cut;
  const part = sharp(rgb, { raw: { width: size.widthPx, height: size.heightPx, channels: 3 } }).extract(
    within([left, top, 1 - right, 1 - bottom], size),
  );
  const scaled = async (fit: 'inside' | 'fill') => {
    const { data, info } = await part
      .clone()
      .resize(FEATURE_SIDE_PX, FEATURE_SIDE_PX, { fit })
      .raw()
      .toBuffer({ resolveWithObject: true });
    return planes(data, info.width, info.height, change);
  };
  const [boxed, stretched] = await Promise.all([scaled('inside'), scaled('fill')]);
  return { boxed, stretched };
}

/** Sets a picture into the middle of the square, with borders of its mean colour. */
function planes(
  rgb: Uint8Array,
  width: number,
  height: number,
  { isMirrored, gamma, gain }: Change,
): Float32Array {
  const target = new Float32Array(3 * PLANE);
  const light = Float32Array.from({ length: 256 }, (_, value) =>
    Math.min(255, 255 * (value / 255) ** gamma * gain),
  );
  const [left, top] = [(FEATURE_SIDE_PX - width) >> 1, (FEATURE_SIDE_PX - height) >> 1];
  for (let channel = 0; channel < 3; channel++) {
    let sum = 0;
    for (let at = channel; at < rgb.length; at += 3) sum += light[rgb[at]!]!;
    target.fill(sum / (width * height), channel * PLANE, (channel + 1) * PLANE);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const column = left + (isMirrored ? width - 1 - x : x);
        target[channel * PLANE + (top + y) * FEATURE_SIDE_PX + column] =
          light[rgb[3 * (y * width + x) + channel]!]!;
      }
  }
  return target;
}

/** Whole pixels, at least one each way. */
function within([x1, y1, x2, y2]: Box, { widthPx, heightPx }: Size) {
  const left = Math.min(widthPx - 1, Math.max(0, Math.floor(x1 * widthPx)));
  const top = Math.min(heightPx - 1, Math.max(0, Math.floor(y1 * heightPx)));
  const width = Math.max(1, Math.min(widthPx, Math.ceil(x2 * widthPx)) - left);
  const height = Math.max(1, Math.min(heightPx, Math.ceil(y2 * heightPx)) - top);
  return { left, top, width, height };
}
