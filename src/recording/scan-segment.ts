import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { AppError } from '../base/index.js';
import { parseInit, readFragmentHead, sampleDescription, type Mp4Init } from '../media/index.js';
import { readNote, type SegmentNote } from './segment-note.js';

const WINDOW_BYTES = 64 * 1024;
const HEADER_BYTES = 8;
/** Of `moov`, `moof` and other boxes that are looked into; frames may be larger. */
const LOOKED_INTO_BYTES_MAX = 1024 * 1024;

/** The whole frames of a segment file, in arrays of one length; times in 1/90000 s. */
export interface ScannedSegment {
  readonly init: Mp4Init;
  /** Absent in files that are not ours. */
  readonly note: SegmentNote | undefined;
  readonly dtsTicks: readonly number[];
  readonly ptsTicks: readonly number[];
  /** Where each frame lies in the file, without its headers. */
  readonly offsets: readonly number[];
  readonly bytes: readonly number[];
  readonly isKeyframe: readonly boolean[];
  readonly lastDurationTicks: number;
  /** Behind the last whole frame. */
  readonly endOffset: number;
}

/** See {@link SegmentRow.description} of the store. */
export function descriptionOf(initSegment: Buffer): string {
  return createHash('sha256').update(sampleDescription(initSegment)).digest('hex').slice(0, 16);
}

/**
 * Reads what frames a segment file has, up to the first that is not whole: what a power cut leaves may be cut short, or
 * long enough but empty. Reads headers only.
 *
 * @param sizeBytes of the file, or as much of it as counts
 * @returns undefined when there is not one whole frame
 */
export async function scanSegment(file: FileHandle, sizeBytes: number): Promise<ScannedSegment | undefined> {
  const reader = new WindowReader(file, sizeBytes);
  const found = {
    dtsTicks: [] as number[],
    ptsTicks: [] as number[],
    offsets: [] as number[],
    bytes: [] as number[],
    isKeyframe: [] as boolean[],
  };
  let init: Mp4Init | undefined;
  let note: SegmentNote | undefined;
  let ftyp = Buffer.alloc(0);
  let lastDurationTicks = 0;
  let endOffset = 0;
  try {
    for (let at = 0; ;) {
      const header = await reader.read(at, HEADER_BYTES);
      if (header === undefined) break;
      const size = header.readUInt32BE(0);
      const type = header.toString('latin1', 4, 8);
      if (size < HEADER_BYTES || size > LOOKED_INTO_BYTES_MAX) break;
      // With a fragment comes the header of its mdat, and the first bytes of the frame.
      const whole = await reader.read(at, type === 'moof' ? size + HEADER_BYTES + 4 : size);
      if (whole === undefined) break;
      if (type === 'ftyp') ftyp = Buffer.from(whole);
      else if (type === 'moov') init = parseInit(Buffer.concat([ftyp, whole]));
      else if (type === 'uuid') note ??= readNote(whole);
      else if (type === 'moof') {
        const payloadStart = size + HEADER_BYTES;
        const mdatBytes = whole.readUInt32BE(size);
        const end = at + size + mdatBytes;
        const isEmpty = whole.readUInt32BE(payloadStart) === 0;
        if (init === undefined || whole.toString('latin1', size + 4, payloadStart) !== 'mdat') break;
        if (mdatBytes <= HEADER_BYTES || end > sizeBytes || isEmpty) break;
        const head = readFragmentHead(whole, init);
        if (head.sampleCount !== 1) break;
        found.dtsTicks.push(head.dtsTicks);
        found.ptsTicks.push(head.ptsTicks);
        found.offsets.push(at + payloadStart);
        found.bytes.push(mdatBytes - HEADER_BYTES);
        found.isKeyframe.push(head.isKeyframe);
        lastDurationTicks = head.durationTicks;
        at = endOffset = end;
        continue;
      }
      at += size;
    }
  } catch (error) {
    // Bytes that make no sense end what can be used; a disk that cannot be read is another matter.
    if (!(error instanceof AppError)) throw error;
  }
  if (init === undefined || found.dtsTicks.length === 0) return undefined;
  return { init, note, ...found, lastDurationTicks, endOffset };
}

/** Reads a file forwards through a window, since the headers of small frames lie close together. */
class WindowReader {
  readonly #file: FileHandle;
  readonly #sizeBytes: number;
  #window: Buffer = Buffer.alloc(0);
  #windowAt = 0;

  constructor(file: FileHandle, sizeBytes: number) {
    this.#file = file;
    this.#sizeBytes = sizeBytes;
  }

  /** A view that is good until the next read; undefined where the file ends before. */
  async read(at: number, length: number): Promise<Buffer | undefined> {
    if (at + length > this.#sizeBytes) return undefined;
    if (at < this.#windowAt || at + length > this.#windowAt + this.#window.length) {
      const wanted = Math.min(Math.max(WINDOW_BYTES, length), this.#sizeBytes - at);
      const { bytesRead, buffer } = await this.#file.read(Buffer.allocUnsafe(wanted), 0, wanted, at);
      this.#window = buffer.subarray(0, bytesRead);
      this.#windowAt = at;
      if (bytesRead < length) return undefined;
    }
    return this.#window.subarray(at - this.#windowAt, at - this.#windowAt + length);
  }
}
