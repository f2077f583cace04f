import { AppError } from '../base/index.js';

/** What a decoder configuration says. */
export interface CodecFacts {
  /** RFC 6381, for example `avc1.64001e`. */
  readonly codec: string;
  /** Sequence parameter sets (H.264, HEVC), as they also come in-band; empty for AV1. */
  readonly parameterSets: readonly Buffer[];
  /** Bytes of the length before each NAL unit in a sample; 0 for AV1, which has none. */
  readonly nalLengthBytes: number;
}

/** Type of a sequence parameter set in H.264 and HEVC. */
const HEVC_SPS = 33;

/**
 * Reads `avcC`, `hvcC` or `av1C`.
 * @param entry the sample entry's four letters
 * @param config the configuration box's payload
 * @throws {AppError} `media/fmp4-invalid` when it is cut short
 * @see ISO/IEC 14496-15, annex E for HEVC's string; AV1 in ISO-BMFF, section 5
 */
export function readCodecConfig(entry: string, config: Buffer): CodecFacts {
  try {
    if (entry.startsWith('avc')) return readAvc(entry, config);
    if (entry.startsWith('h')) return readHevc(entry, config);
    return { codec: av1String(config), parameterSets: [], nalLengthBytes: 0 };
  } catch (error) {
    const message = `decoder configuration of "${entry}" is cut short (${config.length} bytes)`;
    throw new AppError('media/fmp4-invalid', 'unavailable', message, { cause: error });
  }
}

function readAvc(entry: string, config: Buffer): CodecFacts {
  const codec = `${entry}.${hex(config.readUInt8(1))}${hex(config.readUInt8(2))}${hex(config.readUInt8(3))}`;
  const parameterSets: Buffer[] = [];
  let at = 6;
  for (let left = config.readUInt8(5) & 0x1f; left > 0; left--) {
    const length = config.readUInt16BE(at);
    parameterSets.push(config.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return { codec, parameterSets, nalLengthBytes: (config.readUInt8(4) & 3) + 1 };
}

function readHevc(entry: string, config: Buffer): CodecFacts {
  const parameterSets: Buffer[] = [];
  let at = 23;
  for (let arrays = config.readUInt8(22); arrays > 0; arrays--) {
    const type = config.readUInt8(at) & 0x3f;
    const count = config.readUInt16BE(at + 1);
    at += 3;
    for (let left = count; left > 0; left--) {
      const length = config.readUInt16BE(at);
      if (type === HEVC_SPS) parameterSets.push(config.subarray(at + 2, at + 2 + length));
      at += 2 + length;
    }
  }
  return { codec: hevcString(entry, config), parameterSets, nalLengthBytes: (config.readUInt8(21) & 3) + 1 };
}

function hevcString(entry: string, config: Buffer): string {
  const profile = config.readUInt8(1);
  const space = ['', 'A', 'B', 'C'][profile >> 6] ?? '';
  const tier = (profile & 0x20) === 0 ? 'L' : 'H';
  // The flags are written with their bits reversed, the first flag lowest.
  let compatibility = 0;
  for (let bit = 0; bit < 32; bit++)
    if ((config.readUInt32BE(2) >>> bit) & 1) compatibility += 2 ** (31 - bit);
  const constraints = [...config.subarray(6, 12)].map((byte) => byte.toString(16).toUpperCase());
  while (constraints.at(-1) === '0') constraints.pop();
  const level = `${tier}${config.readUInt8(12)}`;
  return [
    entry,
    `${space}${profile & 0x1f}`,
    compatibility.toString(16).toUpperCase(),
    level,
    ...constraints,
  ].join('.');
}

function av1String(config: Buffer): string {
  const profile = config.readUInt8(1) >> 5;
  const level = config.readUInt8(1) & 0x1f;
  const flags = config.readUInt8(2);
  const bits = (flags & 0x40) === 0 ? '08' : (flags & 0x20) === 0 ? '10' : '12';
  return `av01.${profile}.${String(level).padStart(2, '0')}${(flags & 0x80) === 0 ? 'M' : 'H'}.${bits}`;
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
