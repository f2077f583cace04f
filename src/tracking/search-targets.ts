import { boxArea, clipBox, type Size } from '../geometry/index.js';
import type { Track } from './track.js';
import type { SearchTarget } from './tracked-box.js';
import type { TrackerTuning } from './tuning.js';

/** Where more is hidden, a search finds what hides it. */
const HIDDEN_MAX = 0.7;
/** Where less of the box is within the picture, it shows too little. */
const INSIDE_MIN = 0.5;

/**
 * Confirmed tracks worth a search, `seconds` after their boxes' time: first those that the last picture did not show, freshest
 * first, since they are nearest to being lost; then the others, those that move before those that stand.
 */
export function searchTargets(
  tracks: readonly Track[],
  pictureMs: number,
  seconds: number,
  frame: Size,
  tuning: TrackerTuning,
): SearchTarget[] {
  return tracks
    .filter((track) => track.isConfirmed && track.hidden <= HIDDEN_MAX)
    .map((track) => ({ track, box: track.filter.box(seconds) }))
    .filter(({ box }) => boxArea(clipBox(box, frame)) >= INSIDE_MIN * boxArea(box))
    .map(({ track, box }) => ({ track, box, rank: rank(track, pictureMs) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ track, box }) => ({
      track: track.number,
      box,
      hidden: track.hidden,
      isLost: pictureMs - track.shownMs > tuning.predictedMs,
    }));
}

/** Below 0 for the unseen, by how long they are so; 0..1 for those in sight, by how fast they move in heights per second. */
function rank(track: Track, pictureMs: number): number {
  const unseenMs = pictureMs - track.seenMs;
  if (unseenMs > 0) return -1 / unseenMs - 1e-9;
  const { x, y, unit } = track.filter;
  return 1 / (1 + Math.hypot(x.rate, y.rate) / unit);
}
