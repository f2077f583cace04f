import { composeSimilarities, invertSimilarity, type Similarity } from '../geometry/index.js';
import type { Thumbnail } from './thumbnail.js';

/** Grey levels by which a pixel may differ for noise alone. */
const NOISE = 2;
/** From the median of the differences' sizes to their standard deviation, if most are noise. */
const MEDIAN_TO_STD = 1.4826;
/** Differences beyond so many standard deviations are of what moves by itself, and count nothing (Tukey's biweight). */
const CUT_OFF = 4.685;
const UNKNOWNS = 4;

/** How two pictures lie over each other. */
export interface Alignment {
  readonly motion: Similarity;
  /** Robust standard deviation of what still differs, grey levels. */
  readonly residual: number;
  /** Share of the pixels compared that go along with the motion. */
  readonly inliers: number;
}

/**
 * Refines the motion that takes places in `before` to places in `now`, in pixels of their common size, by Gauss–Newton steps on
 * their difference of brightness (Lucas and Kanade, 1981; inverse compositional as in Baker and Matthews, 2004), weighted so that
 * what moves by itself has no say. A change of brightness as a whole is allowed for.
 */
export function align(before: Thumbnail, now: Thumbnail, start: Similarity, steps: number): Alignment {
  let alignment: Alignment = { motion: start, residual: Infinity, inliers: 0 };
  let motion: Similarity | undefined = start;
  for (let step = 0; step <= steps && motion !== undefined; step++) {
    const tried = tryMotion(before, now, motion);
    if (tried === undefined || tried.residual > alignment.residual) break;
    alignment = { motion, residual: tried.residual, inliers: tried.inliers };
    motion = tried.better;
  }
  return alignment;
}

/** How well a motion explains two pictures, and one that should do so better; undefined when they hardly overlap. */
export function tryMotion(before: Thumbnail, now: Thumbnail, motion: Similarity) {
  const measured = measure(before, now, motion);
  if (measured === undefined) return undefined;
  const { residual, inliers, normal, right } = measured;
  const change = solve(normal, right);
  return { residual, inliers, better: change && composeSimilarities(motion, invertSimilarity(change)) };
}

/** Differences are kept from call to call; one thread's. */
let differences = new Float32Array(0);

function measure(before: Thumbnail, now: Thumbnail, motion: Similarity) {
  const { widthPx, heightPx } = before.size;
  if (differences.length < widthPx * heightPx) differences = new Float32Array(widthPx * heightPx);
  differences.fill(NaN);
  const { a, b, dx, dy } = motion;
  const histogram = new Uint32Array(256);
  let sum = 0;
  let count = 0;
  for (let y = 1; y < heightPx - 1; y++)
    for (let x = 1; x < widthPx - 1; x++) {
      const value = sample(now, a * x - b * y + dx, b * x + a * y + dy);
      const difference = value - before.luma[y * widthPx + x]!;
      differences[y * widthPx + x] = difference;
      if (difference !== difference) continue;
      sum += difference;
      count++;
    }
  if (count < (widthPx * heightPx) / 4) return undefined;
  const mean = sum / count;
  for (let i = 0; i < widthPx * heightPx; i++) {
    const size = Math.abs(differences[i]! - mean);
    if (size === size) histogram[Math.min(255, Math.floor(size))]!++;
  }
  const residual = Math.max(NOISE, MEDIAN_TO_STD * medianOf(histogram, count));
  return { residual, ...equations(before, mean, CUT_OFF * residual, count) };
}

/** The normal equations for a change of the motion, over all pixels that go along. */
function equations(
  { size: { widthPx, heightPx }, luma }: Thumbnail,
  mean: number,
  limit: number,
  count: number,
) {
  const normal = new Float64Array(UNKNOWNS * UNKNOWNS);
  const right = new Float64Array(UNKNOWNS);
  let inliers = 0;
  for (let y = 1; y < heightPx - 1; y++)
    for (let x = 1; x < widthPx - 1; x++) {
      const at = y * widthPx + x;
      const difference = differences[at]! - mean;
      if (!(Math.abs(difference) < limit)) continue;
      inliers++;
      const weight = (1 - (difference / limit) ** 2) ** 2;
      const gx = (luma[at + 1]! - luma[at - 1]!) / 2;
      const gy = (luma[at + widthPx]! - luma[at - widthPx]!) / 2;
      // Derivatives by a - 1, b, dx and dy.
      const da = gx * x + gy * y;
      const db = gy * x - gx * y;
      const wa = weight * da;
      const wb = weight * db;
      normal[0] = normal[0]! + wa * da;
      normal[1] = normal[1]! + wa * db;
      normal[2] = normal[2]! + wa * gx;
      normal[3] = normal[3]! + wa * gy;
      normal[5] = normal[5]! + wb * db;
      normal[6] = normal[6]! + wb * gx;
      normal[7] = normal[7]! + wb * gy;
      normal[10] = normal[10]! + weight * gx * gx;
      normal[11] = normal[11]! + weight * gx * gy;
      normal[15] = normal[15]! + weight * gy * gy;
      right[0] = right[0]! + wa * difference;
      right[1] = right[1]! + wb * difference;
      right[2] = right[2]! + weight * gx * difference;
      right[3] = right[3]! + weight * gy * difference;
    }
  for (let i = 1; i < UNKNOWNS; i++)
    for (let j = 0; j < i; j++) normal[i * UNKNOWNS + j] = normal[j * UNKNOWNS + i]!;
  return { normal, right, inliers: inliers / count };
}

/** Brightness between pixels; NaN outside. */
function sample({ size: { widthPx, heightPx }, luma }: Thumbnail, x: number, y: number): number {
  const left = Math.floor(x);
  const top = Math.floor(y);
  if (!(left >= 0 && top >= 0 && left < widthPx - 1 && top < heightPx - 1)) return NaN;
  const at = top * widthPx + left;
  const fx = x - left;
  const fy = y - top;
  const upper = luma[at]! + fx * (luma[at + 1]! - luma[at]!);
  const lower = luma[at + widthPx]! + fx * (luma[at + widthPx + 1]! - luma[at + widthPx]!);
  return upper + fy * (lower - upper);
}

function medianOf(histogram: Uint32Array, count: number): number {
  let below = 0;
  for (let value = 0; value < histogram.length; value++) {
    const here = histogram[value]!;
    if (below + here >= count / 2) return value + (count / 2 - below) / here;
    below += here;
  }
  return histogram.length;
}

/** Gaussian elimination with pivots; undefined where pictures say nothing, as plain ones do. */
function solve(normal: Float64Array, right: Float64Array): Similarity | undefined {
  const n = UNKNOWNS;
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let row = column + 1; row < n; row++)
      if (Math.abs(normal[row * n + column]!) > Math.abs(normal[pivot * n + column]!)) pivot = row;
    if (Math.abs(normal[pivot * n + column]!) < 1e-6) return undefined;
    for (let i = 0; i < n; i++) {
      const swapped = normal[column * n + i]!;
      normal[column * n + i] = normal[pivot * n + i]!;
      normal[pivot * n + i] = swapped;
    }
    const value = right[column]!;
    right[column] = right[pivot]!;
    right[pivot] = value;
    for (let row = column + 1; row < n; row++) {
      const factor = normal[row * n + column]! / normal[column * n + column]!;
      for (let i = column; i < n; i++)
        normal[row * n + i] = normal[row * n + i]! - factor * normal[column * n + i]!;
      right[row] = right[row]! - factor * right[column]!;
    }
  }
  const found = new Float64Array(n);
  for (let row = n - 1; row >= 0; row--) {
    let value = right[row]!;
    for (let i = row + 1; i < n; i++) value -= normal[row * n + i]! * found[i]!;
    found[row] = value / normal[row * n + row]!;
  }
  return { a: 1 + found[0]!, b: found[1]!, dx: found[2]!, dy: found[3]! };
}
