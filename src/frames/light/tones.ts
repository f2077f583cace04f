import type { Size } from '../../geometry/index.js';
import { LUMA_BLACK, LUMA_SPAN } from '../bt601.js';

/** Levels of luma. */
export const LEVELS = 256;

/** Every so many pixels in both directions are counted: 1/4 of them. */
const STEP_PX = 2;
/** A curve never makes shadows steeper than this: beyond it are the sensor's noise and the codec's blocks. */
const EXPONENT_MIN = 0.35;
const EXPONENT_MAX = 2.5;
const LOG_MAX = 200;

/** Curves of luma for the tiles of a grid over a picture; between the tiles' centres they are blended. One tile is one curve for all. */
export interface ToneGrid {
  readonly columns: number;
  readonly rows: number;
  /** For each tile, row by row, what each of the 256 levels becomes. */
  readonly curves: Uint8Array;
}

/**
 * Counts the levels of luma in a part of an I420 picture.
 *
 * @param counts 256 numbers, which are added to; the caller's
 * @returns how many pixels were counted
 */
export function countLuma(
  picture: Uint8Array,
  { widthPx }: Size,
  [left, top, right, bottom]: readonly [number, number, number, number],
  counts: Uint32Array,
): number {
  let count = 0;
  for (let y = top; y < bottom; y += STEP_PX)
    for (let at = y * widthPx + left, end = y * widthPx + right; at < end; at += STEP_PX, count++)
      counts[picture[at]!]!++;
  return count;
}

/** Mean luma of a histogram, 0..1 between black and white. */
export function meanOf(counts: Uint32Array): number {
  let [sum, count] = [0, 0];
  for (let level = 0; level < LEVELS; level++) {
    sum += shareOf(level) * counts[level]!;
    count += counts[level]!;
  }
  return count === 0 ? 0 : sum / count;
}

/** Fills `curve` with the power of luma that takes `mean` to `target`, both 0..1, as far as noise allows. */
export function gammaCurve(mean: number, target: number, curve: Float32Array): void {
  const wanted = Math.log(target) / Math.log(Math.min(0.98, Math.max(0.005, mean)));
  const exponent = Math.min(EXPONENT_MAX, Math.max(EXPONENT_MIN, wanted));
  fill(curve, (share) => share ** exponent);
}

/** Fills `curve` with a logarithm of luma that takes `mean` to `target`; leaves it straight where that would darken. */
export function logCurve(mean: number, target: number, curve: Float32Array): void {
  let [low, high] = [0, LOG_MAX];
  for (let i = 0; i < 20; i++) {
    const middle = (low + high) / 2;
    if (logShare(mean, middle) < target) low = middle;
    else high = middle;
  }
  fill(curve, (share) => logShare(share, low));
}

/** Fills `curve` with the histogram's sum up to each level (histogram equalisation). A single level stays where it is. */
export function equaliseCurve(counts: Uint32Array, count: number, curve: Float32Array): void {
  let first = 0;
  while (first < LEVELS - 1 && counts[first] === 0) first++;
  const rest = count - counts[first]!;
  if (rest <= 0) {
    fill(curve, (share) => share);
    return;
  }
  let below = -counts[first]!;
  for (let level = 0; level < LEVELS; level++) {
    below += counts[level]!;
    curve[level] = LUMA_BLACK + (LUMA_SPAN * Math.max(0, below)) / rest;
  }
}

/** Where a level lies between black and white, 0..1. */
export function shareOf(level: number): number {
  return Math.min(1, Math.max(0, (level - LUMA_BLACK) / LUMA_SPAN));
}

function fill(curve: Float32Array, tone: (share: number) => number): void {
  for (let level = 0; level < LEVELS; level++) curve[level] = LUMA_BLACK + LUMA_SPAN * tone(shareOf(level));
}

function logShare(share: number, strength: number): number {
  return strength < 1e-3 ? share : Math.log1p(strength * share) / Math.log1p(strength);
}
