import type { TrackPathView, TrackView } from '../../../src/server/protocol.js';
import { blend, type BoxChoice, type ShownObject } from '../live/box-choice.js';
import { trackNumber } from '../track-number.js';

/** A track and the way that it went. */
export interface TrackedPath {
  readonly track: TrackView;
  readonly path: TrackPathView;
}

/** Before its first and behind its last sighting a track stands so long, ms: pictures lie between analysed ones. */
const HELD_MS = 120;

/**
 * Where tracks were at a time; undefined when none of them was there. Paths are thinned where they say nothing: between two points a track
 * moves straight.
 *
 * @param wallMs ms since 1970 UTC
 */
export function boxesAt(paths: readonly TrackedPath[], wallMs: number): BoxChoice | undefined {
  const objects: ShownObject[] = [];
  for (const { track, path } of paths) {
    const box = boxAt(path.points, wallMs - Date.parse(track.startedAt));
    if (box === undefined) continue;
    const { label, score } = track;
    objects.push({ track: Number(trackNumber(track.id)) || 0, label, score, box, state: 'tracked' });
  }
  const [first] = paths;
  if (first === undefined || objects.length === 0) return undefined;
  return { how: 'interpolated', errorMs: 0, frame: first.path.frame, objects };
}

function boxAt(points: TrackPathView['points'], timeMs: number): ShownObject['box'] | undefined {
  const behind = points.findIndex(([pointMs = 0]) => pointMs > timeMs);
  const before = points.at(behind < 0 ? -1 : behind - 1);
  if (behind === 0) return points[0]![0]! - timeMs <= HELD_MS ? boxOf(points[0]!) : undefined;
  if (before === undefined) return undefined;
  if (behind < 0) return timeMs - before[0]! <= HELD_MS ? boxOf(before) : undefined;
  const after = points[behind]!;
  const share = (timeMs - before[0]!) / (after[0]! - before[0]!);
  return blend(boxOf(before), boxOf(after), share);
}

function boxOf([, x1 = 0, y1 = 0, x2 = 0, y2 = 0]: readonly number[]): [number, number, number, number] {
  return [x1, y1, x2, y2];
}
