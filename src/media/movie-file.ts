import { boxesIn, findBox, fmp4Invalid } from './mp4-box.js';
import { FRAGMENT_TICKS_PER_SECOND } from './remux-command.js';

/** The frames of a movie in decoding order, in arrays of one length; times in 1/90000 s. */
export interface MovieFrames {
  /** Rising; those of the first frame need not be 0. */
  readonly dtsTicks: readonly number[];
  readonly ptsTicks: readonly number[];
  readonly bytes: readonly number[];
  readonly isKeyframe: readonly boolean[];
  /** Of the last frame. */
  readonly lastDurationTicks: number;
}

const UINT32_MAX = 2 ** 32 - 1;
/** Undetermined, packed as ISO/IEC 14496-12, 8.4.2.3 has it. */
const LANGUAGE_UNKNOWN = 0x55c4;

/**
 * The head of a plain MP4 file, up to the first byte of the frames, which are to follow end to end. The index stands before
 * the frames, so that a player begins at once and can seek. Times begin at 0 with the first frame; what is shown before it
 * (pictures of an open group) is left out by an edit list.
 *
 * @param initSegment `ftyp` and `moov` of the fragmented stream that the frames come from
 * @throws {AppError} `media/fmp4-invalid`
 */
export function movieHead(initSegment: Buffer, frames: MovieFrames): Buffer {
  const payloadBytes = frames.bytes.reduce((sum, bytes) => sum + bytes, 0);
  const ftyp = box('ftyp', ascii('isom'), uint32s(0x200), ascii('isomiso2mp41'));
  const isLarge = payloadBytes > UINT32_MAX - (1 << 28);
  const mdat = isLarge
    ? Buffer.concat([uint32s(1), ascii('mdat'), uint64(payloadBytes + 16)])
    : Buffer.concat([uint32s(payloadBytes + 8), ascii('mdat')]);
  // The offsets in the index depend on its own size, which does not depend on them.
  const sizeOnly = movieBox(initSegment, frames, { start: 0, isLarge });
  const start = ftyp.length + sizeOnly.length + mdat.length;
  return Buffer.concat([ftyp, movieBox(initSegment, frames, { start, isLarge }), mdat]);
}

/** The part of an init segment that must be equal for frames of two streams to stand in one movie: coding, size, parameters. */
export function sampleDescription(initSegment: Buffer): Buffer {
  const stsd = findBox(initSegment, 0, initSegment.length, 'moov', 'trak', 'mdia', 'minf', 'stbl', 'stsd');
  return initSegment.subarray(stsd.start - 8, stsd.end);
}

interface Layout {
  /** Where the first frame lies in the file. */
  readonly start: number;
  readonly isLarge: boolean;
}

function movieBox(initSegment: Buffer, frames: MovieFrames, layout: Layout): Buffer {
  const { dtsTicks, ptsTicks } = frames;
  const [firstDts, firstPts] = [dtsTicks[0], ptsTicks[0]];
  if (firstDts === undefined || firstPts === undefined) throw fmp4Invalid('has no frame');
  const endDts = dtsTicks.at(-1)! + frames.lastDurationTicks;
  const mediaTicks = endDts - firstDts;
  const endPts = ptsTicks.reduce((most, pts) => Math.max(most, pts), 0) + frames.lastDurationTicks;
  const shownTicks = endPts - firstPts;
  if (Math.max(mediaTicks, shownTicks) > UINT32_MAX) throw fmp4Invalid('would be longer than 13 hours');

  const original = (...path: string[]) => {
    const found = findBox(initSegment, 0, initSegment.length, ...path);
    return initSegment.subarray(found.start - 8, found.end);
  };
  const media = ['moov', 'trak', 'mdia'];
  const header = full('mvhd', 0, [
    uint32s(0, 0, FRAGMENT_TICKS_PER_SECOND, shownTicks, 0x10000, 0x1000000, 0, 0),
    uint32s(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000),
    uint32s(0, 0, 0, 0, 0, 0, 2),
  ]);
  const edit = full('elst', 0, [uint32s(1, shownTicks, firstPts - firstDts, 0x10000)]);
  const mediaHeader = full('mdhd', 0, [
    uint32s(0, 0, FRAGMENT_TICKS_PER_SECOND, mediaTicks, LANGUAGE_UNKNOWN * 0x10000),
  ]);
  const minf = [...media, 'minf'];
  const others = [...boxesIn(initSegment, ...rangeOf(initSegment, minf))]
    .filter(({ type }) => type !== 'stbl')
    .map(({ start, end }) => initSegment.subarray(start - 8, end));
  const table = box('stbl', original(...minf, 'stbl', 'stsd'), ...sampleTables(frames, layout));
  return box(
    'moov',
    header,
    box(
      'trak',
      withDuration(original('moov', 'trak', 'tkhd'), shownTicks),
      box('edts', edit),
      box('mdia', mediaHeader, original(...media, 'hdlr'), box('minf', ...others, table)),
    ),
  );
}

function rangeOf(bytes: Buffer, path: readonly string[]): [start: number, end: number] {
  const { start, end } = findBox(bytes, 0, bytes.length, ...path);
  return [start, end];
}

/** `stts`, `ctts`, `stss`, `stsc`, `stsz` and `stco` or `co64`: a chunk is a group of pictures. */
function sampleTables(frames: MovieFrames, { start, isLarge }: Layout): Buffer[] {
  const { dtsTicks, ptsTicks, bytes, isKeyframe, lastDurationTicks } = frames;
  const count = dtsTicks.length;
  const durations = dtsTicks.map((dts, at) => (at + 1 < count ? dtsTicks[at + 1]! - dts : lastDurationTicks));
  const compositions = ptsTicks.map((pts, at) => pts - dtsTicks[at]!);
  const keyframes: number[] = [];
  const chunkStarts: number[] = [];
  const chunkFrames: number[] = [];
  let offset = start;
  for (let at = 0; at < count; at++) {
    if (isKeyframe[at]!) keyframes.push(at + 1);
    if (at === 0 || isKeyframe[at]!) {
      chunkStarts.push(offset);
      chunkFrames.push(0);
    }
    chunkFrames[chunkFrames.length - 1]!++;
    offset += bytes[at]!;
  }
  const timeRuns = runs(durations);
  const compositionRuns = runs(compositions);
  const chunkRuns: number[] = [];
  chunkFrames.forEach((frameCount, at) => {
    if (at === 0 || frameCount !== chunkFrames[at - 1]) chunkRuns.push(at + 1, frameCount, 1);
  });
  const offsets = isLarge
    ? full('co64', 0, [uint32s(chunkStarts.length), ...chunkStarts.map(uint64)])
    : full('stco', 0, [uint32s(chunkStarts.length), words(chunkStarts)]);
  return [
    full('stts', 0, [uint32s(timeRuns.length / 2), words(timeRuns)]),
    ...(compositions.every((ticks) => ticks === 0)
      ? []
      : [full('ctts', 1, [uint32s(compositionRuns.length / 2), words(compositionRuns)])]),
    full('stss', 0, [uint32s(keyframes.length), words(keyframes)]),
    full('stsc', 0, [uint32s(chunkRuns.length / 3), words(chunkRuns)]),
    full('stsz', 0, [uint32s(0, count), words(bytes)]),
    offsets,
  ];
}

/** Run-length coded: count, value, count, value … */
function runs(values: readonly number[]): number[] {
  const coded: number[] = [];
  for (const value of values) {
    if (coded.length > 0 && coded.at(-1) === value) coded[coded.length - 2]!++;
    else coded.push(1, value);
  }
  return coded;
}

/** A track header with another duration. */
function withDuration(tkhd: Buffer, ticks: number): Buffer {
  const copy = Buffer.from(tkhd);
  if (copy.readUInt8(8) === 1) copy.writeBigUInt64BE(BigInt(ticks), 36);
  else copy.writeUInt32BE(ticks, 28);
  return copy;
}

function box(type: string, ...parts: readonly Buffer[]): Buffer {
  const size = parts.reduce((sum, part) => sum + part.length, 8);
  return Buffer.concat([uint32s(size), ascii(type), ...parts], size);
}

function full(type: string, version: number, parts: readonly Buffer[]): Buffer {
  return box(type, uint32s(version * 0x1000000), ...parts);
}

const ascii = (text: string) => Buffer.from(text, 'latin1');

const uint32s = (...values: readonly number[]) => words(values);

/** Signed values are written as their two's complement. */
function words(values: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(values.length * 4);
  values.forEach((value, at) => bytes.writeUInt32BE(value >>> 0, at * 4));
  return bytes;
}

function uint64(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}
