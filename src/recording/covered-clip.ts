import { once } from 'node:events';
import { AppError, messageOf } from '../base/index.js';
import {
  jpegsOf,
  movieOfPicturesArguments,
  picturesArguments,
  startFfmpeg,
  type Ffmpeg,
  type FfmpegChild,
} from '../media/index.js';
import {
  ClipEncoder,
  clipFailed,
  clipTimeout,
  feed,
  type ClipEncoderOptions,
  type ClipToEncode,
} from './clip-encoder.js';
import type { ClipFile, ClipRange } from './clip.js';

/** Pictures a second of a covered clip: each is looked at by the detector. */
const FPS = 5;
const LONG_SIDE_PX_MAX = 1280;
const TIMEOUT_MS = 180_000;

/** Covers in one picture, a JPEG, what is not to be seen in it. `atMs`: when it was taken, ms since 1970 UTC. */
export type CoverPicture = (jpeg: Buffer, atMs: number) => Promise<Buffer>;

/** Makes clips of which each picture is covered before it is encoded. They have no sound. */
export class CoveredClips {
  readonly #options: ClipEncoderOptions;
  readonly #encoder: ClipEncoder;

  constructor(options: ClipEncoderOptions) {
    this.#options = options;
    this.#encoder = new ClipEncoder(options);
  }

  /**
   * A copied clip, cut to a time, of five pictures a second. The copy is read once.
   *
   * @throws {AppError} `recording/clip-busy`, `recording/clip-timeout`, `recording/clip-failed`, `media/ffmpeg-unusable`, and what `cover` throws: there
   *   is no clip rather than one with a plain picture
   */
  make(copy: ClipFile, range: ClipRange, cover: CoverPicture): Promise<ClipFile> {
    return this.#encoder.make(copy, range, (clip) => this.#encode(clip, cover));
  }

  async #encode({ copy, ranges, offsetMs, shownMs, file }: ClipToEncode, cover: CoverPicture): Promise<void> {
    const { ffmpeg: findFfmpeg, clock, log } = this.#options;
    const ffmpeg = await findFfmpeg();
    if (!ffmpeg.capabilities.encodesH264) throw cannotEncode(ffmpeg);
    const cut = { fromSeconds: offsetMs / 1000, seconds: shownMs / 1000 };
    const pictures = { ...cut, fps: FPS, longSidePxMax: LONG_SIDE_PX_MAX };
    const shared = { ffmpeg, stdin: 'pipe', log, name: 'covered clip' } as const;
    const reader = startFfmpeg({ ...shared, args: picturesArguments(pictures) });
    const writer = startFfmpeg({ ...shared, args: movieOfPicturesArguments({ fps: FPS, file }) });
    writer.stdout.resume();
    writer.stdin!.on('error', (error) => log.debug({ cause: messageOf(error) }, 'covered clip input closed'));
    const stop = () => Promise.all([reader.stop(), writer.stop()]);
    let isLate = false;
    const timer = clock.after(TIMEOUT_MS, () => {
      isLate = true;
      void stop();
    });
    const fed = feed(reader, copy, log);
    try {
      const count = await covered(reader, writer, { ranges, cover });
      writer.stdin!.end();
      const exits = await Promise.all([reader.exited, writer.exited]);
      if (isLate) throw clipTimeout(TIMEOUT_MS);
      const fault = exits.find(({ code }) => code !== 0);
      if (fault !== undefined) throw clipFailed(fault.stderrTail.trim().split('\n').at(-1) ?? 'FFmpeg ended');
      if (count === 0) throw clipFailed('it has no picture');
    } finally {
      timer.cancel();
      await stop();
      await fed;
    }
  }
}

/** Takes each picture through `cover`, and gives their number. The reader waits meanwhile. */
async function covered(
  reader: FfmpegChild,
  writer: FfmpegChild,
  { ranges, cover }: { readonly ranges: readonly ClipRange[]; readonly cover: CoverPicture },
): Promise<number> {
  let count = 0;
  for await (const jpeg of jpegsOf(reader.stdout)) {
    const picture = await cover(jpeg, timeAt(ranges, (count * 1000) / FPS));
    count++;
    if (!writer.stdin!.write(picture)) await Promise.race([once(writer.stdin!, 'drain'), writer.exited]);
  }
  return count;
}

/** When it was, so far into a clip that leaves out what lies between its ranges. */
function timeAt(ranges: readonly ClipRange[], intoMs: number): number {
  let leftMs = intoMs;
  for (const { fromMs, toMs } of ranges) {
    if (leftMs < toMs - fromMs) return fromMs + leftMs;
    leftMs -= toMs - fromMs;
  }
  return ranges.at(-1)!.toMs;
}

function cannotEncode({ origin, version }: Ffmpeg): AppError {
  const message = `the ${origin} FFmpeg ${version} has no encoder libx264, which a covered clip needs: install another FFmpeg`;
  return new AppError('media/ffmpeg-unusable', 'unavailable', message);
}
