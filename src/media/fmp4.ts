import { AppError } from '../base/index.js';
import { readCodecConfig, type CodecFacts } from './codec-string.js';
import { boxesIn, findBox, fmp4Invalid, type Box } from './mp4-box.js';

/** `ftyp` and `moov`, and what they say of the video track. */
export interface Mp4Init extends CodecFacts {
  readonly bytes: Buffer;
  /** As it is shown: after a quarter turn, where the track has one. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** Ticks per second of the fragments' times. */
  readonly timescale: number;
  /** Sample flags where a fragment gives none (`trex`). */
  readonly defaultSampleFlags: number;
}

/** What a fragment's `moof` says; times and flag are of its first sample. */
export interface FragmentHead {
  readonly dtsTicks: number;
  readonly ptsTicks: number;
  /** Of one sample; 0 where the fragment does not say. */
  readonly durationTicks: number;
  readonly isKeyframe: boolean;
  readonly sampleCount: number;
  /** Where the samples begin, counted from the beginning of `moof`. */
  readonly payloadStart: number;
}

/** `moof` and `mdat` of one fragment. */
export interface Mp4Fragment extends FragmentHead {
  readonly bytes: Buffer;
}

const BOX_BYTES_MAX = 64 << 20;
const HEADER_BYTES = 8;
/** What may stand between fragments, and is of no interest. */
const SKIPPED = new Set(['free', 'skip', 'styp', 'sidx', 'mfra', 'emsg', 'prft', 'uuid']);
const NOT_SYNC = 0x10000;

/**
 * Cuts a stream of fragmented MP4, as it comes from a pipe, into its init segment and fragments. A fragment
 * within one chunk is a view of it, others are copied once: the chunks belong to the parser from then on.
 */
export class FragmentParser {
  readonly #onInit: (init: Mp4Init) => void;
  readonly #onFragment: (fragment: Mp4Fragment) => void;
  #chunks: Buffer[] = [];
  #buffered = 0;
  /** Nothing can be done before so many bytes are there. */
  #needed = HEADER_BYTES;
  #ftyp: Buffer = Buffer.alloc(0);
  #init: Mp4Init | undefined;

  constructor(options: { onInit: (init: Mp4Init) => void; onFragment: (fragment: Mp4Fragment) => void }) {
    this.#onInit = options.onInit;
    this.#onFragment = options.onFragment;
  }

  /**
   * Takes the next bytes, cut anywhere; calls back for each part that they complete.
   * @throws {AppError} `media/fmp4-invalid`; the parser is of no use afterwards
   */
  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    if (this.#buffered < this.#needed) return;
    const bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks, this.#buffered);
    let at = 0;
    for (;;) {
      const size = this.#unitSize(bytes, at);
      if (bytes.length - at < size) {
        this.#needed = size;
        break;
      }
      this.#take(bytes.subarray(at, at + size));
      at += size;
    }
    this.#buffered = bytes.length - at;
    this.#chunks = this.#buffered === 0 ? [] : [bytes.subarray(at)];
  }

  /** Bytes of the next unit: a box, or `moof` and `mdat` together; more than there are while it is not known. */
  #unitSize(bytes: Buffer, at: number): number {
    const left = bytes.length - at;
    if (left < HEADER_BYTES) return HEADER_BYTES;
    const size = boxSize(bytes, at);
    if (typeAt(bytes, at) !== 'moof') return size;
    if (left < size + HEADER_BYTES) return size + HEADER_BYTES;
    if (typeAt(bytes, at + size) !== 'mdat') throw fmp4Invalid('has a moof without mdat');
    return size + boxSize(bytes, at + size);
  }

  #take(unit: Buffer): void {
    const type = typeAt(unit, 0);
    if (type === 'ftyp') this.#ftyp = unit;
    else if (type === 'moov') this.#takeInit(unit);
    else if (type === 'moof') this.#takeFragment(unit);
    else if (!SKIPPED.has(type)) throw fmp4Invalid(`has "${type}" where a fragment was expected`);
  }

  #takeInit(moov: Buffer): void {
    this.#init = readInit(Buffer.concat([this.#ftyp, moov]), this.#ftyp.length);
    this.#onInit(this.#init);
  }

  #takeFragment(unit: Buffer): void {
    if (this.#init === undefined) throw fmp4Invalid('has a fragment before its moov');
    this.#onFragment(readFragment(unit, this.#init));
  }
}

function typeAt(bytes: Buffer, at: number): string {
  return bytes.toString('latin1', at + 4, at + 8);
}

function boxSize(bytes: Buffer, at: number): number {
  const size = bytes.readUInt32BE(at);
  if (size < HEADER_BYTES || size > BOX_BYTES_MAX) {
    throw fmp4Invalid(`has a box "${typeAt(bytes, at)}" of ${size} bytes (${BOX_BYTES_MAX} are allowed)`);
  }
  return size;
}

/**
 * Reads an init segment (`ftyp` and `moov`) as {@link Mp4Init.bytes} has it.
 * @throws {AppError} `media/fmp4-invalid`
 */
export function parseInit(bytes: Buffer): Mp4Init {
  return readInit(bytes, boxSize(bytes, 0));
}

/** @param moovStart where `moov` begins in `bytes` */
function readInit(bytes: Buffer, moovStart: number): Mp4Init {
  const track = findBox(bytes, moovStart, bytes.length, 'moov', 'trak');
  const media = findBox(bytes, track.start, track.end, 'mdia');
  const mdhd = fullBox(bytes, findBox(bytes, media.start, media.end, 'mdhd'), 20);
  const timescale = bytes.readUInt32BE(mdhd.body + (mdhd.version === 1 ? 16 : 8));
  const stsd = findBox(bytes, media.start, media.end, 'minf', 'stbl', 'stsd');
  const entry = [...boxesIn(bytes, stsd.start + 8, stsd.end)][0];
  if (entry === undefined || entry.end - entry.start < VISUAL_ENTRY_BYTES)
    throw fmp4Invalid('has no video track');
  const configType = CONFIG_BOXES[entry.type];
  if (configType === undefined)
    throw new AppError(
      'media/codec-not-playable',
      'unavailable',
      `FFmpeg's MP4 output holds "${entry.type}", which browsers do not play`,
    );
  const config = findBox(bytes, entry.start + VISUAL_ENTRY_BYTES, entry.end, configType);
  const trex = fullBox(bytes, findBox(bytes, moovStart, bytes.length, 'moov', 'mvex', 'trex'), 20);
  const sides = [bytes.readUInt16BE(entry.start + 24), bytes.readUInt16BE(entry.start + 26)] as const;
  const [widthPx, heightPx] = isQuarterTurned(bytes, track) ? [sides[1], sides[0]] : sides;
  return {
    bytes,
    widthPx,
    heightPx,
    timescale,
    defaultSampleFlags: bytes.readUInt32BE(trex.body + 16),
    ...readCodecConfig(entry.type, bytes.subarray(config.start, config.end)),
  };
}

/** Whether the track's matrix (ISO/IEC 14496-12, 8.3.2) turns rows into columns, as in videos of telephones. */
function isQuarterTurned(bytes: Buffer, track: Box): boolean {
  const box = findBox(bytes, track.start, track.end, 'tkhd');
  const { version, body } = fullBox(bytes, box, 80);
  const matrix = body + (version === 1 ? 48 : 36);
  const entryAt = (index: number) => bytes.readInt32BE(matrix + index * 4);
  return entryAt(0) === 0 && entryAt(4) === 0 && entryAt(1) !== 0 && entryAt(3) !== 0;
}

/** Fields of a visual sample entry before its boxes. */
const VISUAL_ENTRY_BYTES = 78;
const CONFIG_BOXES: Readonly<Record<string, string>> = {
  avc1: 'avcC',
  avc3: 'avcC',
  hvc1: 'hvcC',
  hev1: 'hvcC',
  av01: 'av1C',
};

function readFragment(unit: Buffer, init: Mp4Init): Mp4Fragment {
  return { bytes: unit, ...readFragmentHead(unit, init) };
}

/**
 * Reads the `moof` with which `bytes` begin; what stands behind it is not looked at.
 * @throws {AppError} `media/fmp4-invalid`
 */
export function readFragmentHead(bytes: Buffer, init: Pick<Mp4Init, 'defaultSampleFlags'>): FragmentHead {
  const moofEnd = bytes.readUInt32BE(0);
  const traf = findBox(bytes, 0, moofEnd, 'moof', 'traf');
  const tfdt = fullBox(bytes, findBox(bytes, traf.start, traf.end, 'tfdt'), 4);
  const dtsTicks =
    tfdt.version === 1 ? Number(bytes.readBigUInt64BE(tfdt.body)) : bytes.readUInt32BE(tfdt.body);
  const defaults = readTfhd(bytes, findBox(bytes, traf.start, traf.end, 'tfhd'));
  const { compositionTicks, flags, ...first } = readFirstSample(
    bytes,
    findBox(bytes, traf.start, traf.end, 'trun'),
    { flags: defaults.flags ?? init.defaultSampleFlags, durationTicks: defaults.durationTicks ?? 0 },
  );
  return {
    ...first,
    dtsTicks,
    ptsTicks: dtsTicks + compositionTicks,
    isKeyframe: (flags & NOT_SYNC) === 0,
    payloadStart: moofEnd + HEADER_BYTES,
  };
}

/** Optional fields of `tfhd` behind the track's number, by their flag, in order. */
const TFHD_FIELDS = [
  { bit: 0x1, bytes: 8 },
  { bit: 0x2, bytes: 4 },
  { bit: 0x8, bytes: 4 },
  { bit: 0x10, bytes: 4 },
  { bit: 0x20, bytes: 4 },
];

function readTfhd(bytes: Buffer, box: Box): { flags?: number; durationTicks?: number } {
  const { flags, body } = fullBox(bytes, box, 4);
  let at = body + 4;
  const found: { flags?: number; durationTicks?: number } = {};
  for (const field of TFHD_FIELDS) {
    if ((flags & field.bit) === 0) continue;
    if (field.bit === 0x8) found.durationTicks = readWithin(bytes, box, at);
    if (field.bit === 0x20) found.flags = readWithin(bytes, box, at);
    at += field.bytes;
  }
  return found;
}

function readFirstSample(
  unit: Buffer,
  box: Box,
  defaults: { readonly flags: number; readonly durationTicks: number },
): { flags: number; compositionTicks: number; durationTicks: number; sampleCount: number } {
  const { version, flags, body } = fullBox(unit, box, 4);
  const sampleCount = unit.readUInt32BE(body);
  if (sampleCount === 0) throw fmp4Invalid('has a fragment without a sample');
  let at = body + 4;
  if (flags & 0x1) at += 4; // data offset
  let { flags: sampleFlags, durationTicks } = defaults;
  const hasFirstFlags = (flags & 0x4) !== 0;
  if (hasFirstFlags) {
    sampleFlags = readWithin(unit, box, at);
    at += 4;
  }
  if (flags & 0x100) {
    durationTicks = readWithin(unit, box, at);
    at += 4;
  }
  if (flags & 0x200) at += 4; // size
  if (flags & 0x400) {
    if (!hasFirstFlags) sampleFlags = readWithin(unit, box, at);
    at += 4;
  }
  const composition = flags & 0x800 ? readWithin(unit, box, at) : 0;
  // Signed by version 1; FFmpeg also marks version 0 where an offset is never negative.
  const compositionTicks = version === 0 ? composition : composition | 0;
  return { flags: sampleFlags, compositionTicks, durationTicks, sampleCount };
}

function readWithin(bytes: Buffer, box: Box, at: number): number {
  if (at + 4 > box.end) throw fmp4Invalid(`has a "${box.type}" cut short`);
  return bytes.readUInt32BE(at);
}

/** Version and flags of a full box, whose body has at least `bodyBytes`. */
function fullBox(
  bytes: Buffer,
  box: Box,
  bodyBytes: number,
): { version: number; flags: number; body: number } {
  const body = box.start + 4;
  if (body + bodyBytes > box.end) throw fmp4Invalid(`has a "${box.type}" cut short`);
  return { version: bytes.readUInt8(box.start), flags: bytes.readUIntBE(box.start + 1, 3), body };
}
