import { AppError } from '../base/index.js';

/** A box within a buffer; `start` and `end` enclose its payload. */
export interface Box {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** The error for bytes that are not the fragmented MP4 that we asked FFmpeg for. */
export function fmp4Invalid(what: string): AppError {
  return new AppError('media/fmp4-invalid', 'unavailable', `FFmpeg's MP4 output ${what}`);
}

/**
 * The boxes that fill `bytes` from `start` to `end`.
 * @throws {AppError} `media/fmp4-invalid` when one does not fit
 */
export function* boxesIn(bytes: Buffer, start: number, end: number): Generator<Box> {
  for (let at = start; at < end;) {
    if (end - at < 8) throw fmp4Invalid('has a box cut short');
    const size = bytes.readUInt32BE(at);
    if (size < 8 || at + size > end)
      throw fmp4Invalid(`has a box of ${size} bytes where ${end - at} are left`);
    yield { type: bytes.toString('latin1', at + 4, at + 8), start: at + 8, end: at + size };
    at += size;
  }
}

/**
 * Follows `path` down from the boxes between `start` and `end`, always to the first of its type.
 * @throws {AppError} `media/fmp4-invalid` when there is none
 */
export function findBox(bytes: Buffer, start: number, end: number, ...path: readonly string[]): Box {
  let found: Box = { type: '', start, end };
  for (const type of path) {
    let next: Box | undefined;
    for (const box of boxesIn(bytes, found.start, found.end)) {
      if (box.type === type) {
        next = box;
        break;
      }
    }
    if (next === undefined) throw fmp4Invalid(`has no ${path.join('/')}`);
    found = next;
  }
  return found;
}
