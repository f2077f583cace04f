import { boxArea, type Box, type Detection } from '../geometry/index.js';
import type { DetectionsByImage, LabelledImage, LabelledObject } from './labelled-image.js';

/** COCO's IoU thresholds 0.50, 0.55, … 0.95, as numpy's linspace computes them. */
export const IOU_THRESHOLDS: readonly number[] = Array.from(
  { length: 10 },
  (_, i) => 0.5 + i * ((0.95 - 0.5) / 9),
);
const DETECTIONS_MAX = 100;

/** Areas in square pixels, both ends included. */
export type AreaRange = readonly [min: number, max: number];

/** The objects and detections of one label in one image. */
export interface Scene {
  readonly objects: readonly LabelledObject[];
  /** Best first, at most 100. */
  readonly found: readonly Detection[];
  /** IoU by detection and object; against a crowd, the share of the detection that lies in it. */
  readonly overlaps: readonly (readonly number[])[];
}

/** What became of one detection at each of {@link IOU_THRESHOLDS}. */
export interface Judged {
  readonly score: number;
  readonly matched: readonly boolean[];
  /** Neither right nor wrong. */
  readonly ignored: readonly boolean[];
}

/** The scenes of each label that the truth has, in order of image ids, with no scene where there is nothing of the label. */
export function scenesByLabel(
  truth: readonly LabelledImage[],
  results: DetectionsByImage,
): ReadonlyMap<string, readonly Scene[]> {
  const images = [...truth].sort((a, b) => a.id - b.id);
  const labels = new Set(images.flatMap(({ objects }) => objects.map(({ label }) => label)));
  const scenes = new Map<string, Scene[]>([...labels].sort().map((label) => [label, []]));
  for (const { id, objects } of images) {
    const objectsOf = grouped(objects);
    const foundOf = grouped(results.get(id) ?? []);
    for (const label of new Set([...objectsOf.keys(), ...foundOf.keys()])) {
      scenes.get(label)?.push(scene(objectsOf.get(label) ?? [], foundOf.get(label) ?? []));
    }
  }
  return scenes;
}

/**
 * Judges all detections of one label, best first. Objects out of `range` are ignored, as crowds and difficult ones are.
 * `objects` counts those that should be found.
 */
export function judgeScenes(
  scenes: readonly Scene[],
  range: AreaRange,
): { judged: readonly Judged[]; objects: number } {
  const judged: Judged[] = [];
  let objects = 0;
  for (const one of scenes) {
    const isIgnored = one.objects.map(
      (object) => object.isCrowd || object.isDifficult === true || isOutside(object.areaPx, range),
    );
    objects += isIgnored.filter((ignored) => !ignored).length;
    judged.push(...judge(one, isIgnored, range));
  }
  return { judged: judged.sort((a, b) => b.score - a.score), objects };
}

function grouped<T extends { readonly label: string }>(items: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(item.label);
    if (group === undefined) groups.set(item.label, [item]);
    else group.push(item);
  }
  return groups;
}

function scene(objects: readonly LabelledObject[], detections: readonly Detection[]): Scene {
  const found = [...detections].sort((a, b) => b.score - a.score).slice(0, DETECTIONS_MAX);
  return {
    objects,
    found,
    overlaps: found.map(({ box }) => objects.map((object) => overlap(box, object))),
  };
}

/** Matches the detections of one scene, best first, to the object that each overlaps most and that is still free. */
function judge({ objects, found, overlaps }: Scene, isIgnored: readonly boolean[], range: AreaRange) {
  // What counts is matched before what is ignored; sort is stable.
  const order = [...objects.keys()].sort((a, b) => Number(isIgnored[a]) - Number(isIgnored[b]));
  const perThreshold = IOU_THRESHOLDS.map((threshold) => {
    const taken = new Set<number>();
    return found.map(({ box }, at) => {
      let best = Math.min(threshold, 1 - 1e-10);
      let match: number | undefined;
      for (const index of order) {
        const object = objects[index]!;
        if (taken.has(index) && !object.isCrowd && object.isDifficult !== true) continue;
        // A match that counts is not given up for an ignored one.
        if (match !== undefined && !isIgnored[match]! && isIgnored[index]!) break;
        if (overlaps[at]![index]! < best) continue;
        best = overlaps[at]![index]!;
        match = index;
      }
      if (match === undefined) return { isMatched: false, isIgnored: isOutside(boxArea(box), range) };
      taken.add(match);
      return { isMatched: true, isIgnored: isIgnored[match]! };
    });
  });
  return found.map(({ score }, at) => ({
    score,
    matched: perThreshold.map((verdicts) => verdicts[at]!.isMatched),
    ignored: perThreshold.map((verdicts) => verdicts[at]!.isIgnored),
  }));
}

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
