import { boxIou, type Box } from './box.js';
import type { MaskRle } from './mask-rle.js';

/** One object found in one frame. `box` is in source-frame pixels unless its holder says otherwise; `score` is 0..1. */
export interface Detection {
  readonly label: string;
  readonly score: number;
  readonly box: Box;
  /** Which of the frame's pixels it covers, from models that segment; in the same space as `box`. */
  readonly mask?: MaskRle;
  /** What it looks like, as a unit vector; comparable with those of the same model. */
  readonly embedding?: Float32Array;
}

/**
 * Greedy non-maximum suppression within each label: keeps the best detection and drops those overlapping it
 * by more than `iouMax`. Returns a new array, best score first.
 */
export function suppressOverlaps(detections: readonly Detection[], iouMax: number): Detection[] {
  const kept: Detection[] = [];
  for (const candidate of [...detections].sort((a, b) => b.score - a.score)) {
    if (kept.every((k) => k.label !== candidate.label || boxIou(k.box, candidate.box) <= iouMax))
      kept.push(candidate);
  }
  return kept;
}
