import { invalidMp4, needBox, readBoxes, type Mp4Box } from './fmp4-boxes.js';

/** What an init segment (`ftyp` + `moov`) says of its one video track. */
export interface Mp4Track {
  /** RFC 6381, for example `avc1.64001e`. */
  readonly codec: string;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Ticks per second of the track's times. */
  readonly timescale: number;
  /** Flags of samples for which a fragment gives none (`trex`). */
  readonly defaultSampleFlags: number;
}

/** Bytes of a VisualSampleEntry before the boxes within it. */
const SAMPLE_ENTRY_BYTES = 78;

/** Reads an init segment. @throws {AppError} `media/fmp4-invalid` */
export function readInitSegment(bytes: Buffer): Mp4Track {
  const moov = needBox(bytes, readBoxes(bytes, 0, bytes.length), 'moov');
  const inMoov = readBoxes(bytes, moov.content, moov.end);
  const trak = needBox(bytes, inMoov, 'trak');
  const inTrak = readBoxes(bytes, trak.content, trak.end);

  const mdhd = needBox(bytes, inTrak, 'mdia/mdhd');
  const timescale = bytes.readUInt32BE(mdhd.content + (bytes[mdhd.content] === 1 ? 20 : 12));
  const stsd = needBox(bytes, inTrak, 'mdia/minf/stbl/stsd');
  const entry = readBoxes(bytes, stsd.content + 8, stsd.end)[0];
  if (entry === undefined) throw invalidMp4('no sample entry');
  const trex = needBox(bytes, inMoov, 'mvex/trex');
  return {
    codec: codecOf(bytes, entry),
    widthPx: bytes.readUInt16BE(entry.content + 24),
    heightPx: bytes.readUInt16BE(entry.content + 26),
    timescale,
    defaultSampleFlags: bytes.readUInt32BE(trex.content + 20),
  };
}

function codecOf(bytes: Buffer, entry: Mp4Box): string {
  const inside = readBoxes(bytes, entry.content + SAMPLE_ENTRY_BYTES, entry.end);
  const hex = (value: number) => value.toString(16).padStart(2, '0');
  switch (entry.type) {
    case 'avc1':
    case 'avc3': {
      const { content } = needBox(bytes, inside, 'avcC');
      return `${entry.type}.${hex(bytes[content + 1]!)}${hex(bytes[content + 2]!)}${hex(bytes[content + 3]!)}`;
    }
    case 'hvc1':
    case 'hev1':
      return hevcCodec(bytes, entry.type, needBox(bytes, inside, 'hvcC').content);
    case 'av01': {
      const { content } = needBox(bytes, inside, 'av1C');
      const profile = bytes[content + 1]! >> 5;
      const level = bytes[content + 1]! & 31;
      const tier = bytes[content + 2]! >> 7 ? 'H' : 'M';
      const depth = bytes[content + 2]! & 0x40 ? (bytes[content + 2]! & 0x20 ? 12 : 10) : 8;
      return `av01.${profile}.${String(level).padStart(2, '0')}${tier}.${String(depth).padStart(2, '0')}`;
    }
    default:
      throw invalidMp4(`a sample entry ${entry.type} where avc1, hvc1 or av01 was expected`);
  }
}

/** @see ISO/IEC 14496-15 annex E.3, codec strings of HEVC */
function hevcCodec(bytes: Buffer, type: string, content: number): string {
  const general = bytes[content + 1]!;
  const space = ['', 'A', 'B', 'C'][general >> 6]!;
  const tier = general & 0x20 ? 'H' : 'L';
  let compatibility = 0;
  const flags = bytes.readUInt32BE(content + 2);
  for (let bit = 0; bit < 32; bit++) if (flags & (1 << bit)) compatibility += 2 ** (31 - bit);
  const constraints = [...bytes.subarray(content + 6, content + 12)];
  while (constraints.at(-1) === 0) constraints.pop();
  return [
    type,
    `${space}${general & 31}`,
    compatibility.toString(16),
    `${tier}${bytes[content + 12]!}`,
    ...constraints.map((byte) => byte.toString(16)),
  ].join('.');
}
