import type { SegmentCause, SegmentSeverity } from '../store/index.js';

/** What a file says of itself, so that the index can be made again from the files. */
export interface SegmentNote {
  readonly v: 1;
  readonly camera: string;
  /** Wall time of its first frame as known when it was begun, ms. */
  readonly startMs: number;
  readonly epoch: number;
  readonly cause: SegmentCause;
  readonly severity: SegmentSeverity;
}

/** Our own type of box (ISO/IEC 14496-12, 4.2: `uuid`); players skip it. */
const BOX_ID = Buffer.from('d1b0c8a46e0f4b6f9f0b5c2f7d3ae491', 'hex');
const HEADER_BYTES = 8;

/** A note as a box, to stand behind the init segment. */
export function noteBox(note: SegmentNote): Buffer {
  const text = Buffer.from(JSON.stringify(note));
  const size = Buffer.alloc(4);
  size.writeUInt32BE(HEADER_BYTES + BOX_ID.length + text.length);
  return Buffer.concat([size, Buffer.from('uuid'), BOX_ID, text]);
}

/** Reads the note from a whole `uuid` box; undefined when it is not one of ours. */
export function readNote(box: Buffer): SegmentNote | undefined {
  const textStart = HEADER_BYTES + BOX_ID.length;
  if (!box.subarray(HEADER_BYTES, textStart).equals(BOX_ID)) return undefined;
  try {
    const note = JSON.parse(box.toString('utf8', textStart)) as SegmentNote;
    return note.v === 1 && typeof note.camera === 'string' && Number.isFinite(note.startMs)
      ? note
      : undefined;
  } catch {
    return undefined;
  }
}
