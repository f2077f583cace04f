import type { Detection } from '../geometry/index.js';
import { contestedOf, movingCandidates, returningCandidates } from './association.js';
import type { Track } from './track.js';
import type { TrackerTuning } from './tuning.js';

/** Gains nearer than this leave it open who is who. */
const MARGIN = 0.2;

/** The strong detections of a picture whose looks would decide something; tracks stand where they are predicted at `timeMs`. */
export function wantedAppearances(
  tracks: readonly Track[],
  strong: readonly Detection[],
  timeMs: number,
  tuning: TrackerTuning,
): ReadonlySet<Detection> {
  const wanted = new Set<Detection>();
  const recent = tracks.filter((track) => timeMs - track.shownMs <= tuning.predictedMs);
  const candidates = movingCandidates(recent, strong, timeMs, tuning);
  const contested = contestedOf(candidates, MARGIN);
  // Looks decide only among tracks that have some.
  for (const { track, detection } of contested) if (track.gallery.size > 0) wanted.add(detection);

  const claimed = new Set(candidates.map(({ detection }) => detection));
  const free = strong.filter((detection) => !claimed.has(detection));
  const away = tracks.filter((track) => track.gallery.size > 0);
  for (const { detection } of returningCandidates(away, free, timeMs, tuning)) wanted.add(detection);
  return wanted;
}
