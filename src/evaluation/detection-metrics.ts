import { boxArea, type Box, type Detection } from '../geometry/index.js';

/** One image with its objects. Boxes are in the image's pixels. */
export interface LabelledImage {
  readonly id: number;
  readonly fileName: string;
  readonly objects: readonly LabelledObject[];
}

/** One object of the truth. */
export interface LabelledObject {
  readonly label: string;
  readonly box: Box;
  /** Pixels that the object covers; decides whether it is small, medium or large. */
  readonly areaPx: number;
  /** A region of many objects: finding it is neither right nor wrong. */
  readonly isCrowd: boolean;
}

/** Results of one image, by the image's id. */
export type DetectionsByImage = ReadonlyMap<number, readonly Detection[]>;

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
  readonly labels: readonly LabelMetrics[];
}

/** The figures of one label, 0..1; NaN where all its objects are crowds. */
export interface LabelMetrics {
  readonly label: string;
  readonly objects: number;
  readonly ap: number;
  readonly ap50: number;
}

// Both as numpy's linspace computes them: a recall that falls on a step must fall on the same side as in pycocotools.
const IOU_THRESHOLDS = Array.from({ length: 10 }, (_, i) => 0.5 + i * ((0.95 - 0.5) / 9));
const RECALL_STEP = 0.01;
const RECALL_STEPS = 101;
const DETECTIONS_MAX = 100;
const AREAS = {
  all: [0, 1e10],
  small: [0, 32 ** 2],
  medium: [32 ** 2, 96 ** 2],
  large: [96 ** 2, 1e10],
} as const;
type AreaRange = readonly [min: number, max: number];

/** Precision over recall and best recall of one label in one area range, per IoU threshold; undefined without objects. */
interface Curve {
  readonly ap: readonly number[];
  readonly recall: readonly number[];
}

/**
 * COCO detection metrics, as pycocotools' `COCOeval` computes them with its default parameters (bbox): greedy matching by score,
 * 101-point interpolated precision, means over the labels that the truth has. Images of the truth alone count.
 */
export function evaluateDetections(
  truth: readonly LabelledImage[],
  results: DetectionsByImage,
): DetectionMetrics {
  const labels = [...new Set(truth.flatMap((image) => image.objects.map((object) => object.label)))].sort();
  const curvesFor = (range: AreaRange) => labels.map((label) => curve(truth, results, label, range));
  const all = curvesFor(AREAS.all);
  const meanAp = (curves: readonly (Curve | undefined)[]) => mean(curves.flatMap((found) => found?.ap ?? []));
  const apAt = (index: number) => mean(all.flatMap((found) => found?.ap[index] ?? []));
  return {
    ap: meanAp(all),
    ap50: apAt(0),
    ap75: apAt(5),
    apSmall: meanAp(curvesFor(AREAS.small)),
    apMedium: meanAp(curvesFor(AREAS.medium)),
    apLarge: meanAp(curvesFor(AREAS.large)),
    ar: mean(all.flatMap((found) => found?.recall ?? [])),
    labels: labels.map((label, index) => ({
      label,
      objects: truth.flatMap((image) => image.objects).filter((o) => o.label === label && !o.isCrowd).length,
      ap: mean(all[index]?.ap ?? []),
      ap50: all[index]?.ap[0] ?? NaN,
    })),
  };
}

/** What became of one detection at each IoU threshold. */
interface Judged {
  readonly score: number;
  readonly matched: readonly boolean[];
  readonly ignored: readonly boolean[];
}

function curve(
  truth: readonly LabelledImage[],
  results: DetectionsByImage,
  label: string,
  range: AreaRange,
): Curve | undefined {
  const judged: Judged[] = [];
  let objects = 0;
  for (const image of truth) {
    const wanted = image.objects
      .filter((object) => object.label === label)
      .map((object) => ({ object, isIgnored: object.isCrowd || isOutside(object.areaPx, range) }))
      // What counts is matched before what is ignored; sort is stable.
      .sort((a, b) => Number(a.isIgnored) - Number(b.isIgnored));
    objects += wanted.filter(({ isIgnored }) => !isIgnored).length;
    const found = (results.get(image.id) ?? [])
      .filter((detection) => detection.label === label)
      .sort((a, b) => b.score - a.score)
      .slice(0, DETECTIONS_MAX);
    judged.push(...judge(wanted, found, range));
  }
  if (objects === 0) return undefined;
  judged.sort((a, b) => b.score - a.score);
  const perThreshold = IOU_THRESHOLDS.map((_, index) => precisionAndRecall(judged, index, objects));
  return { ap: perThreshold.map(({ ap }) => ap), recall: perThreshold.map(({ recall }) => recall) };
}

interface Wanted {
  readonly object: LabelledObject;
  readonly isIgnored: boolean;
}

/** Matches the detections of one image, best first, to the object that each overlaps most and that is still free. */
function judge(wanted: readonly Wanted[], found: readonly Detection[], range: AreaRange): Judged[] {
  const overlaps = found.map(({ box }) => wanted.map(({ object }) => overlap(box, object)));
  const perThreshold = IOU_THRESHOLDS.map((threshold) => {
    const taken = new Set<number>();
    return found.map((detection, at) => {
      const match = bestMatch(wanted, overlaps[at]!, taken, threshold);
      if (match !== undefined) taken.add(match);
      const isIgnored =
        match === undefined ? isOutside(boxArea(detection.box), range) : wanted[match]!.isIgnored;
      return { isMatched: match !== undefined, isIgnored };
    });
  });
  return found.map(({ score }, at) => ({
    score,
    matched: perThreshold.map((verdicts) => verdicts[at]!.isMatched),
    ignored: perThreshold.map((verdicts) => verdicts[at]!.isIgnored),
  }));
}

function bestMatch(
  wanted: readonly Wanted[],
  overlaps: readonly number[],
  taken: ReadonlySet<number>,
  threshold: number,
): number | undefined {
  let best = Math.min(threshold, 1 - 1e-10);
  let match: number | undefined;
  for (const [index, { object, isIgnored }] of wanted.entries()) {
    if (taken.has(index) && !object.isCrowd) continue;
    // A match that counts is not given up for an ignored one.
    if (match !== undefined && !wanted[match]!.isIgnored && isIgnored) break;
    if (overlaps[index]! < best) continue;
    best = overlaps[index]!;
    match = index;
  }
  return match;
}

/** Area under the precision envelope, sampled at 101 recalls, and the highest recall. */
function precisionAndRecall(
  judged: readonly Judged[],
  threshold: number,
  objects: number,
): { ap: number; recall: number } {
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
  let sum = 0;
  let at = 0;
  for (let step = 0; step < RECALL_STEPS; step++) {
    while (at < recalls.length && recalls[at]! < step * RECALL_STEP) at++;
    sum += precisions[at] ?? 0;
  }
  return { ap: sum / RECALL_STEPS, recall: recalls.at(-1) ?? 0 };
}

/** IoU; against a crowd, the share of the detection that lies in it. */
function overlap(box: Box, { box: truth, isCrowd }: LabelledObject): number {
  const width = Math.min(box[2], truth[2]) - Math.max(box[0], truth[0]);
  const height = Math.min(box[3], truth[3]) - Math.max(box[1], truth[1]);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (isCrowd ? boxArea(box) : boxArea(box) + boxArea(truth) - shared);
}

function isOutside(areaPx: number, [min, max]: AreaRange): boolean {
  return areaPx < min || areaPx > max;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
