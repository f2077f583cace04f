import { AppError } from '../base/index.js';

/** Frame flags of the NUT format that change how a frame's header reads. */
export const NutFlag = {
  codedPts: 8,
  streamId: 16,
  sizeMsb: 32,
  checksum: 64,
  reserved: 128,
  matchTime: 256,
  headerIndex: 1024,
  coded: 4096,
  invalid: 8192,
} as const;

/** What a one-byte frame code stands for. */
export interface NutFrameCode {
  readonly flags: number;
  readonly sizeMul: number;
  readonly sizeLsb: number;
  readonly ptsDelta: number;
  readonly reservedCount: number;
}

/** What the main header says of one stream's times and frame codes. */
export interface NutMainHeader {
  readonly timeBases: readonly { readonly num: number; readonly den: number }[];
  readonly codes: readonly NutFrameCode[];
}

/** Reads NUT's variable-length integers from a buffer that is known to be complete. */
export class NutReader {
  at: number;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  byte(): number {
    const value = this.#bytes[this.at++];
    if (value === undefined) throw new NutShort();
    return value;
  }

  skip(count: number): void {
    this.at += count;
    if (this.at > this.#bytes.length) throw new NutShort();
  }

  /** Unsigned, 7 bits a byte, most significant first; exact up to 2^53. */
  unsigned(): number {
    for (let value = 0; ;) {
      const byte = this.byte();
      value = value * 128 + (byte & 127);
      if (byte < 128) return value;
    }
  }

  /** Signed: zero, then alternating plus and minus. */
  signed(): number {
    const folded = this.unsigned() + 1;
    return folded % 2 === 1 ? -(folded - 1) / 2 : folded / 2;
  }
}

/** Thrown by {@link NutReader} when more bytes are needed: the caller waits for them. */
export class NutShort extends Error {}

const FRAME_CODES = 256;
/** `N` begins a start code and is never a frame code. */
const START_CODE_BYTE = 0x4e;

/**
 * Reads the main header's time bases and table of frame codes.
 *
 * @param reader stands behind the packet's forward pointer
 * @throws {AppError} `media/nut-invalid` for a version this reader does not know
 * @see NUT open container format, "Main header"
 */
export function readNutMainHeader(reader: NutReader): NutMainHeader {
  const version = reader.unsigned();
  if (version < 3 || version > 4) {
    throw new AppError(
      'media/nut-invalid',
      'internal',
      `NUT version ${version} from FFmpeg: expected 3 or 4`,
    );
  }
  if (version > 3) reader.unsigned(); // minor version
  reader.unsigned(); // stream count
  reader.unsigned(); // max distance
  const timeBases = Array.from({ length: reader.unsigned() }, () => ({
    num: reader.unsigned(),
    den: reader.unsigned(),
  }));
  return { timeBases, codes: readFrameCodes(reader) };
}

function readFrameCodes(reader: NutReader): NutFrameCode[] {
  const codes: NutFrameCode[] = [];
  let ptsDelta = 0;
  let sizeMul = 1;
  while (codes.length < FRAME_CODES) {
    const flags = reader.unsigned();
    const fields = reader.unsigned();
    if (fields > 0) ptsDelta = reader.signed();
    if (fields > 1) sizeMul = reader.unsigned();
    if (fields > 2) reader.unsigned(); // stream: there is one
    const sizeLsb = fields > 3 ? reader.unsigned() : 0;
    const reservedCount = fields > 4 ? reader.unsigned() : 0;
    const count = fields > 5 ? reader.unsigned() : sizeMul - sizeLsb;
    if (fields > 6) reader.signed(); // match time
    if (fields > 7) reader.unsigned(); // elision header
    for (let extra = 8; extra < fields; extra++) reader.unsigned();
    for (let step = 0; step < count && codes.length < FRAME_CODES;) {
      if (codes.length === START_CODE_BYTE) {
        codes.push({ flags: NutFlag.invalid, sizeMul: 1, sizeLsb: 0, ptsDelta: 0, reservedCount: 0 });
        continue;
      }
      codes.push({ flags, sizeMul, sizeLsb: sizeLsb + step, ptsDelta, reservedCount });
      step++;
    }
  }
  return codes;
}
