import type { Judged } from './match-detections.js';

// As numpy's linspace has them: a recall that falls on a step must fall on the same side as in pycocotools.
const RECALL_STEP = 0.01;
const RECALL_STEPS = 101;

/** Precision over recall, of one label at one IoU threshold. */
export interface PrecisionRecall {
  /** Highest precision at recall 0.00, 0.01, … 1.00 or more, 0 where it is never reached. Their mean is the average precision. */
  readonly precision: readonly number[];
  /** Highest recall. */
  readonly recall: number;
}

/** The score from which detections are best counted: the one with the highest F1, the harmonic mean of precision and recall. */
export interface BestThreshold {
  readonly scoreMin: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** Precision and recall of detections that come best first, at the IoU threshold of this index. */
export function precisionRecall(
  judged: readonly Judged[],
  threshold: number,
  objects: number,
): PrecisionRecall {
  const precisions: number[] = [];
  const recalls: number[] = [];
  let right = 0;
  let wrong = 0;
  for (const { matched, ignored } of judged) {
    if (ignored[threshold] === true) continue;
    if (matched[threshold] === true) right++;
    else wrong++;
    recalls.push(right / objects);
    precisions.push(right / (right + wrong));
  }
  for (let i = precisions.length - 2; i >= 0; i--)
    precisions[i] = Math.max(precisions[i]!, precisions[i + 1]!);
  let at = 0;
  const precision = Array.from({ length: RECALL_STEPS }, (_, step) => {
    while (at < recalls.length && recalls[at]! < step * RECALL_STEP) at++;
    return precisions[at] ?? 0;
  });
  return { precision, recall: recalls.at(-1) ?? 0 };
}

/** The best score threshold for detections that come best first; undefined when none of them is right. */
export function bestThreshold(
  judged: readonly Judged[],
  threshold: number,
  objects: number,
): BestThreshold | undefined {
  let best: BestThreshold | undefined;
  let right = 0;
  let wrong = 0;
  for (const [at, { score, matched, ignored }] of judged.entries()) {
    if (ignored[threshold] !== true) {
      if (matched[threshold] === true) right++;
      else wrong++;
    }
    // A threshold takes all of one score, or none.
    if (judged[at + 1]?.score === score) continue;
    const f1 = (2 * right) / (right + wrong + objects);
    if (right === 0 || f1 <= (best?.f1 ?? 0)) continue;
    best = { scoreMin: score, precision: right / (right + wrong), recall: right / objects, f1 };
  }
  return best;
}
