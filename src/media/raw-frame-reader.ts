import { AppError } from '../base/index.js';
import { NutFlag, NutReader, NutShort, readNutMainHeader, type NutMainHeader } from './nut-header.js';

/** Second byte of the start codes that matter here; the first is always `N`. */
const MAIN_HEADER = 0x4d;
const STREAM_HEADER = 0x53;
const SYNC_POINT = 0x4b;
const START_CODE_BYTE = 0x4e;
const START_CODE_BYTES = 8;
const FILE_ID_BYTES = 25; // "nut/multimedia container" and a zero
/** Packets that are not frames are small; more than this means that we lost the place. */
const HEADER_BYTES_MAX = 1 << 20;
/** 8K in RGB is less. */
const FRAME_BYTES_MAX = 1 << 27;
const TICKS_PER_SECOND = 90_000;

/** Size of the frames, and where they go. */
export interface RawFrameReaderOptions {
  /** Bytes of every frame, for I420 width × height × 1.5; undefined: of JPEGs, each has its own. */
  readonly frameBytes: number | undefined;
  /** Where the next frame of so many bytes shall go, at least as long, owned by the caller; undefined when there is no room now. */
  readonly nextTarget: (frameBytes: number) => Uint8Array | undefined;
  /** The target handed out last is full. `ptsTicks` is in 1/90000 s. */
  readonly onFrame: (ptsTicks: number) => void;
}

/**
 * Takes raw frames, or JPEGs, and their presentation times out of FFmpeg's NUT output, written straight into buffers
 * that the caller hands out: raw video alone has no times, and MP4 and Matroska hold each frame back until
 * the next one comes.
 *
 * @see NUT open container format; only what FFmpeg writes for one stream of raw video or JPEGs is read.
 */
export class RawFrameReader {
  readonly #options: RawFrameReaderOptions;
  #header: NutMainHeader | undefined;
  #ticksPerUnit = 0;
  #msbPtsShift = 0;
  #lastPts = 0;
  /** Bytes of an unfinished header, empty while a frame's pixels are read. */
  #pending: Uint8Array = new Uint8Array(0);
  #fileIdSeen = false;
  #target: Uint8Array | undefined;
  /** Of the frame that is read. */
  #frameBytes = 0;
  #filled = 0;
  #blocked = false;

  constructor(options: RawFrameReaderOptions) {
    this.#options = options;
  }

  /**
   * Takes the next bytes of FFmpeg's output, split anywhere, and returns those not taken because there was no
   * room for the next frame: the caller pushes them again when there is. Copies what it keeps of `chunk`.
   * @throws {AppError} `media/nut-invalid` when the bytes are not NUT as expected
   */
  push(chunk: Uint8Array): Uint8Array {
    let rest = chunk;
    this.#blocked = false;
    while (rest.length > 0 && !this.#blocked) {
      if (this.#target !== undefined) rest = this.#fill(this.#target, rest);
      else rest = this.#readHeaders(rest);
    }
    return rest;
  }

  #fill(target: Uint8Array, bytes: Uint8Array): Uint8Array {
    const wanted = this.#frameBytes - this.#filled;
    if (bytes.length < wanted) {
      target.set(bytes, this.#filled);
      this.#filled += bytes.length;
      return bytes.subarray(bytes.length);
    }
    target.set(bytes.subarray(0, wanted), this.#filled);
    this.#target = undefined;
    this.#filled = 0;
    this.#options.onFrame(Math.round(this.#lastPts * this.#ticksPerUnit));
    return bytes.subarray(wanted);
  }

  /** Reads packets until pixels begin or bytes run out; returns what follows. */
  #readHeaders(chunk: Uint8Array): Uint8Array {
    const bytes = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    let at = 0;
    try {
      while (at < bytes.length && this.#target === undefined && !this.#blocked)
        at = this.#readPacket(bytes, at);
    } catch (error) {
      if (!(error instanceof NutShort)) throw error;
      if (bytes.length - at > HEADER_BYTES_MAX)
        throw invalid(`no end of a header in ${HEADER_BYTES_MAX} bytes`);
      this.#pending = bytes.slice(at);
      return chunk.subarray(chunk.length);
    }
    this.#pending = new Uint8Array(0);
    return bytes.subarray(at);
  }

  #readPacket(bytes: Uint8Array, at: number): number {
    if (!this.#fileIdSeen) {
      if (bytes.length < FILE_ID_BYTES) throw new NutShort();
      this.#fileIdSeen = true;
      return at + FILE_ID_BYTES;
    }
    return bytes[at] === START_CODE_BYTE ? this.#readStartCode(bytes, at) : this.#readFrameHeader(bytes, at);
  }

  #readStartCode(bytes: Uint8Array, at: number): number {
    const reader = new NutReader(bytes, at + START_CODE_BYTES);
    const length = reader.unsigned();
    if (length > 4096) reader.skip(4); // header checksum
    const end = reader.at + length;
    if (end > bytes.length) throw new NutShort();
    // Others are index and information packets.
    const kind = bytes[at + 1];
    if (kind === MAIN_HEADER) this.#header = readNutMainHeader(reader);
    else if (kind === STREAM_HEADER) this.#readStreamHeader(reader);
    else if (kind === SYNC_POINT) this.#readSyncPoint(reader);
    return end;
  }

  #readStreamHeader(reader: NutReader): void {
    reader.unsigned(); // stream id
    reader.unsigned(); // class
    reader.skip(reader.unsigned()); // codec tag
    const base = this.#header?.timeBases[reader.unsigned()];
    if (base === undefined) throw invalid('a stream without a time base');
    this.#ticksPerUnit = (base.num / base.den) * TICKS_PER_SECOND;
    this.#msbPtsShift = reader.unsigned();
  }

  #readSyncPoint(reader: NutReader): void {
    const bases = this.#header?.timeBases ?? [];
    const coded = reader.unsigned();
    const base = bases[coded % bases.length];
    if (base === undefined) throw invalid('a sync point before the main header');
    const ticks = Math.floor(coded / bases.length) * (base.num / base.den) * TICKS_PER_SECOND;
    this.#lastPts = Math.round(ticks / this.#ticksPerUnit);
  }

  #readFrameHeader(bytes: Uint8Array, at: number): number {
    const reader = new NutReader(bytes, at);
    const code = this.#header?.codes[reader.byte()];
    if (code === undefined || (code.flags & NutFlag.invalid) !== 0) throw invalid(`frame code ${bytes[at]}`);
    let flags = code.flags;
    if (flags & NutFlag.coded) flags ^= reader.unsigned();
    if (flags & NutFlag.streamId) reader.unsigned();
    const pts = flags & NutFlag.codedPts ? this.#codedPts(reader.unsigned()) : this.#lastPts + code.ptsDelta;
    const size = code.sizeLsb + (flags & NutFlag.sizeMsb ? code.sizeMul * reader.unsigned() : 0);
    if (flags & NutFlag.matchTime) reader.signed();
    if (flags & NutFlag.headerIndex) reader.unsigned();
    const reserved = flags & NutFlag.reserved ? reader.unsigned() : code.reservedCount;
    for (let i = 0; i < reserved; i++) reader.unsigned();
    if (flags & NutFlag.checksum) reader.skip(4);
    const { frameBytes = size } = this.#options;
    if (size !== frameBytes) throw invalid(`a frame of ${size} bytes where ${frameBytes} were asked for`);
    if (size > FRAME_BYTES_MAX) throw invalid(`a frame of ${size} bytes`);
    this.#target = this.#options.nextTarget(size);
    this.#blocked = this.#target === undefined;
    if (this.#blocked) return at;
    this.#frameBytes = size;
    this.#lastPts = pts;
    return reader.at;
  }

  /** A coded time is either whole, or the low bits of a time near the last one. */
  #codedPts(coded: number): number {
    const range = 2 ** this.#msbPtsShift;
    if (coded >= range) return coded - range;
    const lowest = this.#lastPts - Math.floor(range / 2);
    return ((((coded - lowest) % range) + range) % range) + lowest;
  }
}

function invalid(what: string): AppError {
  return new AppError('media/nut-invalid', 'internal', `FFmpeg's NUT output has ${what}`);
}
