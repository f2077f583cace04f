import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { AppError } from '../base/index.js';
import { TICKS_PER_SECOND } from '../ingest/index.js';
import { movieHead } from '../media/index.js';
import type { SegmentRow } from '../store/index.js';
import { PART } from './open-segment.js';
import { scanSegment, type ScannedSegment } from './scan-segment.js';

const TICKS_PER_MS = TICKS_PER_SECOND / 1000;
/** Frames are read together up to this, headers in between included. */
const READ_BYTES_MAX = 256 * 1024;

/** What a clip shows of wall time, ms. */
export interface ClipRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A movie file that is made while it is read. */
export interface ClipFile {
  /** The times that it shows; between two of them nothing is recorded, and the clip jumps. */
  readonly ranges: readonly ClipRange[];
  readonly bytes: number;
  /** Equal where the content is. */
  readonly etag: string;
  /** The bytes from `start` up to `end`, without that one. @throws {AppError} `recording/clip-gone` when a file was deleted meanwhile */
  read(start: number, end: number): AsyncIterable<Buffer>;
  /** Lets go of what is only there for this clip. */
  close(): Promise<void>;
}

/** A recorded file and where it lies. */
export interface ClipSource {
  readonly row: SegmentRow;
  /** Absolute; while it is still being written it has another ending. */
  readonly file: string;
}

interface Piece {
  readonly source: ClipSource;
  readonly scanned: ScannedSegment;
  /** First and last frame that are taken; without the last. */
  readonly first: number;
  readonly end: number;
}

/**
 * A clip by copy: from the last keyframe at or before `fromMs` on, over as many segments as it takes.
 *
 * @param sources by their starts
 * @throws {AppError} `recording/nothing-recorded`, `recording/clip-mixed`
 */
export async function buildClip(
  sources: readonly ClipSource[],
  { fromMs, toMs }: ClipRange,
): Promise<ClipFile> {
  const pieces: Piece[] = [];
  for (const source of sources) {
    const scanned = await scanSource(source);
    const piece = scanned === undefined ? undefined : choose(source, scanned, fromMs, toMs);
    if (piece !== undefined) pieces.push(piece);
  }
  const [first] = pieces;
  if (first === undefined) throw nothingRecorded();
  const other = pieces.find(({ source }) => source.row.description !== first.source.row.description);
  if (other !== undefined)
    throw new AppError(
      'recording/clip-mixed',
      'conflict',
      `the camera changed its picture's size or coding at ${isoTime(other.source.row.startMs)}: ask for one clip that ends there and another that begins there`,
    );
  return new CopiedClip(pieces);
}

/** Times as the API tells them. */
function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

/** The error where a time has no recording. */
export function nothingRecorded(): AppError {
  const message =
    'nothing is recorded of this camera in this time: /api/v1/recordings tells what is, and why the rest is not';
  return new AppError('recording/nothing-recorded', 'not-found', message);
}

/** Undefined when the file is gone, or has no whole frame. */
async function scanSource({ row, file }: ClipSource): Promise<ScannedSegment | undefined> {
  const handle = await openEither(file);
  if (handle === undefined) return undefined;
  try {
    const { size } = await handle.stat();
    return await scanSegment(handle, Math.min(size, row.bytes));
  } finally {
    await handle.close();
  }
}

/** A file under its own name, or under the one that it has while it is written. */
async function openEither(file: string): Promise<FileHandle | undefined> {
  for (const name of [file, file + PART, file]) {
    try {
      return await open(name, 'r');
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'ENOENT') throw error;
    }
  }
  return undefined;
}

function choose(
  source: ClipSource,
  scanned: ScannedSegment,
  fromMs: number,
  toMs: number,
): Piece | undefined {
  const { ptsTicks, dtsTicks, isKeyframe } = scanned;
  const toTicks = (ms: number) => ptsTicks[0]! + (ms - source.row.startMs) * TICKS_PER_MS;
  const [fromTicks, endTicks] = [toTicks(fromMs), toTicks(toMs)];
  let first = 0;
  for (let at = 0; at < ptsTicks.length && dtsTicks[at]! <= fromTicks; at++)
    if (isKeyframe[at]! && ptsTicks[at]! <= fromTicks) first = at;
  let end = dtsTicks.findIndex((dts) => dts >= endTicks);
  if (end < 0) end = dtsTicks.length;
  return end > first ? { source, scanned, first, end } : undefined;
}

class CopiedClip implements ClipFile {
  readonly ranges: readonly ClipRange[];
  readonly bytes: number;
  readonly etag: string;
  readonly #head: Buffer;
  readonly #pieces: readonly Piece[];

  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces;
    const frames = {
      dtsTicks: [] as number[],
      ptsTicks: [] as number[],
      bytes: [] as number[],
      isKeyframe: [] as boolean[],
      lastDurationTicks: 0,
    };
    const ranges: ClipRange[] = [];
    let before: Piece | undefined;
    let shift = 0;
    for (const piece of pieces) {
      const { scanned, first, end } = piece;
      // Behind the frame before, at its own distance where it followed it, else at once.
      const isNext = before !== undefined && follows(before, piece);
      const last = frames.dtsTicks.at(-1);
      if (!isNext && last !== undefined) shift = last + frames.lastDurationTicks - scanned.dtsTicks[first]!;
      for (let at = first; at < end; at++) {
        frames.dtsTicks.push(scanned.dtsTicks[at]! + shift);
        frames.ptsTicks.push(scanned.ptsTicks[at]! + shift);
        frames.bytes.push(scanned.bytes[at]!);
        frames.isKeyframe.push(scanned.isKeyframe[at]!);
      }
      frames.lastDurationTicks = durationOfLast(piece);
      const range = rangeOf(piece, frames.lastDurationTicks);
      const previous = ranges.at(-1);
      if (isNext && previous !== undefined)
        ranges[ranges.length - 1] = { fromMs: previous.fromMs, toMs: range.toMs };
      else ranges.push(range);
      before = piece;
    }
    this.ranges = ranges;
    this.#head = movieHead(pieces[0]!.scanned.init.bytes, frames);
    this.bytes = frames.bytes.reduce((sum, bytes) => sum + bytes, this.#head.length);
    this.etag = createHash('sha256').update(this.#head).digest('hex').slice(0, 20);
  }

  async *read(start: number, end: number): AsyncIterable<Buffer> {
    if (start < this.#head.length) yield this.#head.subarray(start, Math.min(end, this.#head.length));
    let at = this.#head.length;
    for (const piece of this.#pieces) {
      const bytes = sum(piece.scanned.bytes, piece.first, piece.end);
      if (at + bytes > start && at < end) yield* readPiece(piece, start - at, end - at);
      at += bytes;
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Whether a piece goes on where another one ended, in the same stream and without a frame missing. */
function follows(before: Piece, piece: Piece): boolean {
  const gapTicks = piece.scanned.dtsTicks[piece.first]! - before.scanned.dtsTicks[before.end - 1]!;
  const { epoch, cause } = piece.source.row;
  const isNear = gapTicks > 0 && gapTicks < 10 * TICKS_PER_SECOND;
  return cause === 'rotation' && epoch === before.source.row.epoch && piece.first === 0 && isNear;
}

function durationOfLast({ scanned, end }: Piece): number {
  const next = scanned.dtsTicks[end];
  if (next !== undefined) return next - scanned.dtsTicks[end - 1]!;
  return scanned.lastDurationTicks || TICKS_PER_SECOND / 25;
}

function rangeOf({ source, scanned, first, end }: Piece, lastDurationTicks: number): ClipRange {
  const { startMs } = source.row;
  const { ptsTicks } = scanned;
  const wallMs = (ticks: number) => startMs + (ticks - ptsTicks[0]!) / TICKS_PER_MS;
  const last = ptsTicks.slice(first, end).reduce((most, pts) => Math.max(most, pts), -Infinity);
  return { fromMs: wallMs(ptsTicks[first]!), toMs: wallMs(last + lastDurationTicks) };
}

/** Bytes of the frames of a piece, counted from its first one. */
async function* readPiece(piece: Piece, start: number, end: number): AsyncIterable<Buffer> {
  const { bytes, offsets } = piece.scanned;
  const handle = await openEither(piece.source.file);
  if (handle === undefined)
    throw new AppError('recording/clip-gone', 'not-found', 'a recorded file was deleted while it was read');
  try {
    let at = 0;
    for (let frame = piece.first; frame < piece.end && at < end;) {
      const readFrom = offsets[frame]!;
      let behind = frame + 1;
      while (behind < piece.end && offsets[behind]! + bytes[behind]! - readFrom <= READ_BYTES_MAX) behind++;
      const all = sum(bytes, frame, behind);
      if (at + all > start) {
        const length = offsets[behind - 1]! + bytes[behind - 1]! - readFrom;
        const buffer = Buffer.allocUnsafe(length);
        const { bytesRead } = await handle.read(buffer, 0, length, readFrom);
        if (bytesRead < length)
          throw new AppError(
            'recording/clip-gone',
            'not-found',
            'a recorded file became shorter while it was read',
          );
        const payload = Buffer.concat(
          bytes.slice(frame, behind).map((size, index) => {
            const from = offsets[frame + index]! - readFrom;
            return buffer.subarray(from, from + size);
          }),
        );
        yield payload.subarray(Math.max(0, start - at), Math.min(all, end - at));
      }
      at += all;
      frame = behind;
    }
  } finally {
    await handle.close();
  }
}

function sum(values: readonly number[], first: number, end: number): number {
  let all = 0;
  for (let at = first; at < end; at++) all += values[at]!;
  return all;
}
