import { AppError, type Clock, type Log } from '../base/index.js';
import { FrameQueue, i420Bytes } from '../frames/index.js';
import type { Size } from '../geometry/index.js';
import type { Ffmpeg } from '../media/index.js';
import { Decoder } from './decoder.js';

/** A decoded picture, until the next one is asked for. */
export interface DecodedPicture {
  readonly memory: SharedArrayBuffer;
  readonly byteOffset: number;
}

/**
 * Decodes all pictures of a file, one after the other and as fast as they are taken.
 *
 * @param options.size of the pictures, even; FFmpeg scales
 * @throws {AppError} `engine/decode-failed` when FFmpeg stops before the end
 */
export async function* readPictures(options: {
  /** A path or URL that FFmpeg can open and that has an end. */
  readonly source: string;
  readonly size: Size;
  /** Pictures per second of video; all by default. */
  readonly fpsMax?: number;
  readonly ffmpeg: Ffmpeg;
  readonly clock: Clock;
  readonly log: Log;
}): AsyncGenerator<DecodedPicture, void, undefined> {
  const { source, size, fpsMax, ffmpeg, clock, log } = options;
  const queue = new FrameQueue({ frameBytes: i420Bytes(size), takenMax: 1, policy: 'lossless' });
  let wake: () => void = () => undefined;
  let ended: { readonly reason: string | undefined } | undefined;
  const decoder = new Decoder({
    name: 'read pictures',
    ffmpeg,
    input: { from: 'file', path: source },
    size,
    ...(fpsMax !== undefined && { fpsMax }),
    queue,
    clock,
    log,
    onFrame: () => wake(),
    onEnd: (reason) => {
      ended = { reason };
      wake();
    },
  });
  try {
    for (;;) {
      const taken = queue.take();
      if (taken !== undefined) {
        decoder.resume();
        yield { memory: queue.memory, byteOffset: taken.byteOffset };
        queue.release(taken);
        decoder.resume();
      } else if (ended === undefined) {
        await new Promise<void>((resolve) => (wake = resolve));
      } else {
        if (ended.reason === undefined) return;
        throw new AppError('engine/decode-failed', 'input', `${source}: ${ended.reason}`);
      }
    }
  } finally {
    await decoder.close();
  }
}
