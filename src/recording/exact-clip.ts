import { randomUUID } from 'node:crypto';
import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError, messageOf, type Clock, type Log, makeFolder } from '../base/index.js';
import { SpawnSlots } from '../ingest/index.js';
import { cutArguments, startFfmpeg, type Ffmpeg } from '../media/index.js';
import type { ClipFile, ClipRange } from './clip.js';
import { cutRanges, EncodedClip } from './encoded-clip.js';

const AT_ONCE_MAX = 1;
const WAITING_MAX = 4;
const TIMEOUT_MS = 120_000;

/** Encodes clips that begin and end at any picture, one after another. */
export class ExactClips {
  readonly #options: { ffmpeg: () => Promise<Ffmpeg>; dir: string; clock: Clock; log: Log };
  readonly #slots = new SpawnSlots(AT_ONCE_MAX);

  /** @param options.dir for the files that are made; each is deleted when its clip is closed */
  constructor(options: { ffmpeg: () => Promise<Ffmpeg>; dir: string; clock: Clock; log: Log }) {
    this.#options = options;
  }

  /** Deletes what an earlier run left. */
  async clear(): Promise<void> {
    await rm(this.#options.dir, { recursive: true, force: true });
  }

  /**
   * A copied clip cut to a time. The copy is read once.
   *
   * @throws {AppError} `recording/clip-busy`, `recording/clip-timeout`, `recording/clip-failed`, `media/ffmpeg-unusable`
   */
  async cut(copy: ClipFile, { fromMs, toMs }: ClipRange): Promise<ClipFile> {
    if (this.#slots.waiting >= WAITING_MAX) throw busy();
    const first = copy.ranges[0]!;
    const startMs = Math.max(fromMs, first.fromMs);
    const range = { fromMs: startMs, toMs: Math.max(startMs + 1, Math.min(toMs, copy.ranges.at(-1)!.toMs)) };
    const freeSlot = await this.#slots.take();
    const file = path.join(this.#options.dir, `${randomUUID()}.mp4`);
    try {
      await makeFolder(this.#options.dir);
      await this.#encode(copy, range, file, startMs - first.fromMs);
      const { size } = await stat(file);
      if (size === 0) throw failed('it has no picture');
      return new EncodedClip(file, size, cutRanges(copy.ranges, range));
    } catch (error) {
      await rm(file, { force: true });
      throw error;
    } finally {
      freeSlot();
    }
  }

  async #encode(copy: ClipFile, range: ClipRange, file: string, offsetMs: number): Promise<void> {
    const { ffmpeg: findFfmpeg, clock, log } = this.#options;
    const ffmpeg = await findFfmpeg();
    // Gaps are left out of a clip, and so count for nothing in its length.
    const shownMs = cutRanges(copy.ranges, range).reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
    // A little before, as times of segments are whole milliseconds: the picture of that very moment is to be in.
    const cut = { fromSeconds: Math.max(0, offsetMs - 0.5) / 1000, seconds: shownMs / 1000, file };
    const args = cutArguments(ffmpeg, cut);
    const child = startFfmpeg({ ffmpeg, args, stdin: 'pipe', log, name: 'clip' });
    child.stdout.resume();
    let isLate = false;
    const timer = clock.after(TIMEOUT_MS, () => {
      isLate = true;
      void child.stop();
    });
    // FFmpeg closes its input when it has seen enough.
    const fed = pipeline(copy.read(0, copy.bytes), child.stdin!).catch((error: unknown) =>
      log.debug({ cause: messageOf(error) }, 'clip input closed'),
    );
    const exit = await child.exited;
    timer.cancel();
    await fed;
    if (isLate) {
      const message = `the clip could not be encoded in ${TIMEOUT_MS / 1000} s: ask for a shorter one, or without exact`;
      throw new AppError('recording/clip-timeout', 'timeout', message);
    }
    if (exit.code !== 0) throw failed(exit.stderrTail.trim().split('\n').at(-1) ?? 'FFmpeg ended');
  }
}

function busy(): AppError {
  const message = 'too many exact clips are being made: ask again later, or without exact';
  return new AppError('recording/clip-busy', 'unavailable', message);
}

function failed(why: string): AppError {
  return new AppError(
    'recording/clip-failed',
    'unavailable',
    `the clip cannot be encoded (${why}): ask without exact`,
  );
}
