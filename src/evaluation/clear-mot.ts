import { assign } from '../tracking/index.js';
import type { TrackScene } from './track-scene.js';

/** IoU from which an object counts as found. */
const IOU_MIN = 0.5;
/** More than any sum of overlaps in a frame: who was matched in the frame before stays so. */
const CONTINUED = 1000;

/** CLEAR MOT counts, which add up over sequences. */
export interface ClearCounts {
  readonly matched: number;
  readonly missed: number;
  readonly wrong: number;
  readonly idSwitches: number;
  readonly fragmentations: number;
  /** Objects found in more than 80 % of their frames, in less than 20 %, and all. */
  readonly mostlyTracked: number;
  readonly mostlyLost: number;
  readonly objects: number;
  /** Sum of the overlaps of what was matched. */
  readonly overlap: number;
}

/** CLEAR MOT figures (Bernardin and Stiefelhagen, 2008). */
export interface ClearFigures {
  /** 1 - (missed + wrong + switches) / boxes of objects; may be negative. */
  readonly mota: number;
  /** Mean overlap of what was matched, 0..1. */
  readonly motp: number;
}

/** CLEAR MOT counts of one sequence at IoU 0.5, as TrackEval computes them. */
export function clearCounts({ frames, objectBoxes }: TrackScene): ClearCounts {
  const lastTrack = new Map<number, number>();
  const found = new Float64Array(objectBoxes.length);
  const stretches = new Float64Array(objectBoxes.length);
  let before = new Map<number, number>();
  let [matched, missed, wrong, idSwitches, overlap] = [0, 0, 0, 0, 0];
  for (const { objects, tracks, overlaps } of frames) {
    if (objects.length === 0 || tracks.length === 0) {
      missed += objects.length;
      wrong += tracks.length;
      continue;
    }
    const pairs = overlaps
      .filter(({ iou }) => iou >= IOU_MIN - Number.EPSILON)
      .map((pair) => {
        const isContinued = before.get(objects[pair.row]!) === tracks[pair.column]!;
        return { ...pair, gain: pair.iou + (isContinued ? CONTINUED : 0) };
      });
    const matches = assign(pairs, objects.length, tracks.length);
    const now = new Map<number, number>();
    for (const { row, column, iou } of matches) {
      const object = objects[row]!;
      const track = tracks[column]!;
      if ((lastTrack.get(object) ?? track) !== track) idSwitches++;
      lastTrack.set(object, track);
      now.set(object, track);
      if (!before.has(object)) stretches[object]!++;
      found[object]!++;
      overlap += iou;
    }
    before = now;
    matched += matches.length;
    missed += objects.length - matches.length;
    wrong += tracks.length - matches.length;
  }
  const shares = objectBoxes.map((boxes, object) => found[object]! / boxes);
  return {
    matched,
    missed,
    wrong,
    idSwitches,
    fragmentations: stretches.reduce((sum, count) => sum + Math.max(0, count - 1), 0),
    mostlyTracked: shares.filter((share) => share > 0.8).length,
    mostlyLost: shares.filter((share) => share < 0.2).length,
    objects: objectBoxes.length,
    overlap,
  };
}

/** The counts of several sequences as one. */
export function addClearCounts(all: readonly ClearCounts[]): ClearCounts {
  const sum = (key: keyof ClearCounts) => all.reduce((total, counts) => total + counts[key], 0);
  return {
    matched: sum('matched'),
    missed: sum('missed'),
    wrong: sum('wrong'),
    idSwitches: sum('idSwitches'),
    fragmentations: sum('fragmentations'),
    mostlyTracked: sum('mostlyTracked'),
    mostlyLost: sum('mostlyLost'),
    objects: sum('objects'),
    overlap: sum('overlap'),
  };
}

/** MOTA and MOTP from counts. */
export function clearFigures({ matched, missed, wrong, idSwitches, overlap }: ClearCounts): ClearFigures {
  return {
    mota: (matched - wrong - idSwitches) / Math.max(1, matched + missed),
    motp: overlap / Math.max(1, matched),
  };
}
