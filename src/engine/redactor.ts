import { AppError } from '../base/index.js';
import { i420Bytes, redact, rgbToI420, type Covered, type RedactFill } from '../frames/index.js';
import {
  boxArea,
  boxIou,
  maskArea,
  maskOfCells,
  scaleBox,
  SHARES_OF_PICTURE,
  type Box,
  type Detection,
  type Size,
} from '../geometry/index.js';
import type { DetectJob, DetectResult, ModelInfo } from '../inference/index.js';
import { planAnalysis } from './analysis-plan.js';
import type { MaskPool } from './track-masks.js';

/** Pictures that wait; more are refused. */
const WAITING_MAX = 8;
/** Longer side of the picture that the detector is shown, px: who is small in a picture is somebody all the same. */
const LONG_SIDE_PX_MAX = 960;
/** What is less is shown larger: a crop of somebody far away. */
const LONG_SIDE_PX_MIN = 320;
/** What is as likely as this is covered: to cover too much costs less than to cover too little. */
const SCORE_MIN = 0.12;
const DETECTIONS_MAX = 300;
const IOU_MAX = 0.7;
/** A box that was known before and overlaps one found now by so much is the same object's. */
const SAME_IOU = 0.6;
/** A mask of less than this share of its box has missed much of the object: the box is covered. */
const MASK_SHARE_MIN = 0.3;
const JPEG_QUALITY = 85;
/** Of a picture with more pixels nothing is decoded. */
const PIXELS_MAX = 64 << 20;

/** What is to be covered in a picture, and how. */
export interface RedactWish {
  readonly labels: readonly string[];
  readonly fill: RedactFill;
  /** By their box, or by their outline where that is sure. */
  readonly shape: 'box' | 'outline';
  /** Where such objects are known to be, as shares of the picture: covered whether they are found again or not. */
  readonly known: readonly Box[];
}

/** The part of the inference pool that redaction needs. */
export interface RedactPool extends Pick<MaskPool, 'segment'> {
  readonly model: Pick<ModelInfo, 'input' | 'labels'>;
  detect(job: DetectJob, waits?: boolean): Promise<DetectResult>;
}

/** Covers objects in single pictures, one picture at a time. What is in a picture is looked for in that very picture. */
export class Redactor {
  #waiting = 0;
  #previous: Promise<unknown> = Promise.resolve();

  /**
   * A picture without what is to be covered, as a JPEG of the same size.
   *
   * @param picture a JPEG
   * @throws {AppError} `engine/cannot-redact` where the model does not know a label, or the picture cannot be read; `engine/redact-busy`; what
   *   `InferencePool.detect` throws
   */
  async redact(pool: RedactPool, picture: Uint8Array, wish: RedactWish): Promise<Buffer> {
    const unknown = wish.labels.find((label) => !pool.model.labels.includes(label));
    if (unknown !== undefined)
      throw cannotRedact(`the camera's detector does not know "${unknown}": change cameras.*.redact.labels`);
    if (this.#waiting >= WAITING_MAX) throw busy();
    this.#waiting++;
    const redacted = this.#previous.then(() => redactNow(pool, picture, wish));
    this.#previous = redacted.catch(() => undefined);
    return redacted.finally(() => this.#waiting--);
  }
}

async function redactNow(pool: RedactPool, picture: Uint8Array, wish: RedactWish): Promise<Buffer> {
  // Loaded when it is first needed: an engine has to be back soon after a crash.
  const { default: sharp } = await import('sharp');
  const { data: rgb, info } = await decoded(picture).catch((cause: unknown) => {
    throw cannotRedact('the picture cannot be read', cause);
  });
  const source = { widthPx: info.width, heightPx: info.height };
  redact(rgb, source, await findCovered(pool, rgb, source, wish), wish.fill);
  const raw = { width: info.width, height: info.height, channels: 3 as const };
  return sharp(rgb, { raw }).jpeg({ quality: JPEG_QUALITY }).toBuffer();
}

/** As RGB, three bytes a pixel. Rejects for a picture that is cut off. */
async function decoded(picture: Uint8Array) {
  const { default: sharp } = await import('sharp');
  const image = sharp(picture, { limitInputPixels: PIXELS_MAX, failOn: 'warning' });
  return image.toColourspace('srgb').removeAlpha().raw().toBuffer({ resolveWithObject: true });
}

/**
 * What is to be covered in a picture.
 *
 * @param rgb three bytes a pixel, row by row; only read
 * @param effort how hard it is looked for; given by measurements alone
 * @public used by the bench of redaction
 */
export async function findCovered(
  pool: RedactPool,
  rgb: Uint8Array,
  source: Size,
  wish: Omit<RedactWish, 'fill'>,
  effort = { longSidePxMax: LONG_SIDE_PX_MAX, scoreMin: SCORE_MIN },
): Promise<Covered[]> {
  const { default: sharp } = await import('sharp');
  const longSidePx = Math.max(source.widthPx, source.heightPx, LONG_SIDE_PX_MIN);
  const shown = planAnalysis(source, Math.min(effort.longSidePxMax, longSidePx), pool.model.input);
  const { widthPx: width, heightPx: height } = shown.frame;
  const raw = { width: source.widthPx, height: source.heightPx, channels: 3 as const };
  const small = await sharp(rgb, { raw }).resize({ width, height, fit: 'fill' }).raw().toBuffer();
  const memory = new SharedArrayBuffer(i420Bytes(shown.frame));
  rgbToI420(small, shown.frame, new Uint8Array(memory));
  const job = { memory, byteOffset: 0, frame: shown.frame, placed: shown.placed };
  const options = { scoreMin: effort.scoreMin, iouMax: IOU_MAX, countMax: DETECTIONS_MAX };
  const { detections } = await pool.detect({ ...job, options }, true);
  const found = detections.filter(({ label }) => wish.labels.includes(label));
  const objects = wish.shape === 'outline' ? await outlined(pool, { ...job, source }, found) : found;
  const isFound = (box: Box) => objects.some((object) => boxIou(object.box, box) >= SAME_IOU);
  const missed = wish.known
    .map((box) => scaleBox(box, SHARES_OF_PICTURE, source))
    .filter((box) => !isFound(box));
  return [...objects.map(coverOf), ...missed.map((box) => ({ box }))];
}

/** Objects with the masks that the mask head makes of them, where the detector made none. */
async function outlined(
  pool: RedactPool,
  picture: Omit<Parameters<RedactPool['segment']>[0], 'boxes'>,
  found: readonly Detection[],
): Promise<Detection[]> {
  const bare = found.filter(({ mask, box }) => mask === undefined && boxArea(box) > 0);
  const { masks } = await pool.segment({ ...picture, boxes: bare.map(({ box }) => box) });
  return found.map((object) => {
    const cells = masks[bare.indexOf(object)];
    return cells === undefined ? object : { ...object, mask: maskOfCells(cells, object.box, picture.source) };
  });
}

/** Its outline where that covers enough of the box to be believed. */
function coverOf({ box, mask }: Detection): Covered {
  const isSure = mask !== undefined && maskArea(mask) >= MASK_SHARE_MIN * boxArea(box);
  return isSure ? { box, mask } : { box };
}

function cannotRedact(why: string, cause?: unknown): AppError {
  return new AppError(
    'engine/cannot-redact',
    'unavailable',
    `nothing can be covered in this picture: ${why}`,
    {
      cause,
    },
  );
}

/** The model of the camera is not there, so that nobody can be looked for. */
export function noModel(): AppError {
  return cannotRedact('the detector of its camera is not loaded now: see /readyz');
}

function busy(): AppError {
  const message = 'too many pictures are being covered: ask again soon';
  return new AppError('engine/redact-busy', 'unavailable', message);
}
