import type { Size } from '../../geometry/index.js';
import { CHROMA_ZERO, LUMA_BLACK } from '../bt601.js';
import type { Cast } from './cast.js';
import { LEVELS, type ToneGrid } from './tones.js';

/** Colours grow with luma by this power of its growth: with all of it the noise in them would be as bright as they are. */
const COLOUR_POWER = 0.6;
const COLOUR_GAIN_MAX = 3;
/** A tile's rows share the blends of those above and below in so many bands, at least. */
const BANDS_MIN = 5;
/** Weights between columns of tiles are fractions of so many bits. */
const FRACTION = 16;
const HALF = 1 << (FRACTION - 1);

/** How a picture is shown in another light. */
export interface Relighting {
  readonly tones?: ToneGrid;
  readonly cast?: Cast;
  /** Standard deviation of the noise that is to go, in levels of luma. */
  readonly noise?: number;
}

/** Where a picture lies in an I420 picture of another size; all even. */
export interface PlacedPicture {
  readonly input: Size;
  readonly frame: Size;
  readonly padX: number;
  readonly padY: number;
}

/** Growth of colours: `POWER[to] * INVERSE[from]`. */
const POWER = Float32Array.from(
  { length: LEVELS },
  (_, level) => Math.max(1, level - LUMA_BLACK) ** COLOUR_POWER,
);

const INVERSE = POWER.map((power) => 1 / power);

/** Shows pictures in another light, where they lie. One thread's: its memory is used again. */
export class Relighter {
  /** A band's curves, one for each column of tiles, and one before and one behind them. */
  #curves = new Int32Array(0);
  /** Luma of every other pixel of the row before it was changed. */
  #before = new Uint8Array(0);
  #kept = new Uint8Array(0);

  /** @param planes I420, limited range; the part where the picture lies is changed */
  apply(planes: Uint8Array, placed: PlacedPicture, { tones, cast, noise }: Relighting): void {
    const { frame } = placed;
    if (this.#before.length < frame.widthPx) {
      this.#before = new Uint8Array(frame.widthPx);
      this.#kept = new Uint8Array(frame.widthPx * 2);
    }
    if (noise !== undefined && noise > 0) this.#denoise(planes, placed, noise);
    if (tones !== undefined) this.#relight(planes, placed, tones, cast);
    else if (cast !== undefined) this.#recolour(planes, placed, cast);
  }

  /** Lee's sigma filter (1983) over a cross of five pixels: the mean of those that differ by noise only. */
  #denoise(planes: Uint8Array, { input, frame, padX, padY }: PlacedPicture, noise: number): void {
    const most = Math.max(1, Math.round(2 * noise));
    const { widthPx } = frame;
    const above = this.#kept.subarray(0, widthPx);
    const here = this.#kept.subarray(widthPx, 2 * widthPx);
    const first = padY * input.widthPx + padX;
    above.set(planes.subarray(first, first + widthPx));
    for (let y = 1; y < frame.heightPx - 1; y++) {
      const from = first + y * input.widthPx;
      here.set(planes.subarray(from, from + widthPx));
      for (let x = 1; x < widthPx - 1; x++) {
        const own = here[x]!;
        let [sum, count] = [own * 2, 2];
        const [up, left, right, down] = [
          above[x]!,
          here[x - 1]!,
          here[x + 1]!,
          planes[from + x + input.widthPx]!,
        ];
        if (Math.abs(up - own) <= most) {
          sum += up;
          count++;
        }
        if (Math.abs(left - own) <= most) {
          sum += left;
          count++;
        }
        if (Math.abs(right - own) <= most) {
          sum += right;
          count++;
        }
        if (Math.abs(down - own) <= most) {
          sum += down;
          count++;
        }
        planes[from + x] = (sum + (count >> 1)) / count;
      }
      above.set(here);
    }
  }

  #relight(planes: Uint8Array, placed: PlacedPicture, tones: ToneGrid, cast: Cast | undefined): void {
    const { input, frame, padX, padY } = placed;
    const first = padY * input.widthPx + padX;
    const bandRows = 2 * Math.max(1, Math.floor(frame.heightPx / tones.rows / BANDS_MIN / 2));
    for (let y = 0; y < frame.heightPx; y += 2) {
      if (y % bandRows === 0) this.#band(tones, (y + bandRows / 2) / frame.heightPx);
      const from = first + y * input.widthPx;
      for (let x = 0; x < frame.widthPx; x += 2) this.#before[x >> 1] = planes[from + x]!;
      this.#row(planes, from, frame.widthPx, tones.columns);
      this.#row(planes, from + input.widthPx, frame.widthPx, tones.columns);
      this.#colours(planes, placed, y >> 1, cast);
    }
  }

  /** Blends the curves of the tiles above and below. */
  #band({ columns, rows, curves }: ToneGrid, share: number): void {
    const row = Math.min(rows - 1, Math.max(0, share * rows - 0.5));
    const upper = Math.floor(row);
    const lower = Math.min(rows - 1, upper + 1);
    const weight = Math.round((row - upper) * 256);
    const length = columns * LEVELS;
    if (this.#curves.length < length + 2 * LEVELS) this.#curves = new Int32Array(length + 2 * LEVELS);
    const blended = this.#curves;
    const [a, b] = [upper * length, lower * length];
    for (let at = 0; at < length; at++)
      blended[at + LEVELS] = curves[a + at]! + (((curves[b + at]! - curves[a + at]!) * weight + 128) >> 8);
    blended.copyWithin(0, LEVELS, 2 * LEVELS);
    blended.copyWithin(length + LEVELS, length, length + LEVELS);
  }

  #row(planes: Uint8Array, from: number, widthPx: number, columns: number): void {
    const curves = this.#curves;
    if (columns === 1) {
      for (let at = from, end = from + widthPx; at < end; at++) planes[at] = curves[planes[at]!]!;
      return;
    }
    // Between the centres of two columns of tiles, the first half and the last half among them.
    for (let column = 0; column <= columns; column++) {
      const left = ((column - 0.5) * widthPx) / columns;
      const begin = Math.max(0, Math.ceil(left));
      const end = Math.min(widthPx, Math.ceil(((column + 0.5) * widthPx) / columns));
      const at = column * LEVELS;
      const step = Math.round((columns << FRACTION) / widthPx);
      let weight = Math.round((begin - left) * step);
      for (let x = from + begin, last = from + end; x < last; x++, weight += step) {
        const level = at + planes[x]!;
        const one = curves[level]!;
        planes[x] = one + (((curves[level + LEVELS]! - one) * weight + HALF) >> FRACTION);
      }
    }
  }

  #colours(
    planes: Uint8Array,
    { input, frame, padX, padY }: PlacedPicture,
    row: number,
    cast: Cast | undefined,
  ): void {
    const lumaBytes = input.widthPx * input.heightPx;
    const at = lumaBytes + ((padY >> 1) + row) * (input.widthPx >> 1) + (padX >> 1);
    const toV = lumaBytes >> 2;
    const luma = (padY + 2 * row) * input.widthPx + padX;
    const [castU, castV] = [cast?.u ?? 0, cast?.v ?? 0];
    for (let x = 0; x < frame.widthPx >> 1; x++) {
      const before = this.#before[x]!;
      const gain = Math.min(COLOUR_GAIN_MAX, POWER[planes[luma + 2 * x]!]! * INVERSE[before]!);
      const level = before - LUMA_BLACK;
      planes[at + x] = clamp(CHROMA_ZERO + (planes[at + x]! - CHROMA_ZERO - castU * level) * gain);
      planes[at + toV + x] = clamp(
        CHROMA_ZERO + (planes[at + toV + x]! - CHROMA_ZERO - castV * level) * gain,
      );
    }
  }

  #recolour(planes: Uint8Array, placed: PlacedPicture, cast: Cast): void {
    const { input, frame, padX, padY } = placed;
    for (let row = 0; row < frame.heightPx >> 1; row++) {
      const from = (padY + 2 * row) * input.widthPx + padX;
      for (let x = 0; x < frame.widthPx; x += 2) this.#before[x >> 1] = planes[from + x]!;
      this.#colours(planes, placed, row, cast);
    }
  }
}

function clamp(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value + 0.5;
}
