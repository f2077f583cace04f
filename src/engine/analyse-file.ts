import { AppError, type Clock, type Log } from '../base/index.js';
import { FrameQueue } from '../frames/index.js';
import type { Size } from '../geometry/index.js';
import type { InferencePool } from '../inference/index.js';
import type { Ffmpeg } from '../media/index.js';
import { Decoder } from './decoder.js';
import { FrameAnalyser, planAnalysis, type Analysis } from './frame-analyser.js';
import type { TrackChange } from './messages.js';

export interface AnalyseFileOptions {
  /** A path or URL that FFmpeg can open and that has an end. */
  readonly source: string;
  readonly size: Size;
  readonly ffmpeg: Ffmpeg;
  readonly pool: InferencePool;
  /** Pictures analysed per second of video; all by default. */
  readonly fpsMax?: number;
  readonly longSidePx: number;
  readonly labels: readonly string[];
  readonly scoreMin: number;
  readonly detectionScoreMin?: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Called for each frame in order; `index` counts analysed frames from 0. */
  readonly onFrame: (index: number, analysis: Analysis) => void;
  readonly signal?: AbortSignal;
}

/**
 * Takes a file through the same decoder, detector and tracker as a camera, as fast as the workers can, and
 * without dropping a frame. Returns the changes at the end: the tracks that were still open.
 *
 * @throws {AppError} `engine/decode-failed` when FFmpeg stops before the end
 */
export async function analyseFile(options: AnalyseFileOptions): Promise<TrackChange[]> {
  const { source, size, ffmpeg, pool, fpsMax, clock, log, labels, scoreMin, detectionScoreMin, onFrame } = options;
  const plan = planAnalysis(size, options.longSidePx, pool.model.input);
  const frameBytes = (plan.frame.widthPx * plan.frame.heightPx * 3) / 2;
  const queue = new FrameQueue({ frameBytes, takenMax: pool.size, policy: 'lossless' });
  const analyser = new FrameAnalyser({
    plan,
    pool,
    queue,
    clock,
    labels,
    scoreMin,
    ...(detectionScoreMin === undefined ? {} : { detectionScoreMin }),
    firstTrack: 1,
  });

  let decoder: Decoder | undefined;
  let index = 0;
  let running = 0;
  try {
    await new Promise<void>((resolve, reject) => {
      let ended = false;
      const finishIfDone = () => {
        if (ended && running === 0 && !queue.ready) resolve();
      };
      const dispatch = () => {
        while (pool.idle > 0 && options.signal?.aborted !== true) {
          const frame = queue.take();
          if (frame === undefined) break;
          running++;
          analyser
            .analyse(frame)
            .then((analysis) => onFrame(index++, analysis))
            .catch(reject)
            .finally(() => {
              running--;
              dispatch();
              finishIfDone();
            });
        }
        decoder?.resume();
      };
      options.signal?.addEventListener('abort', () => resolve(), { once: true });
      decoder = new Decoder({
        name: 'decode file',
        ffmpeg,
        input: { from: 'file', path: source },
        size: plan.frame,
        ...(fpsMax === undefined ? {} : { fpsMax }),
        queue,
        clock,
        log,
        onFrame: dispatch,
        onEnd: (reason) => {
          if (reason !== undefined) reject(new AppError('engine/decode-failed', 'input', `${source}: ${reason}`));
          ended = true;
          dispatch();
          finishIfDone();
        },
      });
    });
  } finally {
    await decoder?.close();
  }
  return analyser.finish();
}
