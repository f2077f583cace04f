import { AppError, type Clock, type Log } from '../base/index.js';
import { analyseFile, Dispatcher } from '../engine/index.js';
import type { Detection, Size } from '../geometry/index.js';
import type { InferencePool } from '../inference/index.js';
import type { Ffmpeg } from '../media/index.js';
import { DEFAULT_SCORE_MIN, MEASURED_SCORE_MIN } from './analysis-defaults.js';
import { asCocoResult } from './analyze-writers.js';

/** A picture file, and its size. */
export interface Picture {
  readonly file: string;
  readonly size: Size;
}

/** What pictures are detected with, and who hears of it. */
export interface DetectPicturesOptions {
  readonly pool: InferencePool;
  readonly ffmpeg: Ffmpeg;
  readonly longSidePx: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Called after each picture, in no order. */
  readonly onPicture: () => void;
}

/**
 * Takes pictures through the same pipeline as `analyze --coco`, several at once, since each waits for an FFmpeg of its own.
 * Resolves to the detections of each, in the order of `pictures`.
 *
 * @throws {AppError} for the first picture that fails, when no other is under way; `cli/bad-picture` for an empty one
 */
export async function detectPictures(
  pictures: readonly Picture[],
  { onPicture, pool, ...options }: DetectPicturesOptions,
): Promise<(readonly Detection[])[]> {
  const found: (readonly Detection[])[] = [];
  const dispatcher = new Dispatcher(pool, options.clock);
  const waiting = [...pictures.entries()].values();
  let hasFailed = false;
  const takeTurns = async () => {
    for (const [at, { file, size }] of waiting) {
      if (hasFailed) return;
      await analyseFile({
        ...options,
        pool,
        dispatcher,
        source: file,
        size,
        labels: [],
        scoreMin: DEFAULT_SCORE_MIN,
        detectionScoreMin: MEASURED_SCORE_MIN,
        onFrame: ({ detections }) => (found[at] ??= (detections ?? []).map(asCocoResult)),
      });
      if (found[at] === undefined)
        throw new AppError('cli/bad-picture', 'input', `${file}: it cannot be decoded`);
      onPicture();
    }
  };
  // One more than workers: while they infer, the next picture is decoded.
  const turns = Array.from({ length: pool.size + 1 }, () =>
    takeTurns().catch((error: unknown) => {
      hasFailed = true;
      throw error;
    }),
  );
  for (const turn of await Promise.allSettled(turns)) if (turn.status === 'rejected') throw turn.reason;
  return found;
}
