import { boxIou, type Detection } from '../geometry/index.js';
import { assign, type Pairing } from './assign.js';
import { Neighbourhood } from './neighbourhood.js';
import { Rivals } from './rivals.js';
import type { Track } from './track.js';
import type { TrackerTuning } from './tuning.js';

/** Squared distance at which closeness has fallen to 1/e. */
const CLOSENESS_RANGE = 8;
/** How much more than overlap looks count, where overlap leaves it open who is who. */
const LOOKS_WEIGHT = 1;
/** Overlap of the very boxes from which another label may be the same object: detectors take a car for a truck now and then. */
const OTHER_LABEL_IOU = 0.5;
/** What a track that has not been seen for a second gives way by to one that has. */
const UNSEEN_PENALTY = 0.15;
const UNSEEN_FULL_MS = 1000;
/** Of detections that overlap with a track, more than the best so many are a heap in which nobody is to be told apart. */
const RIVALS_MAX = 12;
/**
 * How much less alike than `sameLooks` what comes back may look: at most, where it comes back exactly where motion expects it, and where it
 * overlaps with its place soon after it was lost. One view half behind something says little against a place that says much.
 */
const RETURN_SLACK = 0.3;
const OVERLAP_SLACK = 0.2;
/** A track that was seen a moment ago is not sought far away. */
const RETURN_AFTER_MS = 200;
/** How much an object may have grown or shrunk while it was out of sight, by height. */
const RETURN_SIZE = 1.4;
/** A track that stood still comes back where it was. */
const STATIONARY_IOU = 0.4;

/** A track and a detection that may be the same object. */
export interface Candidate extends Pairing {
  readonly track: Track;
  readonly detection: Detection;
}

/** What is still free after a round of matching. */
interface Free {
  readonly tracks: readonly Track[];
  readonly detections: readonly Detection[];
}

/** Candidates of one label by motion: overlap of grown boxes, closeness in the filter's own measure, and direction. */
export function movingCandidates(
  tracks: readonly Track[],
  detections: readonly Detection[],
  timeMs: number,
  tuning: TrackerTuning,
): Candidate[] {
  const { growth, overlapMin, closenessWeight, directionWeight } = tuning;
  const candidates: Candidate[] = [];
  if (tracks.length === 0 || detections.length === 0) return candidates;
  const near = new Neighbourhood(detections, growth);
  const rivals = new Rivals();
  tracks.forEach((track, row) => {
    const { label, filter } = track;
    const penalty = UNSEEN_PENALTY * Math.min(1, (timeMs - track.shownMs) / UNSEEN_FULL_MS);
    rivals.clear();
    near.overlapping(track.box, overlapMin, (column, overlap) => {
      const { box, label: seenAs } = detections[column]!;
      if (seenAs !== label) return;
      const gain =
        overlap +
        closenessWeight * Math.exp(-filter.distance2(box) / CLOSENESS_RANGE) +
        directionWeight * track.directionTo(box) -
        penalty;
      rivals.add(column, gain);
    });
    rivals.keepBest(RIVALS_MAX);
    for (let at = 0; at < rivals.count; at++) {
      const column = rivals.columns[at]!;
      candidates.push({ row, column, gain: rivals.gains[at]!, track, detection: detections[column]! });
    }
  });
  if (detections.every(({ embedding }) => embedding === undefined)) return candidates;
  return withLooks(candidates, timeMs, tuning.sameLooks - OVERLAP_SLACK);
}

/** Candidates for leftovers of different labels. */
function otherLabelCandidates({ tracks, detections }: Free): Candidate[] {
  const near = new Neighbourhood(detections, 0);
  const candidates: Candidate[] = [];
  tracks.forEach((track, row) => {
    near.overlapping(track.box, OTHER_LABEL_IOU, (column, gain) => {
      const detection = detections[column]!;
      if (detection.label !== track.label) candidates.push({ row, column, gain, track, detection });
    });
  });
  return candidates;
}

/**
 * Candidates for tracks out of sight: wherever they may have got to by now, which is the wider the longer they are away;
 * those that stood still, only there. Looks decide where both sides have them.
 */
export function returningCandidates(
  tracks: readonly Track[],
  detections: readonly Detection[],
  timeMs: number,
  tuning: TrackerTuning,
): Candidate[] {
  const candidates: Candidate[] = [];
  tracks.forEach((track, row) => {
    if (!track.isConfirmed || timeMs - track.shownMs < RETURN_AFTER_MS) return;
    detections.forEach((detection, column) => {
      if (detection.label !== track.label) return;
      const motion = returnGain(track, detection, tuning);
      if (motion <= 0) return;
      const looks =
        detection.embedding === undefined ? undefined : track.gallery.likeness(detection.embedding);
      if (looks !== undefined && looks < tuning.sameLooks - RETURN_SLACK * motion) return;
      candidates.push({ row, column, gain: motion + LOOKS_WEIGHT * (looks ?? 0), track, detection });
    });
  });
  return candidates;
}

function returnGain(track: Track, { box }: Detection, { returnGate }: TrackerTuning): number {
  if (track.isStationary) {
    const iou = boxIou(track.box, box);
    return iou >= STATIONARY_IOU ? iou : 0;
  }
  const growth = (box[3] - box[1]) / track.filter.unit;
  if (growth > RETURN_SIZE || growth < 1 / RETURN_SIZE) return 0;
  const distance = track.filter.distance2(box);
  return distance >= returnGate ? 0 : 1 - distance / returnGate;
}

/**
 * Adds looks to the gain of candidates that compete, where both sides have them, and drops those of tracks that were out of sight and
 * looked different before.
 */
function withLooks(candidates: Candidate[], timeMs: number, looksMin: number): Candidate[] {
  const contested = contestedOf(candidates);
  return candidates.flatMap((candidate) => {
    const { track, detection } = candidate;
    const looks = detection.embedding === undefined ? undefined : track.gallery.likeness(detection.embedding);
    if (looks === undefined) return [candidate];
    if (looks < looksMin && timeMs - track.shownMs > RETURN_AFTER_MS) return [];
    return [
      contested.has(candidate) ? { ...candidate, gain: candidate.gain + LOOKS_WEIGHT * looks } : candidate,
    ];
  });
}

/** The candidates whose track or detection has another candidate that is nearly as good. */
export function contestedOf(candidates: readonly Candidate[], margin = Infinity): Set<Candidate> {
  const contested = new Set<Candidate>();
  for (const side of ['row', 'column'] as const) {
    const best = new Map<number, Candidate>();
    for (const candidate of candidates) {
      const rival = best.get(candidate[side]);
      if (rival !== undefined && Math.abs(rival.gain - candidate.gain) <= margin) {
        contested.add(rival);
        contested.add(candidate);
      }
      if (rival === undefined || candidate.gain > rival.gain) best.set(candidate[side], candidate);
    }
  }
  return contested;
}

/**
 * Finds which detections are which tracks, and calls `onMatch` for each. In rounds: strong detections with all tracks; weak ones
 * with confirmed tracks that are left and were strong of late, as in ByteTrack (Zhang et al., 2022); strong ones with tracks of another
 * label; and those that are left with tracks out of sight. Returns the strong detections that are nobody's.
 */
export function associate(
  tracks: readonly Track[],
  strong: readonly Detection[],
  weak: readonly Detection[],
  timeMs: number,
  tuning: TrackerTuning,
  onMatch: (track: Track, detection: Detection) => void,
): readonly Detection[] {
  const isRecent = (track: Track) => timeMs - track.shownMs <= tuning.predictedMs;
  const round = (free: Free, candidates: readonly Candidate[]): Free => {
    if (candidates.length === 0) return free;
    const chosen = assign(candidates, free.tracks.length, free.detections.length);
    const isTaken = {
      row: new Uint8Array(free.tracks.length),
      column: new Uint8Array(free.detections.length),
    };
    for (const { row, column, track, detection } of chosen) {
      isTaken.row[row] = 1;
      isTaken.column[column] = 1;
      onMatch(track, detection);
    }
    return {
      tracks: free.tracks.filter((_, row) => isTaken.row[row] === 0),
      detections: free.detections.filter((_, column) => isTaken.column[column] === 0),
    };
  };
  const recent = tracks.filter(isRecent);
  const away = recent.length === tracks.length ? [] : tracks.filter((track) => !isRecent(track));
  let left = round({ tracks: recent, detections: strong }, movingCandidates(recent, strong, timeMs, tuning));
  if (weak.length > 0 && left.tracks.length > 0) {
    const faint = left.tracks.filter((track) => mayBeWeak(track, timeMs, tuning));
    const others = left.tracks.filter((track) => !mayBeWeak(track, timeMs, tuning));
    const after = round({ tracks: faint, detections: weak }, movingCandidates(faint, weak, timeMs, tuning));
    left = { tracks: [...others, ...after.tracks], detections: left.detections };
  }
  if (left.tracks.length > 0 && left.detections.length > 0) left = round(left, otherLabelCandidates(left));
  if (left.detections.length === 0) return [];
  const returning = { tracks: [...left.tracks, ...away], detections: left.detections };
  if (returning.tracks.length === 0) return left.detections;
  return round(returning, returningCandidates(returning.tracks, returning.detections, timeMs, tuning))
    .detections;
}

/** Whether a weak detection may continue a track: one that was surely there a while ago. */
function mayBeWeak(track: Track, timeMs: number, { weakMs }: TrackerTuning): boolean {
  return track.isConfirmed && timeMs - track.strongMs <= weakMs;
}
