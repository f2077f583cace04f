import { randomUUID } from 'node:crypto';
import { open, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError, makeFolder, messageOf, type Clock, type Log } from '../base/index.js';
import { SpawnSlots } from '../ingest/index.js';
import type { Ffmpeg, FfmpegChild } from '../media/index.js';
import type { ClipFile, ClipRange } from './clip.js';

const AT_ONCE_MAX = 1;
const WAITING_MAX = 4;
const READ_BYTES = 256 * 1024;

/** What encoded clips are made with. */
export interface ClipEncoderOptions {
  readonly ffmpeg: () => Promise<Ffmpeg>;
  /** For the files that are made; each is deleted when its clip is closed. */
  readonly dir: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** One clip to encode. */
export interface ClipToEncode {
  readonly copy: ClipFile;
  /** What of the copy it shows; gaps are left out, and so count for nothing in its length. */
  readonly ranges: readonly ClipRange[];
  /** From the copy's beginning to the clip's. */
  readonly offsetMs: number;
  readonly shownMs: number;
  /** To be written, an MP4. */
  readonly file: string;
}

/** Where clips are made by encoding, one after another, each in a file of its own. */
export class ClipEncoder {
  readonly #dir: string;
  readonly #slots = new SpawnSlots(AT_ONCE_MAX);

  constructor({ dir }: Pick<ClipEncoderOptions, 'dir'>) {
    this.#dir = dir;
  }

  /**
   * A copied clip cut to a time. Nothing is left where it fails.
   *
   * @throws {AppError} `recording/clip-busy`, `recording/clip-failed`, and what `encode` throws
   */
  async make(
    copy: ClipFile,
    { fromMs, toMs }: ClipRange,
    encode: (clip: ClipToEncode) => Promise<void>,
  ): Promise<ClipFile> {
    if (this.#slots.waiting >= WAITING_MAX) throw busy();
    const first = copy.ranges[0]!;
    const startMs = Math.max(fromMs, first.fromMs);
    const endMs = Math.max(startMs + 1, Math.min(toMs, copy.ranges.at(-1)!.toMs));
    const ranges = cutRanges(copy.ranges, { fromMs: startMs, toMs: endMs });
    const shownMs = ranges.reduce((sum, range) => sum + range.toMs - range.fromMs, 0);
    const freeSlot = await this.#slots.take();
    const file = path.join(this.#dir, `${randomUUID()}.mp4`);
    try {
      await makeFolder(this.#dir);
      await encode({ copy, ranges, offsetMs: startMs - first.fromMs, shownMs, file });
      const { size } = await stat(file);
      if (size === 0) throw clipFailed('it has no picture');
      return new EncodedClip(file, size, ranges);
    } catch (error) {
      await rm(file, { force: true });
      throw error;
    } finally {
      freeSlot();
    }
  }
}

/** Gives FFmpeg a movie; resolves when it was read, or FFmpeg has closed its input, having seen enough. */
export function feed(child: FfmpegChild, copy: ClipFile, log: Log): Promise<void> {
  return pipeline(copy.read(0, copy.bytes), child.stdin!).catch((error: unknown) =>
    log.debug({ cause: messageOf(error) }, 'clip input closed'),
  );
}

/** What is told of a clip that FFmpeg did not make; `why` in its own words. */
export function clipFailed(why: string): AppError {
  return new AppError('recording/clip-failed', 'unavailable', `the clip cannot be encoded: ${why}`);
}

/** What is told of a clip that took too long. */
export function clipTimeout(timeoutMs: number): AppError {
  const message = `the clip could not be encoded in ${timeoutMs / 1000} s: ask for a shorter one`;
  return new AppError('recording/clip-timeout', 'timeout', message);
}

function busy(): AppError {
  return new AppError(
    'recording/clip-busy',
    'unavailable',
    'too many clips are being encoded: ask again later',
  );
}

/** A movie file that was made for a clip, and is deleted when that is closed. */
class EncodedClip implements ClipFile {
  readonly etag = randomUUID();

  constructor(
    readonly file: string,
    readonly bytes: number,
    readonly ranges: readonly ClipRange[],
  ) {}

  async *read(start: number, end: number): AsyncIterable<Buffer> {
    const handle = await open(this.file, 'r');
    try {
      for (let at = start; at < end;) {
        const wanted = Math.min(READ_BYTES, end - at);
        const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(wanted), 0, wanted, at);
        if (bytesRead === 0) return;
        yield buffer.subarray(0, bytesRead);
        at += bytesRead;
      }
    } finally {
      await handle.close();
    }
  }

  close(): Promise<void> {
    return rm(this.file, { force: true });
  }
}

/** What of the ranges lies within another one. */
function cutRanges(ranges: readonly ClipRange[], { fromMs, toMs }: ClipRange): ClipRange[] {
  return ranges
    .map((range) => ({ fromMs: Math.max(range.fromMs, fromMs), toMs: Math.min(range.toMs, toMs) }))
    .filter((range) => range.toMs > range.fromMs);
}
