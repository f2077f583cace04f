/** One coded picture: its NAL units without start codes, in stream order. Views into the elementary stream. */
export interface AccessUnit {
  readonly nals: readonly Buffer[];
  readonly isKeyframe: boolean;
}

/** An H.264 elementary stream taken apart, ready to be sent. */
export interface ElementaryStream {
  readonly accessUnits: readonly AccessUnit[];
  readonly sps: Buffer;
  readonly pps: Buffer;
}

const NAL_SLICE = 1;
const NAL_IDR = 5;
const NAL_SPS = 7;
const NAL_PPS = 8;

/** The NAL unit type of H.264 (Rec. ITU-T H.264, table 7-1). */
export function nalType(nal: Buffer): number {
  return (nal[0] ?? 0) & 0x1f;
}

/** Splits an Annex B byte stream at its start codes. */
function splitNals(bytes: Buffer): Buffer[] {
  const starts: { code: number; payload: number }[] = [];
  for (let at = bytes.indexOf('\0\0\x01', 0, 'latin1'); at >= 0;) {
    starts.push({ code: at > 0 && bytes[at - 1] === 0 ? at - 1 : at, payload: at + 3 });
    at = bytes.indexOf('\0\0\x01', at + 3, 'latin1');
  }
  return starts.map(({ payload }, index) => bytes.subarray(payload, starts[index + 1]?.code ?? bytes.length));
}

/** Takes an Annex B stream without B-frames apart into its pictures. @throws {Error} when it holds no SPS or PPS */
export function parseElementaryStream(bytes: Buffer): ElementaryStream {
  const nals = splitNals(bytes);
  const sps = nals.find((nal) => nalType(nal) === NAL_SPS);
  const pps = nals.find((nal) => nalType(nal) === NAL_PPS);
  if (sps === undefined || pps === undefined) throw new Error('no SPS or PPS in the elementary stream');
  return { accessUnits: groupPictures(nals), sps, pps };
}

function groupPictures(nals: readonly Buffer[]): AccessUnit[] {
  const pictures: Buffer[][] = [];
  let current: Buffer[] = [];
  for (const nal of nals) {
    if (current.some(isSlice) && startsPicture(nal)) {
      pictures.push(current);
      current = [];
    }
    current.push(nal);
  }
  if (current.some(isSlice)) pictures.push(current);
  return pictures.map((picture) => ({
    nals: picture,
    isKeyframe: picture.some((nal) => nalType(nal) === NAL_IDR),
  }));
}

function isSlice(nal: Buffer): boolean {
  return nalType(nal) === NAL_SLICE || nalType(nal) === NAL_IDR;
}

/** A slice starts a picture when its first macroblock is number 0, which Exp-Golomb codes as a single 1 bit. */
function startsPicture(nal: Buffer): boolean {
  return isSlice(nal) ? ((nal[1] ?? 0) & 0x80) !== 0 : nalType(nal) >= 6 && nalType(nal) <= 9;
}
