import { contextSide, searchRegion, type Box, type FollowerGeometry } from '../geometry/index.js';

/** What the network says of one search crop; `gridCells`² cells, row by row. */
export interface SearchMaps {
  /** How much a cell looks like the template, 0..1. */
  readonly score: Float32Array;
  /** Four such maps: how far the box's left, top, right and bottom are from the cell's centre, in pixels of the search crop. */
  readonly ltrb: Float32Array;
}

/** How a box is chosen from the maps. */
export interface SearchTuning {
  /** How strongly a change of size or aspect speaks against a cell. */
  readonly penaltyK: number;
  /** Share of the window, which prefers the middle, in a cell's rank, 0..1. */
  readonly windowInfluence: number;
  /** Share of a new size in the size that is kept, 0..1, times the score. */
  readonly sizeRate: number;
}

/** Where an object was found. */
export interface Sighting {
  /** In the space of the box that was searched around. */
  readonly box: Box;
  /** Similarity of the place that was chosen, 0..1. */
  readonly confidence: number;
  /**
   * Highest similarity outside of the box found, 0..1. It is no part of the confidence: among people it is high for the right box too, and a
   * confidence lowered by it told lost objects from followed ones worse (design/follow.md).
   */
  readonly sidelobe: number;
}

/**
 * Chooses the box that the maps of a search crop speak for (SiamRPN, SiamBAN): scores are lowered for changes of size and aspect and
 * mixed with a Hann window around where the object was expected; the size follows slowly.
 *
 * @param searched the box around which was searched; its size is that of the object so far
 * @param maps only read
 */
export function locate(
  searched: Box,
  maps: SearchMaps,
  geometry: FollowerGeometry,
  tuning: SearchTuning,
): Sighting {
  const { gridCells, stridePx, firstCellPx, searchPx, context } = geometry;
  const { score, ltrb } = maps;
  const cells = gridCells * gridCells;
  const [left, top, right] = searchRegion(searched, geometry);
  const toCrop = searchPx / (right - left);
  const width = (searched[2] - searched[0]) * toCrop;
  const height = (searched[3] - searched[1]) * toCrop;
  const side = contextSide(width, height, context);
  const window = hann(gridCells);

  let best = 0;
  let bestRank = -Infinity;
  let bestPenalty = 0;
  for (let cell = 0; cell < cells; cell++) {
    const w = ltrb[cell]! + ltrb[cell + 2 * cells]!;
    const h = ltrb[cell + cells]! + ltrb[cell + 3 * cells]!;
    // Maps of a broken model may hold anything: a cell without a size is no candidate.
    if (!(w > 0 && h > 0) || !(score[cell]! >= 0)) continue;
    const resized = change(contextSide(w, h, context) / side);
    const reshaped = change(width / height / (w / h));
    const penalty = Math.exp(-(resized * reshaped - 1) * tuning.penaltyK);
    const place = window[cell % gridCells]! * window[Math.floor(cell / gridCells)]!;
    const rank = penalty * score[cell]! * (1 - tuning.windowInfluence) + place * tuning.windowInfluence;
    if (!(rank > bestRank)) continue;
    bestRank = rank;
    best = cell;
    bestPenalty = penalty;
  }
  if (bestRank === -Infinity) return { box: searched, confidence: 0, sidelobe: 0 };

  const x = firstCellPx + (best % gridCells) * stridePx;
  const y = firstCellPx + Math.floor(best / gridCells) * stridePx;
  const found: Box = [
    x - ltrb[best]!,
    y - ltrb[best + cells]!,
    x + ltrb[best + 2 * cells]!,
    y + ltrb[best + 3 * cells]!,
  ];
  const peak = Math.min(1, score[best]!);
  const rate = bestPenalty * peak * tuning.sizeRate;
  const keptWidth = (width + (found[2] - found[0] - width) * rate) / toCrop / 2;
  const keptHeight = (height + (found[3] - found[1] - height) * rate) / toCrop / 2;
  const centreX = left + (found[0] + found[2]) / 2 / toCrop;
  const centreY = top + (found[1] + found[3]) / 2 / toCrop;
  return {
    box: [centreX - keptWidth, centreY - keptHeight, centreX + keptWidth, centreY + keptHeight],
    confidence: peak,
    sidelobe: Math.min(1, highestOutside(score, found, geometry)),
  };
}

function change(ratio: number): number {
  return Math.max(ratio, 1 / ratio);
}

function highestOutside(score: Float32Array, box: Box, geometry: FollowerGeometry): number {
  const { gridCells, stridePx, firstCellPx } = geometry;
  let highest = 0;
  for (let row = 0, cell = 0; row < gridCells; row++) {
    const y = firstCellPx + row * stridePx;
    const isBeside = y < box[1] || y > box[3];
    for (let column = 0; column < gridCells; column++, cell++) {
      const x = firstCellPx + column * stridePx;
      if ((isBeside || x < box[0] || x > box[2]) && score[cell]! > highest) highest = score[cell]!;
    }
  }
  return highest;
}

const windows = new Map<number, Float32Array>();

/** A Hann window whose ends are 0, as numpy's `hanning`; its product with itself is the plane's. */
function hann(count: number): Float32Array {
  let window = windows.get(count);
  if (window === undefined) {
    window = Float32Array.from(
      { length: count },
      (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / (count - 1)),
    );
    windows.set(count, window);
  }
  return window;
}
