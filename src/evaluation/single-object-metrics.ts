import { boxIou, type Box } from '../geometry/index.js';

/** How well one object was followed, as the OTB toolkit counts (Wu, Lim, Yang: Object Tracking Benchmark, 2015; one-pass evaluation). */
export interface SingleObjectMetrics {
  readonly frames: number;
  /** Mean of the success rates at IoU above 0, 0.05, …, 1: the area under the success plot. */
  readonly auc: number;
  /** Share of frames with an IoU above 0.5. */
  readonly success50: number;
  /** Share of frames whose box is centred at most 20 px off. */
  readonly precision20: number;
}

/** Steps of the success plot. */
const OVERLAP_STEPS = 20;
const CENTRE_MAX_PX = 20;

/**
 * Compares boxes with the truth, frame by frame, the first included. As in the toolkit, frames without a truth (NaN or an empty
 * box) count as failures of overlap and as hits of the centre.
 *
 * @param found as many as there are of `truth`
 * @param truth undefined where the object has no box
 */
export function singleObjectMetrics(
  found: readonly Box[],
  truth: readonly (Box | undefined)[],
): SingleObjectMetrics {
  const frames = truth.length;
  const overlaps = truth.map((box, i) => (box === undefined ? -1 : boxIou(box, found[i]!)));
  const distances = truth.map((box, i) => (box === undefined ? -1 : centreDistance(box, found[i]!)));
  const above = (iou: number) => overlaps.filter((overlap) => overlap > iou).length / frames;
  let sum = 0;
  for (let step = 0; step <= OVERLAP_STEPS; step++) sum += above(step / OVERLAP_STEPS);
  return {
    frames,
    auc: sum / (OVERLAP_STEPS + 1),
    success50: above(0.5),
    precision20: distances.filter((distance) => distance <= CENTRE_MAX_PX).length / frames,
  };
}

function centreDistance(a: Box, b: Box): number {
  return Math.hypot(a[0] + a[2] - b[0] - b[2], a[1] + a[3] - b[1] - b[3]) / 2;
}
