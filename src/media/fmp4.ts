import { findBox, invalidMp4, needBox, readBoxes } from './fmp4-boxes.js';
import { readInitSegment, type Mp4Track } from './fmp4-init.js';

/** One frame as `moof` + `mdat`. */
export interface Mp4Fragment {
  /** Presentation time of the first sample, in the track's timescale. */
  readonly pts: number;
  readonly isKeyframe: boolean;
  readonly bytes: Buffer;
  /** Where the sample's bytes begin in `bytes`. */
  readonly sampleOffset: number;
}

export interface FragmentParserOptions {
  /** `bytes` is the receiver's to keep. */
  readonly onInit: (track: Mp4Track, bytes: Buffer) => void;
  readonly onFragment: (fragment: Mp4Fragment) => void;
}

const BOX_BYTES_MAX = 64 << 20;
const HEADER_BYTES = 8;
/** `sample_is_non_sync_sample` of ISO/IEC 14496-12, 8.8.3.1. */
const NON_SYNC = 0x10000;

/** Takes fragmented MP4 apart as it arrives, split anywhere. */
export class FragmentParser {
  readonly #options: FragmentParserOptions;
  #chunks: Buffer[] = [];
  #buffered = 0;
  #ftyp: Buffer | undefined;
  #moof: Buffer | undefined;
  #track: Mp4Track | undefined;

  constructor(options: FragmentParserOptions) {
    this.#options = options;
  }

  /** @throws {AppError} `media/fmp4-invalid` */
  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    while (this.#buffered >= HEADER_BYTES) {
      const header = this.#peek(HEADER_BYTES);
      const size = header.readUInt32BE(0);
      const type = header.toString('latin1', 4, 8);
      if (size < HEADER_BYTES || size > BOX_BYTES_MAX) throw invalidMp4(`a box ${type} of ${size} bytes`);
      // The data of a fragment is taken with its header in one piece, so that it need not be copied again.
      const wanted = type === 'moof' ? size + HEADER_BYTES : size;
      if (this.#buffered < wanted) return;
      if (type === 'moof') {
        const mdatBytes = this.#peek(wanted).readUInt32BE(size);
        if (mdatBytes < HEADER_BYTES || mdatBytes > BOX_BYTES_MAX) throw invalidMp4(`a box mdat of ${mdatBytes} bytes`);
        if (this.#buffered < size + mdatBytes) return;
        this.#takeFragment(this.#take(size + mdatBytes), size);
      } else {
        this.#takeBox(type, this.#take(size));
      }
    }
  }

  #takeBox(type: string, bytes: Buffer): void {
    if (type === 'ftyp') this.#ftyp = bytes;
    if (type !== 'moov') return; // free, styp, sidx, mfra
    const init = Buffer.concat([this.#ftyp ?? Buffer.alloc(0), bytes]);
    this.#track = readInitSegment(init);
    this.#options.onInit(this.#track, init);
  }

  #takeFragment(bytes: Buffer, moofBytes: number): void {
    const track = this.#track;
    if (track === undefined) throw invalidMp4('a fragment before its moov');
    if (bytes.toString('latin1', moofBytes + 4, moofBytes + 8) !== 'mdat') throw invalidMp4('a moof without mdat');
    const moof = needBox(bytes, readBoxes(bytes, 0, moofBytes), 'moof');
    const traf = needBox(bytes, readBoxes(bytes, moof.content, moof.end), 'traf');
    const inTraf = readBoxes(bytes, traf.content, traf.end);
    const tfdt = needBox(bytes, inTraf, 'tfdt');
    const dts = bytes[tfdt.content] === 1 ? Number(bytes.readBigUInt64BE(tfdt.content + 4)) : bytes.readUInt32BE(tfdt.content + 4);
    const tfhd = needBox(bytes, inTraf, 'tfhd');
    const trun = findBox(bytes, inTraf, 'trun');
    if (trun === undefined) return; // an empty fragment
    const sample = readFirstSample(bytes, trun.content);
    const flags = sample.flags ?? readDefaultFlags(bytes, tfhd.content) ?? track.defaultSampleFlags;
    this.#options.onFragment({
      pts: dts + sample.compositionOffset,
      isKeyframe: (flags & NON_SYNC) === 0,
      bytes,
      sampleOffset: moofBytes + HEADER_BYTES,
    });
  }

  #peek(length: number): Buffer {
    const first = this.#chunks[0]!;
    if (first.length >= length) return first.subarray(0, length);
    this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0]!.subarray(0, length);
  }

  #take(length: number): Buffer {
    const taken = this.#peek(length);
    const rest = this.#chunks[0]!.subarray(length);
    this.#buffered -= length;
    if (rest.length > 0) this.#chunks[0] = rest;
    else this.#chunks.shift();
    return taken;
  }
}

/** `trun` (ISO/IEC 14496-12, 8.8.8): what it says of its first sample. */
function readFirstSample(bytes: Buffer, content: number): { flags: number | undefined; compositionOffset: number } {
  const present = bytes.readUInt32BE(content) & 0xffffff;
  const version = bytes[content]!;
  let at = content + 8;
  if (present & 0x1) at += 4; // data offset
  let flags: number | undefined;
  if (present & 0x4) {
    flags = bytes.readUInt32BE(at);
    at += 4;
  }
  if (present & 0x100) at += 4; // duration
  if (present & 0x200) at += 4; // size
  if (present & 0x400) {
    flags ??= bytes.readUInt32BE(at);
    at += 4;
  }
  if ((present & 0x800) === 0) return { flags, compositionOffset: 0 };
  return { flags, compositionOffset: version === 0 ? bytes.readUInt32BE(at) : bytes.readInt32BE(at) };
}

/** `tfhd` (8.8.7): the fragment's default sample flags. */
function readDefaultFlags(bytes: Buffer, content: number): number | undefined {
  const present = bytes.readUInt32BE(content) & 0xffffff;
  if ((present & 0x20) === 0) return undefined;
  let at = content + 8;
  if (present & 0x1) at += 8; // base data offset
  for (const optional of [0x2, 0x8, 0x10]) if (present & optional) at += 4;
  return bytes.readUInt32BE(at);
}
