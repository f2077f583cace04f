import { assign } from '../tracking/index.js';
import type { TrackScene } from './track-scene.js';

/** The IoU thresholds 0.05, 0.10, … 0.95 that HOTA averages over. */
const ALPHAS: readonly number[] = Array.from({ length: 19 }, (_, i) => (i + 1) * 0.05);

/** Counts at each threshold, which add up over sequences. */
export interface HotaCounts {
  readonly matched: number[];
  readonly missed: number[];
  readonly wrong: number[];
  /** Sums over matches of the overlap, and of how well object and track belong together over time. */
  readonly overlap: number[];
  readonly association: number[];
}

/** Higher Order Tracking Accuracy and its parts, 0..1. */
export interface HotaFigures {
  /** Geometric mean of detection and association accuracy, over thresholds. */
  readonly hota: number;
  readonly detA: number;
  readonly assA: number;
  /** Mean overlap of what was matched. */
  readonly locA: number;
}

/** HOTA's counts (Luiten et al., 2021) of one sequence, as TrackEval computes them. */
export function hotaCounts({ frames, objectBoxes, trackBoxes }: TrackScene): HotaCounts {
  const trackCount = trackBoxes.length;
  // How well each object and track agree over the whole sequence: decides which are matched where several could be.
  const potential = new Map<number, number>();
  for (const { objects, tracks, overlaps } of frames) {
    const rowSums = new Float64Array(objects.length);
    const columnSums = new Float64Array(tracks.length);
    for (const { row, column, iou } of overlaps) {
      rowSums[row]! += iou;
      columnSums[column]! += iou;
    }
    for (const { row, column, iou } of overlaps) {
      const key = objects[row]! * trackCount + tracks[column]!;
      potential.set(key, (potential.get(key) ?? 0) + iou / (rowSums[row]! + columnSums[column]! - iou));
    }
  }
  const counts = emptyCounts();
  const together = ALPHAS.map(() => new Map<number, number>());
  for (const { objects, tracks, overlaps } of frames) {
    const pairs = overlaps.map((overlap) => {
      const object = objects[overlap.row]!;
      const track = tracks[overlap.column]!;
      const shared = potential.get(object * trackCount + track)!;
      const aligned = shared / (objectBoxes[object]! + trackBoxes[track]! - shared);
      return { ...overlap, gain: aligned * overlap.iou };
    });
    const matches = assign(pairs, objects.length, tracks.length);
    ALPHAS.forEach((alpha, a) => {
      const kept = matches.filter(({ iou }) => iou >= alpha - Number.EPSILON);
      counts.matched[a]! += kept.length;
      counts.missed[a]! += objects.length - kept.length;
      counts.wrong[a]! += tracks.length - kept.length;
      for (const { row, column, iou } of kept) {
        const key = objects[row]! * trackCount + tracks[column]!;
        counts.overlap[a]! += iou;
        together[a]!.set(key, (together[a]!.get(key) ?? 0) + 1);
      }
    });
  }
  together.forEach((matches, a) => {
    for (const [key, count] of matches) {
      const boxes = objectBoxes[Math.floor(key / trackCount)]! + trackBoxes[key % trackCount]!;
      counts.association[a]! += (count * count) / (boxes - count);
    }
  });
  return counts;
}

/** The counts of several sequences as one. */
export function addHotaCounts(all: readonly HotaCounts[]): HotaCounts {
  const sum = emptyCounts();
  for (const counts of all)
    for (const key of Object.keys(sum) as (keyof HotaCounts)[])
      counts[key].forEach((value, a) => (sum[key][a]! += value));
  return sum;
}

/** HOTA and its parts from counts. */
export function hotaFigures(counts: HotaCounts): HotaFigures {
  const detA = ALPHAS.map(
    (_, a) => counts.matched[a]! / Math.max(1, counts.matched[a]! + counts.missed[a]! + counts.wrong[a]!),
  );
  const assA = ALPHAS.map((_, a) => counts.association[a]! / Math.max(1, counts.matched[a]!));
  const locA = ALPHAS.map((_, a) => (counts.matched[a] === 0 ? 1 : counts.overlap[a]! / counts.matched[a]!));
  return {
    hota: mean(detA.map((value, a) => Math.sqrt(value * assA[a]!))),
    detA: mean(detA),
    assA: mean(assA),
    locA: mean(locA),
  };
}

function emptyCounts(): HotaCounts {
  const zeros = () => ALPHAS.map(() => 0);
  return { matched: zeros(), missed: zeros(), wrong: zeros(), overlap: zeros(), association: zeros() };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
