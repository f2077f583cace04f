import { makeFolder, renameDurably, syncFolder } from '../base/index.js';
import { randomBytes } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { Fragment, StreamInfo } from '../ingest/index.js';
import { TICKS_PER_SECOND } from '../ingest/index.js';
import type { SegmentCause, SegmentRow, SegmentSeverity } from '../store/index.js';
import { descriptionOf } from './scan-segment.js';
import { noteBox } from './segment-note.js';

/** Ending of a file that is still written, or was not ended in order. */
export const PART = '.part';
const TICKS_PER_MS = TICKS_PER_SECOND / 1000;

/** A folder that segments go to. */
export interface Place {
  /** Name of the tier. */
  readonly tier: string;
  readonly dir: string;
}

/** What a segment begins with. */
export interface SegmentHead {
  readonly camera: string;
  readonly stream: StreamInfo;
  readonly cause: SegmentCause;
  readonly severity: SegmentSeverity;
  /** Its first frame: a keyframe. */
  readonly first: Fragment;
}

/**
 * A segment file that is being written. Its wall times come from the arrival of the frame that was on its way for the shortest
 * time, on the monotonic clock from the first frame on: neither jitter nor a step of the wall clock moves them.
 */
export class OpenSegment {
  severity: SegmentSeverity;
  readonly #head: SegmentHead;
  readonly #place: Place;
  readonly #path: string;
  readonly #description: string;
  readonly #wallOffsetMs: number;
  #file: FileHandle | undefined;
  #bytes = 0;
  #frames = 0;
  #lastPtsTicks: number;
  /** Least time between presentation and arrival. */
  #delayMs: number;
  #isDirty = false;

  constructor(head: SegmentHead, place: Place) {
    const { first, stream, camera } = head;
    this.#head = head;
    this.#place = place;
    this.severity = head.severity;
    this.#description = descriptionOf(stream.initSegment);
    this.#wallOffsetMs = first.capturedAtMs - first.arrivedMs;
    this.#lastPtsTicks = first.ptsTicks;
    this.#delayMs = first.arrivedMs - first.ptsTicks / TICKS_PER_MS;
    const [day = '', time = ''] = new Date(first.capturedAtMs).toISOString().split('T');
    const name = `${time.replaceAll(':', '').slice(0, 10)}-${randomBytes(4).toString('hex')}.mp4`;
    this.#path = path.posix.join(camera, day, name);
  }

  /** As the index will have it, as far as it is written. */
  get row(): SegmentRow {
    const { camera, stream, cause, first } = this.#head;
    const lengthMs = (this.#lastPtsTicks - first.ptsTicks) / TICKS_PER_MS;
    const frameMs = this.#frames > 1 ? lengthMs / (this.#frames - 1) : 0;
    const startMs = Math.round(this.#wallOffsetMs + this.#delayMs + first.ptsTicks / TICKS_PER_MS);
    return {
      camera,
      startMs,
      endMs: Math.round(startMs + lengthMs + frameMs),
      epoch: stream.epoch,
      cause,
      severity: this.severity,
      codec: stream.codec,
      widthPx: stream.widthPx,
      heightPx: stream.heightPx,
      description: this.#description,
      frames: this.#frames,
      bytes: this.#bytes,
      tier: this.#place.tier,
      path: this.#path,
    };
  }

  get frames(): number {
    return this.#frames;
  }

  /** Something was written that is perhaps not on the disk yet. */
  get isDirty(): boolean {
    return this.#isDirty;
  }

  /** Creates the file with its init segment. @throws {Error} of the file system */
  async create(): Promise<void> {
    const { camera, stream, cause, severity, first } = this.#head;
    await makeFolder(path.dirname(this.#target));
    this.#file = await open(this.#target + PART, 'wx');
    const note = { v: 1 as const, camera, startMs: first.capturedAtMs, epoch: stream.epoch, cause, severity };
    const head = Buffer.concat([stream.initSegment, noteBox(note)]);
    await this.#write([head]);
    this.#bytes = head.length;
    await syncFolder(path.dirname(this.#target));
  }

  /** Appends whole frames. @throws {Error} of the file system; none of them counts then */
  async append(fragments: readonly Fragment[]): Promise<void> {
    await this.#write(fragments.map(({ bytes }) => bytes));
    for (const { bytes, ptsTicks, arrivedMs } of fragments) {
      this.#bytes += bytes.length;
      this.#frames++;
      this.#lastPtsTicks = Math.max(this.#lastPtsTicks, ptsTicks);
      this.#delayMs = Math.min(this.#delayMs, arrivedMs - ptsTicks / TICKS_PER_MS);
    }
  }

  /** Puts all that was written on the disk. @throws {Error} of the file system; the file must not be trusted then */
  async sync(): Promise<void> {
    await this.#file?.datasync();
    this.#isDirty = false;
  }

  /** Gives the file its final name; it is on the disk then, and may be committed. @throws {Error} of the file system */
  async finish(): Promise<void> {
    await this.#file?.sync();
    await this.close();
    await renameDurably(this.#target + PART, this.#target);
  }

  /** Cuts off a frame that was written in part. @throws {Error} of the file system */
  async trim(): Promise<void> {
    await this.#file?.truncate(this.#bytes);
  }

  /** Lets go of the file, whatever is in it. */
  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  get #target(): string {
    return path.join(this.#place.dir, this.#path);
  }

  async #write(buffers: Buffer[]): Promise<void> {
    if (this.#file === undefined) throw new Error('the segment is not open');
    this.#isDirty = true;
    let left = buffers;
    let at = this.#bytes;
    while (left.length > 0) {
      const { bytesWritten } = await this.#file.writev(left, at);
      at += bytesWritten;
      left = behind(left, bytesWritten);
    }
  }
}

/** What of `buffers` is left when so many bytes of them were written: the kernel may take less than all. */
function behind(buffers: readonly Buffer[], writtenBytes: number): Buffer[] {
  let skip = writtenBytes;
  const left: Buffer[] = [];
  for (const buffer of buffers) {
    if (skip < buffer.length) left.push(buffer.subarray(skip));
    skip = Math.max(0, skip - buffer.length);
  }
  return left;
}
