import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError, makeFolder, messageOf, type Clock, type Log } from '../base/index.js';
import { SpawnSlots } from '../ingest/index.js';
import {
  jpegsOf,
  movieOfPicturesArguments,
  picturesArguments,
  startFfmpeg,
  type Ffmpeg,
  type FfmpegChild,
} from '../media/index.js';
import type { ClipFile, ClipRange } from './clip.js';
import { cutRanges, EncodedClip } from './encoded-clip.js';

/** Pictures a second of a covered clip: each is looked at by the detector. */
const FPS = 5;
const LONG_SIDE_PX_MAX = 1280;
const AT_ONCE_MAX = 1;
const WAITING_MAX = 4;
const TIMEOUT_MS = 180_000;

/** Covers in one picture, a JPEG, what is not to be seen in it. `atMs`: when it was taken, ms since 1970 UTC. */
export type CoverPicture = (jpeg: Buffer, atMs: number) => Promise<Buffer>;

/** Makes clips of which each picture is covered before it is encoded, one clip after another. They have no sound. */
export class CoveredClips {
  readonly #options: { ffmpeg: () => Promise<Ffmpeg>; dir: string; clock: Clock; log: Log };
  readonly #slots = new SpawnSlots(AT_ONCE_MAX);

  /** @param options.dir for the files that are made; each is deleted when its clip is closed */
  constructor(options: { ffmpeg: () => Promise<Ffmpeg>; dir: string; clock: Clock; log: Log }) {
    this.#options = options;
  }

  /**
   * A copied clip, cut to a time, of five pictures a second. The copy is read once.
   *
   * @throws {AppError} `recording/clip-busy`, `recording/clip-timeout`, `recording/clip-failed`, `media/ffmpeg-unusable`, and what `cover` throws: there
   *   is no clip rather than one with a plain picture
   */
  async make(copy: ClipFile, { fromMs, toMs }: ClipRange, cover: CoverPicture): Promise<ClipFile> {
    if (this.#slots.waiting >= WAITING_MAX) throw busy();
    const first = copy.ranges[0]!;
    const startMs = Math.max(fromMs, first.fromMs);
    const range = { fromMs: startMs, toMs: Math.max(startMs + 1, Math.min(toMs, copy.ranges.at(-1)!.toMs)) };
    const ranges = cutRanges(copy.ranges, range);
    const freeSlot = await this.#slots.take();
    const file = path.join(this.#options.dir, `${randomUUID()}.mp4`);
    try {
      await makeFolder(this.#options.dir);
      await this.#encode(copy, { ranges, file, offsetMs: startMs - first.fromMs, cover });
      const { size } = await stat(file);
      return new EncodedClip(file, size, ranges);
    } catch (error) {
      await rm(file, { force: true });
      throw error;
    } finally {
      freeSlot();
    }
  }

  async #encode(
    copy: ClipFile,
    of: { ranges: readonly ClipRange[]; file: string; offsetMs: number; cover: CoverPicture },
  ): Promise<void> {
    const { ffmpeg: findFfmpeg, clock, log } = this.#options;
    const ffmpeg = await findFfmpeg();
    if (!ffmpeg.capabilities.encodesH264) throw cannotEncode(ffmpeg);
    const shownMs = of.ranges.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
    const cut = { fromSeconds: of.offsetMs / 1000, seconds: shownMs / 1000 };
    const pictures = { ...cut, fps: FPS, longSidePxMax: LONG_SIDE_PX_MAX };
    const shared = { ffmpeg, stdin: 'pipe', log, name: 'covered clip' } as const;
    const reader = startFfmpeg({ ...shared, args: picturesArguments(pictures) });
    const writer = startFfmpeg({ ...shared, args: movieOfPicturesArguments({ fps: FPS, file: of.file }) });
    writer.stdout.resume();
    writer.stdin!.on('error', (error) => log.debug({ cause: messageOf(error) }, 'covered clip input closed'));
    const stop = () => Promise.all([reader.stop(), writer.stop()]);
    let isLate = false;
    const timer = clock.after(TIMEOUT_MS, () => {
      isLate = true;
      void stop();
    });
    // FFmpeg closes its input when it has seen enough.
    const fed = pipeline(copy.read(0, copy.bytes), reader.stdin!).catch((error: unknown) =>
      log.debug({ cause: messageOf(error) }, 'clip input closed'),
    );
    try {
      const count = await covered(reader, writer, of);
      writer.stdin!.end();
      const exits = await Promise.all([reader.exited, writer.exited]);
      const fault = exits.find(({ code }) => code !== 0);
      if (isLate) throw late();
      if (fault !== undefined) throw failed(fault.stderrTail.trim().split('\n').at(-1) ?? 'FFmpeg ended');
      if (count === 0) throw failed('it has no picture');
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

function busy(): AppError {
  const message = 'too many clips are being covered: ask again later';
  return new AppError('recording/clip-busy', 'unavailable', message);
}

function late(): AppError {
  const message = `the clip could not be covered in ${TIMEOUT_MS / 1000} s: ask for a shorter one`;
  return new AppError('recording/clip-timeout', 'timeout', message);
}

function failed(why: string): AppError {
  return new AppError('recording/clip-failed', 'unavailable', `the clip cannot be covered: ${why}`);
}

function cannotEncode({ origin, version }: Ffmpeg): AppError {
  const message = `the ${origin} FFmpeg ${version} has no encoder libx264, which a covered clip needs: install another FFmpeg`;
  return new AppError('media/ffmpeg-unusable', 'unavailable', message);
}
