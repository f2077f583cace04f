import type { Box, Size } from '../geometry/index.js';
import { AxisTaps } from './axis-taps.js';
import type { YuvColour } from './mean-colour.js';

// BT.601 limited range to full-range RGB, as detectors' pictures are prepared (models/prepare-detector.ts).
const LUMA = 255 / 219;
const RED_V = 1.402 * (255 / 224);
const GREEN_U = -0.344136 * (255 / 224);
const GREEN_V = -0.714136 * (255 / 224);
const BLUE_U = 1.772 * (255 / 224);
const LUMA_BLACK = 16;
const CHROMA_ZERO = 128;

/** Where a crop goes: three planes of `sidePx`² numbers from `offset` on. */
export interface CropTarget {
  readonly data: Float32Array;
  readonly offset: number;
  readonly sidePx: number;
  readonly order: 'rgb' | 'bgr';
}

/** A plane of a picture on its way to a crop. */
interface Plane {
  readonly across: AxisTaps;
  readonly down: AxisTaps;
  /** The blend of some rows, with one sample more at each end for all that lies outside. */
  row: Float32Array;
  /** That row at the crop's scale. */
  line: Float32Array;
}

/**
 * Cuts squares out of I420 pictures (BT.601, limited range) at any scale. One thread's: its working memory is used again from crop to
 * crop, so that nothing is allocated once the largest sizes have been seen.
 */
export class Cropper {
  readonly #luma = plane();
  readonly #u = plane();
  readonly #v = plane();

  /**
   * Scales `region` to a square: the two nearest pixels of each direction are blended, or all averaged where it shrinks by more than
   * two. The picture is taken to go on in `around` on all sides.
   *
   * @param picture I420 bytes of an even width and height; only read
   * @param region in the picture's pixels, not empty; it may lie outside
   * @param target the caller's; red, green and blue (or the other way round) as 0..255 are written
   */
  crop(picture: Uint8Array, frame: Size, region: Box, around: YuvColour, target: CropTarget): void {
    const { widthPx, heightPx } = frame;
    const { sidePx } = target;
    const lumaBytes = widthPx * heightPx;
    const [luma, u, v] = [this.#luma, this.#u, this.#v];
    planPlane(luma, region, 1, frame, sidePx);
    planPlane(u, region, 2, frame, sidePx);
    fit(v, widthPx / 2, sidePx);
    // Both chroma planes have the same taps.
    const chroma = { across: u.across, down: u.down };
    for (let row = 0; row < sidePx; row++) {
      makeLine(luma, luma, picture, 0, widthPx, heightPx, around.y, row, sidePx);
      makeLine(u, chroma, picture, lumaBytes, widthPx / 2, heightPx / 2, around.u, row, sidePx);
      makeLine(v, chroma, picture, lumaBytes * 1.25, widthPx / 2, heightPx / 2, around.v, row, sidePx);
      writeColours(luma.line, u.line, v.line, row, target);
    }
  }
}

function plane(): Plane {
  return {
    across: new AxisTaps(),
    down: new AxisTaps(),
    row: new Float32Array(0),
    line: new Float32Array(0),
  };
}

function planPlane(one: Plane, [x1, y1, x2, y2]: Box, half: 1 | 2, frame: Size, sidePx: number): void {
  const width = frame.widthPx / half;
  one.across.plan(x1 / half, x2 / half, width, sidePx);
  one.down.plan(y1 / half, y2 / half, frame.heightPx / half, sidePx);
  fit(one, width, sidePx);
}

function fit(one: Plane, width: number, sidePx: number): void {
  if (one.row.length < width + 2) one.row = new Float32Array(width + 2);
  if (one.line.length < sidePx) one.line = new Float32Array(sidePx);
}

/** Makes one line of a plane: first the rows that it is made of become one, then that is scaled. */
function makeLine(
  { row, line }: Plane,
  { across, down }: Pick<Plane, 'across' | 'down'>,
  picture: Uint8Array,
  origin: number,
  width: number,
  height: number,
  around: number,
  index: number,
  sidePx: number,
): void {
  // Places rise along a line, so that the first and the last say which columns are needed.
  const last = sidePx * across.perSample - 1;
  const begin = Math.max(across.places[0]!, 1);
  const end = Math.min(across.places[last]!, width);
  row[0] = around;
  row[width + 1] = around;
  blendRows(row, down, picture, origin, width, height, around, index, begin, end);
  if (across.perSample === 2) scaleByTwo(row, across, line, sidePx);
  else scaleByMany(row, across, line, sidePx);
}

function blendRows(
  row: Float32Array,
  { perSample, places, weights }: AxisTaps,
  picture: Uint8Array,
  origin: number,
  width: number,
  height: number,
  around: number,
  index: number,
  begin: number,
  end: number,
): void {
  const from = index * perSample;
  let outside = 0;
  let isFirst = true;
  for (let tap = 0; tap < perSample; tap++) {
    const place = places[from + tap]!;
    const weight = weights[from + tap]!;
    if (place < 1 || place > height) {
      outside += weight * around;
      continue;
    }
    if (weight === 0) continue;
    const source = origin + (place - 1) * width - 1;
    if (isFirst) for (let x = begin; x <= end; x++) row[x] = picture[source + x]! * weight;
    else for (let x = begin; x <= end; x++) row[x] = row[x]! + picture[source + x]! * weight;
    isFirst = false;
  }
  if (isFirst) row.fill(outside, begin, end + 1);
  else if (outside !== 0) for (let x = begin; x <= end; x++) row[x] = row[x]! + outside;
}

function scaleByTwo(
  row: Float32Array,
  { places, weights }: AxisTaps,
  line: Float32Array,
  sidePx: number,
): void {
  for (let x = 0, at = 0; x < sidePx; x++, at += 2)
    line[x] = row[places[at]!]! * weights[at]! + row[places[at + 1]!]! * weights[at + 1]!;
}

function scaleByMany(
  row: Float32Array,
  { perSample, places, weights }: AxisTaps,
  line: Float32Array,
  sidePx: number,
): void {
  for (let x = 0, at = 0; x < sidePx; x++) {
    let sum = 0;
    for (let tap = 0; tap < perSample; tap++, at++) sum += row[places[at]!]! * weights[at]!;
    line[x] = sum;
  }
}

function writeColours(
  luma: Float32Array,
  u: Float32Array,
  v: Float32Array,
  row: number,
  { data, offset, sidePx, order }: CropTarget,
): void {
  const planePx = sidePx * sidePx;
  const green = offset + planePx + row * sidePx;
  const red = order === 'rgb' ? green - planePx : green + planePx;
  const blue = order === 'rgb' ? green + planePx : green - planePx;
  for (let x = 0; x < sidePx; x++) {
    const grey = (luma[x]! - LUMA_BLACK) * LUMA;
    const cb = u[x]! - CHROMA_ZERO;
    const cr = v[x]! - CHROMA_ZERO;
    data[red + x] = clamp(grey + RED_V * cr);
    data[green + x] = clamp(grey + GREEN_U * cb + GREEN_V * cr);
    data[blue + x] = clamp(grey + BLUE_U * cb);
  }
}

function clamp(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}
