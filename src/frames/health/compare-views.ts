import { TILES, type View } from './view.js';

/** Contrast of a tile, as standard deviation of its blocks' luma, from which on it can be known again. */
const CONTRAST_MIN = 4;
/** Correlation from which on a tile shows what it did; of its luma, or of where its edges are, which light from elsewhere leaves. */
const MATCH_MIN = 0.6;
/** A tile that has less than this share of its contrast, or of its edges, is covered. */
const LEFT_MAX = 0.35;
/** A block has an edge from such a step on, at the contrast of before. */
const EDGE_MIN = 12;

/** With less of its contrast left, edges cannot be told from noise. */
const EDGES_CONTRAST_MIN = 0.35;

/** How a view compares with one of before. */
export interface ViewComparison {
  /** Tiles with enough in them to be known again; the others are of these. */
  judged: number;
  /** Tiles that show what they did. */
  matched: number;
  /** Tiles that do not, and show next to nothing. */
  gone: number;
  /** Height of all edges by what it was, where tiles match, corrected for contrast: 1, less when out of focus; NaN without edges, and in much weaker light. */
  sharpness: number;
}

/** Sums of one tile. */
const enum Sum {
  count,
  a,
  b,
  aa,
  bb,
  ab,
  stepsA,
  stepsB,
  stepsAA,
  stepsBB,
  stepsAB,
  slopesA,
  slopesB,
  length,
}

/** Compares views tile by tile. Allocates nothing per comparison. */
export class ViewComparer {
  readonly #tileOf: Uint8Array;
  readonly #sums = new Float64Array(TILES * Sum.length);
  readonly #isMatch = new Uint8Array(TILES);

  /** @param tileOf of each block, as `tilesOf` gives it */
  constructor(tileOf: Uint8Array) {
    this.#tileOf = tileOf;
  }

  /** Compares `now` with `before`, and writes what it finds into `found`. */
  compare(before: View, now: View, found: ViewComparison): void {
    this.#sumUp(before, now);
    const sums = this.#sums;
    [found.judged, found.matched, found.gone] = [0, 0, 0];
    this.#isMatch.fill(0);
    let [slopesA, slopesB] = [0, 0];
    for (let tile = 0; tile < TILES; tile++) {
      const at = tile * Sum.length;
      const count = sums[at + Sum.count]!;
      const contrast = deviation(count, sums[at + Sum.a]!, sums[at + Sum.aa]!);
      if (contrast < CONTRAST_MIN) continue;
      found.judged++;
      const contrastNow = deviation(count, sums[at + Sum.b]!, sums[at + Sum.bb]!);
      const isMatch =
        correlation(sums, at, Sum.a, contrast, contrastNow) >= MATCH_MIN ||
        correlation(
          sums,
          at,
          Sum.stepsA,
          deviation(count, sums[at + Sum.stepsA]!, sums[at + Sum.stepsAA]!),
          deviation(count, sums[at + Sum.stepsB]!, sums[at + Sum.stepsBB]!),
        ) >= MATCH_MIN;
      if (isMatch) {
        found.matched++;
        this.#isMatch[tile] = 1;
        slopesA += sums[at + Sum.slopesA]!;
        slopesB += sums[at + Sum.slopesB]!;
      } else if (
        contrastNow < LEFT_MAX * contrast ||
        sums[at + Sum.stepsB]! < LEFT_MAX * sums[at + Sum.stepsA]!
      )
        found.gone++;
    }
    found.sharpness = this.#sharpness(before.steps, now.steps, slopesB / slopesA);
  }

  /** @param contrast of now, by that of before */
  #sharpness(before: Float32Array, now: Float32Array, contrast: number): number {
    if (contrast < EDGES_CONTRAST_MIN) return NaN;
    let [edgesA, edgesB] = [0, 0];
    for (let block = 0; block < before.length; block++) {
      if (this.#isMatch[this.#tileOf[block]!] === 0) continue;
      edgesA += Math.max(0, before[block]! - EDGE_MIN);
      edgesB += Math.max(0, now[block]! - EDGE_MIN * contrast);
    }
    return edgesB / (edgesA * contrast);
  }

  #sumUp(before: View, now: View): void {
    const sums = this.#sums.fill(0);
    const tileOf = this.#tileOf;
    const { luma: lumaA, size } = before.thumbnail;
    const { luma: lumaB } = now.thumbnail;
    const { widthPx } = size;
    for (let block = 0; block < lumaA.length; block++) {
      const at = tileOf[block]! * Sum.length;
      const a = lumaA[block]!;
      const b = lumaB[block]!;
      const stepA = before.steps[block]!;
      const stepB = now.steps[block]!;
      sums[at + Sum.count]!++;
      sums[at + Sum.a]! += a;
      sums[at + Sum.b]! += b;
      sums[at + Sum.aa]! += a * a;
      sums[at + Sum.bb]! += b * b;
      sums[at + Sum.ab]! += a * b;
      sums[at + Sum.stepsA]! += stepA;
      sums[at + Sum.stepsB]! += stepB;
      sums[at + Sum.stepsAA]! += stepA * stepA;
      sums[at + Sum.stepsBB]! += stepB * stepB;
      sums[at + Sum.stepsAB]! += stepA * stepB;
      if (block < widthPx) continue;
      sums[at + Sum.slopesA]! += Math.abs(a - lumaA[block - 1]!) + Math.abs(a - lumaA[block - widthPx]!);
      sums[at + Sum.slopesB]! += Math.abs(b - lumaB[block - 1]!) + Math.abs(b - lumaB[block - widthPx]!);
    }
  }
}

function deviation(count: number, sum: number, squares: number): number {
  return Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
}

/** Of two quantities whose sums stand one after another from `first` on. */
function correlation(sums: Float64Array, at: number, first: number, a: number, b: number): number {
  const count = sums[at + Sum.count]!;
  const covariance =
    sums[at + first + 4]! / count - (sums[at + first]! / count) * (sums[at + first + 1]! / count);
  return a * b > 0 ? covariance / (a * b) : 0;
}
