import { randomUUID } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import type { ClipFile, ClipRange } from './clip.js';

const READ_BYTES = 256 * 1024;

/** A movie file that was made for a clip, and is deleted when that is closed. */
export class EncodedClip implements ClipFile {
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
export function cutRanges(ranges: readonly ClipRange[], { fromMs, toMs }: ClipRange): ClipRange[] {
  return ranges
    .map((range) => ({ fromMs: Math.max(range.fromMs, fromMs), toMs: Math.min(range.toMs, toMs) }))
    .filter((range) => range.toMs > range.fromMs);
}
