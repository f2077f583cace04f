import type { Box } from '../geometry/index.js';
import { Neighbourhood } from './neighbourhood.js';
import type { Track } from './track.js';

/** Of two that overlap, the one whose foot is lower in the picture is nearer to the camera; by this share of the height at least. */
const FOOT_SLACK = 0.05;

/**
 * Sets the hidden share of `tracks`: how much of each one's box those in front of it cover. In front is who stands lower in the picture, as
 * seen by a camera above the ground.
 *
 * @param shown those in sight: only they can hide another
 */
export function setHiddenShares(tracks: readonly Track[], shown: readonly Track[]): void {
  for (const track of tracks) track.hidden = 0;
  if (shown.length === 0 || tracks.length === 0) return;
  const near = new Neighbourhood(shown, 0);
  for (const track of tracks) {
    let covered = 0;
    near.overlapping(track.box, 0, (index, _iou, share) => {
      const other = shown[index]!;
      if (other !== track && isInFront(other.box, track.box)) covered += share;
    });
    track.hidden = Math.min(1, covered);
  }
}

/** Whether another object stands before this one: lower in the picture. Of itself it says no. */
export function isInFront(other: Box, box: Box): boolean {
  return other[3] > box[3] + FOOT_SLACK * (box[3] - box[1]);
}
