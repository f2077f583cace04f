import { boxArea, clipBox, type Box, type Size } from '../geometry/index.js';
import type { Track } from './track.js';
import type { SearchTarget } from './tracked-box.js';
import type { TrackerTuning } from './tuning.js';

/** Where more is hidden, a search finds what hides it. */
const HIDDEN_MAX = 0.7;
/** A track that so many searches did not find is left to the detector. */
const FAILED_MAX = 2;
/** Where less of the box is within the picture, it shows too little. */
const INSIDE_MIN = 0.5;

/**
 * Confirmed tracks worth a search: first those that the last picture did not show, freshest first, since they are nearest to being
 * lost; then the others, those that move before those that stand.
 *
 * @param boxAt where a track is expected in the picture that would be searched
 */
export function searchTargets(
  tracks: readonly Track[],
  pictureMs: number,
  boxAt: (track: Track) => Box,
  frame: Size,
  tuning: TrackerTuning,
): SearchTarget[] {
  return tracks
    .filter((track) => track.isConfirmed && track.hidden <= HIDDEN_MAX && track.failedSearches < FAILED_MAX)
    .map((track) => ({ track, box: boxAt(track) }))
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
