import type { DetectorDescription, Tensors } from '../detector-spec.js';
import { Candidates } from './candidates.js';
import { floats } from './tensors.js';

/** Where a row of finished detections has what. The box is x1, y1, x2, y2 in input pixels. */
export interface FinalRows {
  readonly output: string;
  /** Numbers of a row. */
  readonly width: number;
  readonly boxAt: number;
  readonly scoreAt: number;
  readonly labelAt: number;
}

/** Detections that the model itself has picked: [rows, width], or [1, rows, width]. Rows are counted as the output has them. */
export function finalCandidates(outputs: Tensors, rows: FinalRows, scoreMin: number): Candidates {
  const { output, width, boxAt, scoreAt, labelAt } = rows;
  const hasBatch = outputs[output]?.dims.length === 3;
  const data = floats(outputs, output, hasBatch ? [1, '*', width] : ['*', width]);
  const found = new Candidates();
  for (let at = 0; at < data.length; at += width) {
    const score = data[at + scoreAt]!;
    const label = data[at + labelAt]!;
    // Rows that stand for nothing have a score of 0 or a class of -1.
    if (!(score >= scoreMin && label >= 0) || !Number.isInteger(label)) continue;
    const box = at + boxAt;
    found.add(at / width, label, score, data[box]!, data[box + 1]!, data[box + 2]!, data[box + 3]!);
  }
  return found;
}

/** Rows as a description's facts have them. */
export function finalRowsOf({ facts }: DetectorDescription): FinalRows {
  const { output, width, boxAt, scoreAt, labelAt } = facts;
  return {
    output: String(output),
    width: Number(width),
    boxAt: Number(boxAt),
    scoreAt: Number(scoreAt),
    labelAt: Number(labelAt),
  };
}
