import type { DetectionsByImage, LabelledImage } from './labelled-image.js';
import {
  IOU_THRESHOLDS,
  judgeScenes,
  scenesByLabel,
  type AreaRange,
  type Judged,
} from './match-detections.js';
import {
  bestThreshold,
  precisionRecall,
  type BestThreshold,
  type PrecisionRecall,
} from './precision-recall.js';

/** COCO's figures, 0..1; NaN where the truth has no object to find. */
export interface DetectionMetrics {
  /** Mean over IoU 0.50, 0.55, … 0.95. */
  readonly ap: number;
  readonly ap50: number;
  readonly ap75: number;
  /** Objects under 32² px, up to 96² px, and above. */
  readonly apSmall: number;
  readonly apMedium: number;
  readonly apLarge: number;
  /** Average recall with at most 100 detections an image, mean over the same IoUs. */
  readonly ar: number;
  readonly arSmall: number;
  readonly arMedium: number;
  readonly arLarge: number;
  /** Objects to find: neither crowds nor difficult. */
  readonly objects: number;
  /** One score threshold for all labels, at IoU 0.50, each detection counting the same; absent when nothing is right. */
  readonly best?: BestThreshold;
  /** Mean over the labels of the precision at recall 0.00, 0.01, … 1.00. */
  readonly precisionAt50: readonly number[];
  readonly precisionAt75: readonly number[];
  readonly labels: readonly LabelMetrics[];
}

/** The figures of one label, 0..1; NaN where it has no object to find. */
export interface LabelMetrics {
  readonly label: string;
  readonly objects: number;
  readonly ap: number;
  readonly ap50: number;
  readonly ap75: number;
  readonly ar: number;
  /** At IoU 0.50; absent when no detection is right. */
  readonly best?: BestThreshold;
  /** Precision at recall 0.00, 0.01, … 1.00; empty where there is no object to find. */
  readonly precisionAt50: readonly number[];
}

const AREAS = {
  all: [0, 1e10],
  small: [0, 32 ** 2],
  medium: [32 ** 2, 96 ** 2],
  large: [96 ** 2, 1e10],
} as const satisfies Record<string, AreaRange>;
const AT_50 = 0;
const AT_75 = 5;

/** One label in one area range. */
interface LabelCurves {
  readonly judged: readonly Judged[];
  readonly objects: number;
  /** By IoU threshold; none without objects. */
  readonly curves: readonly PrecisionRecall[];
}

/**
 * COCO detection metrics, as pycocotools' `COCOeval` computes them with its default parameters (bbox): greedy matching by score,
 * 101-point interpolated precision, means over the labels that the truth has. Images of the truth alone count.
 */
export function evaluateDetections(
  truth: readonly LabelledImage[],
  results: DetectionsByImage,
): DetectionMetrics {
  const scenes = scenesByLabel(truth, results);
  const curvesFor = (range: AreaRange) =>
    [...scenes.values()].map((ofLabel): LabelCurves => {
      const { judged, objects } = judgeScenes(ofLabel, range);
      const thresholds = objects === 0 ? [] : [...IOU_THRESHOLDS.keys()];
      return { judged, objects, curves: thresholds.map((at) => precisionRecall(judged, at, objects)) };
    });
  const all = curvesFor(AREAS.all);
  const [small, medium, large] = [AREAS.small, AREAS.medium, AREAS.large].map(curvesFor);
  const labels = [...scenes.keys()].map((label, index) => labelMetrics(label, all[index]!));
  const objects = labels.reduce((sum, label) => sum + label.objects, 0);
  const judged = all.flatMap((label) => (label.objects === 0 ? [] : label.judged));
  const best = bestThreshold(
    judged.sort((a, b) => b.score - a.score),
    AT_50,
    objects,
  );
  return {
    ap: meanAp(all),
    ap50: mean(labels.flatMap(({ ap50 }) => (Number.isNaN(ap50) ? [] : ap50))),
    ap75: mean(labels.flatMap(({ ap75 }) => (Number.isNaN(ap75) ? [] : ap75))),
    apSmall: meanAp(small!),
    apMedium: meanAp(medium!),
    apLarge: meanAp(large!),
    ar: meanRecall(all),
    arSmall: meanRecall(small!),
    arMedium: meanRecall(medium!),
    arLarge: meanRecall(large!),
    objects,
    ...(best === undefined ? {} : { best }),
    precisionAt50: meanPrecision(all, AT_50),
    precisionAt75: meanPrecision(all, AT_75),
    labels,
  };
}

function labelMetrics(label: string, found: LabelCurves): LabelMetrics {
  const { judged, objects, curves } = found;
  const best = objects === 0 ? undefined : bestThreshold(judged, AT_50, objects);
  return {
    label,
    objects,
    ap: meanAp([found]),
    ap50: mean(curves[AT_50]?.precision ?? []),
    ap75: mean(curves[AT_75]?.precision ?? []),
    ar: meanRecall([found]),
    ...(best === undefined ? {} : { best }),
    precisionAt50: curves[AT_50]?.precision ?? [],
  };
}

function meanAp(labels: readonly LabelCurves[]): number {
  return mean(labels.flatMap(({ curves }) => curves.map(({ precision }) => mean(precision))));
}

function meanRecall(labels: readonly LabelCurves[]): number {
  return mean(labels.flatMap(({ curves }) => curves.map(({ recall }) => recall)));
}

/** Step by step of recall, over the labels that have objects. */
function meanPrecision(labels: readonly LabelCurves[], threshold: number): number[] {
  const curves = labels.flatMap(({ curves }) => curves.slice(threshold, threshold + 1));
  return (curves[0]?.precision ?? []).map((_, step) => mean(curves.map(({ precision }) => precision[step]!)));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
