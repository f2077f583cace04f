import type { Candidates } from './candidates.js';
import type { Level } from './shapes.js';

/** Scores and sides of the cells of one level, as networks with a distribution focal loss have them. */
export interface DistributionMap {
  readonly level: Level;
  /** Where a cell's point lies in its square: 0.5 its middle, 0 its corner. */
  readonly pointAt: number;
  readonly classes: number;
  /** Class scores, 0..1: of a cell `scoreStep` apart, beginning at `scoreFrom`. */
  readonly scores: Float32Array;
  readonly scoreFrom: number;
  readonly scoreStep: number;
  /** Logits of the distances to left, top, right and bottom, `bins` each: of a cell `sideStep` apart, beginning at `sideFrom`. */
  readonly sides: Float32Array;
  readonly sideFrom: number;
  readonly sideStep: number;
  readonly bins: number;
}

/**
 * Collects what is scored `scoreMin` or higher. A side's distance is the expected value of its softmax over 0, 1, … `bins - 1`
 * cells (Li et al., "Generalized Focal Loss", 2020).
 */
export function collectDistributions(map: DistributionMap, scoreMin: number, found: Candidates): void {
  const { level, pointAt, classes, scores, sides, bins } = map;
  const { columns, rows, stridePx, first } = level;
  for (let cell = 0; cell < columns * rows; cell++) {
    const scoresAt = map.scoreFrom + cell * map.scoreStep;
    let box: readonly number[] | undefined;
    for (let label = 0; label < classes; label++) {
      const score = scores[scoresAt + label]!;
      if (!(score >= scoreMin)) continue;
      box ??= [0, 1, 2, 3].map(
        (side) => expected(sides, map.sideFrom + cell * map.sideStep + side * bins, bins) * stridePx,
      );
      const x = ((cell % columns) + pointAt) * stridePx;
      const y = (Math.floor(cell / columns) + pointAt) * stridePx;
      found.add(first + cell, label, score, x - box[0]!, y - box[1]!, x + box[2]!, y + box[3]!);
    }
  }
}

/** The expected value of a softmax over `bins` logits. */
function expected(logits: Float32Array, from: number, bins: number): number {
  let highest = -Infinity;
  for (let bin = 0; bin < bins; bin++) highest = Math.max(highest, logits[from + bin]!);
  let sum = 0;
  let weighted = 0;
  for (let bin = 0; bin < bins; bin++) {
    const weight = Math.exp(logits[from + bin]! - highest);
    sum += weight;
    weighted += weight * bin;
  }
  return weighted / sum;
}
