import { boxIou, type Detection } from '../geometry/index.js';

/** Detections of one label with at least this overlap are the same object. */
const IOU_MIN = 0.5;

/** How far two detectors find the same, 0..1. */
export interface Agreement {
  /** Harmonic mean of the shares of each one's detections that the other has too; NaN where neither found anything. */
  readonly f1: number;
  /** Mean overlap of those that both have; NaN without any. */
  readonly iou: number;
  /** Detections of the first, and of the second. */
  readonly counts: readonly [number, number];
}

/** Holds what two detectors found in the same pictures against each other: same label, IoU 0.5 or more, best first. */
export function agreement(
  first: readonly (readonly Detection[])[],
  second: readonly (readonly Detection[])[],
): Agreement {
  let [ours, theirs, both, overlap] = [0, 0, 0, 0];
  first.forEach((found, picture) => {
    const others = [...(second[picture] ?? [])];
    ours += found.length;
    theirs += others.length;
    for (const { label, box } of [...found].sort((a, b) => b.score - a.score)) {
      let best = -1;
      let bestIou = IOU_MIN;
      others.forEach((other, at) => {
        const iou = other.label === label ? boxIou(other.box, box) : 0;
        if (iou >= bestIou) [best, bestIou] = [at, iou];
      });
      if (best < 0) continue;
      others.splice(best, 1);
      both++;
      overlap += bestIou;
    }
  });
  return { f1: (2 * both) / (ours + theirs), iou: overlap / both, counts: [ours, theirs] };
}
