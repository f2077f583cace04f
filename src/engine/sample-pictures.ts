import type { Clock, Log } from '../base/index.js';
import { i420Bytes } from '../frames/index.js';
import type { Size } from '../geometry/index.js';
import type { ModelInfo, Picture } from '../inference/index.js';
import type { Ffmpeg } from '../media/index.js';
import { planAnalysis } from './analysis-plan.js';
import { readPictures } from './read-pictures.js';

/**
 * Decodes pictures of a file as analysis does, in the size in which a model would be shown them.
 *
 * @returns at most `countMax` pictures, the first ones at `fpsMax`; each in memory of its own
 * @throws {AppError} `engine/decode-failed` when FFmpeg stops before the end
 */
export async function samplePictures(options: {
  /** A path or URL that FFmpeg can open and that has an end. */
  readonly source: string;
  readonly size: Size;
  readonly ffmpeg: Ffmpeg;
  readonly input: ModelInfo['input'];
  readonly longSidePx: number;
  readonly countMax: number;
  /** Pictures per second of video; all by default. */
  readonly fpsMax?: number;
  readonly clock: Clock;
  readonly log: Log;
}): Promise<Picture[]> {
  const { size, input, longSidePx, countMax } = options;
  const { frame, placed } = planAnalysis(size, longSidePx, input);
  const frameBytes = i420Bytes(frame);
  const pictures: Picture[] = [];
  for await (const decoded of readPictures({ ...options, size: frame })) {
    const memory = new SharedArrayBuffer(frameBytes);
    new Uint8Array(memory).set(new Uint8Array(decoded.memory, decoded.byteOffset, frameBytes));
    if (pictures.push({ memory, frame, placed }) >= countMax) break;
  }
  return pictures;
}
