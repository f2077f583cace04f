import { boxIou, type Size } from '../geometry/index.js';
import { soundDetections } from './sound-detections.js';
import type { Track } from './track.js';
import type { FollowedBox } from './tracked-box.js';
import type { TrackerTuning } from './tuning.js';

/** Confidence below which a search has found nothing. */
const CONFIDENCE_MIN = 0.5;
/** Squared distance from where motion expects an object, in standard deviations, beyond which a search has found another. */
const DISTANCE2_MAX = 9;
/** Overlap from which two boxes show one object. */
const TAKEN_IOU = 0.6;
/** Pictures in a row in which the detector may miss an object that searches show. */
const MISSES_MAX = 2;

/**
 * Lets tracks take over what searches found, where it can be true. The surest comes first: one place shows one object, and that is
 * rather the one that the detector has seen there. Searches find something anywhere, so that what several detections in a row did
 * not confirm is believed for as long as motion alone would be.
 */
export function takeSearches(
  tracks: readonly Track[],
  followed: readonly FollowedBox[],
  timeMs: number,
  frame: Size,
  { predictedMs }: Pick<TrackerTuning, 'predictedMs'>,
): void {
  const byNumber = new Map(tracks.map((track) => [track.number, track]));
  const taken = tracks.filter(({ seenMs }) => seenMs === timeMs).map(({ box }) => box);
  for (const { track: number, box, confidence } of [...followed].sort(bySurest)) {
    const track = byNumber.get(number);
    if (track === undefined || track.seenMs === timeMs) continue;
    if (track.misses > MISSES_MAX && timeMs - track.seenMs > predictedMs) continue;
    if (soundDetections([{ label: track.label, box, score: confidence }], frame).length === 0) continue;
    const isTaken = taken.some((other) => boxIou(other, box) > TAKEN_IOU);
    if (confidence < CONFIDENCE_MIN || isTaken) {
      track.notFoundMs = timeMs;
      track.failedSearches++;
    } else if (track.filter.distance2(box) <= DISTANCE2_MAX) {
      track.follow(box, confidence, timeMs);
      taken.push(box);
    }
  }
}

function bySurest(a: FollowedBox, b: FollowedBox): number {
  return b.confidence - a.confidence;
}
