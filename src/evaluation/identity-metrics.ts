import { assign } from '../tracking/index.js';
import type { TrackScene } from './track-scene.js';

const IOU_MIN = 0.5;

/** Boxes rightly and wrongly identified, which add up over sequences. */
export interface IdentityCounts {
  readonly right: number;
  readonly missed: number;
  readonly wrong: number;
}

/** Identity figures (Ristani et al., 2016), 0..1. */
export interface IdentityFigures {
  readonly idf1: number;
  /** Precision and recall of identities. */
  readonly idp: number;
  readonly idr: number;
}

/** Identity counts of one sequence: each object is given the one track (or none) that makes most boxes right, IoU 0.5. */
export function identityCounts({ frames, objectBoxes, trackBoxes }: TrackScene): IdentityCounts {
  const together = new Map<number, number>();
  for (const { objects, tracks, overlaps } of frames) {
    for (const { row, column, iou } of overlaps) {
      if (iou < IOU_MIN) continue;
      const key = objects[row]! * trackBoxes.length + tracks[column]!;
      together.set(key, (together.get(key) ?? 0) + 1);
    }
  }
  const pairs = [...together].map(([key, gain]) => ({
    row: Math.floor(key / trackBoxes.length),
    column: key % trackBoxes.length,
    gain,
  }));
  const right = assign(pairs, objectBoxes.length, trackBoxes.length).reduce((sum, { gain }) => sum + gain, 0);
  const total = (boxes: readonly number[]) => boxes.reduce((sum, count) => sum + count, 0);
  return { right, missed: total(objectBoxes) - right, wrong: total(trackBoxes) - right };
}

/** The counts of several sequences as one. */
export function addIdentityCounts(all: readonly IdentityCounts[]): IdentityCounts {
  const sum = (key: keyof IdentityCounts) => all.reduce((total, counts) => total + counts[key], 0);
  return { right: sum('right'), missed: sum('missed'), wrong: sum('wrong') };
}

/** IDF1, IDP and IDR from counts. */
export function identityFigures({ right, missed, wrong }: IdentityCounts): IdentityFigures {
  return {
    idf1: right / Math.max(1, right + (missed + wrong) / 2),
    idp: right / Math.max(1, right + wrong),
    idr: right / Math.max(1, right + missed),
  };
}
