import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { AppError, systemClock, type Log } from '../base/index.js';
import { samplePictures } from '../engine/index.js';
import type { Picture } from '../inference/index.js';
import { probeSource, type Ffmpeg } from '../media/index.js';
import type { DetectorInput } from '../models/index.js';
import { isPictureName, picturesIn, pictureSize } from './pictures.js';

const PROBE_TIMEOUT_MS = 10_000;
/** Pictures within a second of video are nearly the same. */
const FPS_MAX = 2;

/** A picture of the footage, and the file that it is, or is from. */
export interface FootagePicture extends Picture {
  readonly fileName: string;
}

/** What footage to read, and for which model. */
export interface FootageOptions {
  /** A video file, a picture, or a folder of pictures. */
  readonly source: string;
  readonly input: DetectorInput;
  readonly longSidePx: number;
  /** At most so many pictures, spread over the whole of it; all of a folder by default. */
  readonly countMax?: number;
  readonly ffmpeg: Ffmpeg;
  readonly log: Log;
}

/**
 * Decodes pictures to calibrate and compare models on, as analysis would show them to the model.
 * @throws {AppError} for footage that is not there or cannot be decoded
 */
export async function readFootage(options: FootageOptions): Promise<FootagePicture[]> {
  const { source, countMax = Infinity } = options;
  if (!existsSync(source))
    throw new AppError('media/no-such-file', 'input', `${source}: no such file or folder`);
  if (!statSync(source).isDirectory() && !isPictureName(source)) return fromVideo(options);
  const files = statSync(source).isDirectory() ? picturesIn(source) : [source];
  const found: FootagePicture[] = [];
  for (const file of spread(files, countMax)) {
    const size = await pictureSize(file);
    const [picture] = await samplePictures({
      ...options,
      source: file,
      size,
      countMax: 1,
      clock: systemClock,
    });
    if (picture === undefined)
      throw new AppError('cli/bad-picture', 'input', `${file}: it cannot be decoded`);
    found.push({ ...picture, fileName: path.basename(file) });
  }
  return found;
}

async function fromVideo({ source, countMax = 128, ...options }: FootageOptions): Promise<FootagePicture[]> {
  const size = await probeSource({ ffmpeg: options.ffmpeg, source, timeoutMs: PROBE_TIMEOUT_MS });
  const seconds = (size.durationMs ?? 0) / 1000;
  const fpsMax = seconds > 0 ? Math.max(FPS_MAX, countMax / seconds) : FPS_MAX;
  const pictures = await samplePictures({
    ...options,
    source,
    size,
    countMax: Math.max(countMax, Math.ceil(seconds * fpsMax) + 1),
    fpsMax,
    clock: systemClock,
  });
  return spread(pictures, countMax).map((picture) => ({ ...picture, fileName: path.basename(source) }));
}

/** At most `countMax` of the items, evenly from first to last. */
export function spread<T>(items: readonly T[], countMax: number): T[] {
  if (items.length <= countMax) return [...items];
  return Array.from({ length: countMax }, (_, i) => items[Math.floor((i * items.length) / countMax)]!);
}
