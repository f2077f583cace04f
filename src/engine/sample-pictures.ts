import { AppError, type Clock, type Log } from '../base/index.js';
import { FrameQueue } from '../frames/index.js';
import type { Size } from '../geometry/index.js';
import type { ModelInfo, Picture } from '../inference/index.js';
import type { Ffmpeg } from '../media/index.js';
import { Decoder } from './decoder.js';
import { planAnalysis } from './analysis-plan.js';

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
  const { source, size, ffmpeg, input, longSidePx, countMax, fpsMax, clock, log } = options;
  const { frame, placed } = planAnalysis(size, longSidePx, input);
  const frameBytes = (frame.widthPx * frame.heightPx * 3) / 2;
  const queue = new FrameQueue({ frameBytes, takenMax: 1, policy: 'lossless' });
  const pictures: Picture[] = [];
  const { promise: ended, resolve, reject } = withResolvers();
  const takeAll = () => {
    for (let taken = queue.take(); taken !== undefined; taken = queue.take()) {
      const memory = new SharedArrayBuffer(frameBytes);
      new Uint8Array(memory).set(new Uint8Array(queue.memory, taken.byteOffset, frameBytes));
      queue.release(taken);
      if (pictures.length < countMax) pictures.push({ memory, frame, placed });
      if (pictures.length === countMax) resolve();
    }
  };
  const decoder = new Decoder({
    name: 'sample pictures',
    ffmpeg,
    input: { from: 'file', path: source },
    size: frame,
    ...(fpsMax === undefined ? {} : { fpsMax }),
    queue,
    clock,
    log,
    onFrame: takeAll,
    onEnd: (reason) => {
      if (reason === undefined) resolve();
      else reject(new AppError('engine/decode-failed', 'input', `${source}: ${reason}`));
    },
  });
  try {
    await ended;
  } finally {
    await decoder.close();
  }
  return pictures;
}

function withResolvers() {
  let resolve: () => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
