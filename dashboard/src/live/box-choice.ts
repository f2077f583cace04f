import type { FrameMessage, FrameObject } from '../../../src/server/protocol.js';
import { percentile } from './percentile.js';

/** Boxes for one shown picture. */
export interface BoxChoice {
  /**
   * `exact`: this very picture was analysed; `interpolated`: it lies between two analysed ones;
   * `held`: the analysis of what follows is not there yet, the last known boxes stand.
   */
  readonly how: 'exact' | 'interpolated' | 'held';
  /** How far from the picture the oldest of the boxes is, ms: 0 for interpolated ones, which belong to its time. */
  readonly errorMs: number;
  /** Size of the picture that the boxes are measured in. */
  readonly frame: FrameMessage['frame'];
  readonly objects: readonly ShownObject[];
}

/** An object where it is drawn. */
export interface ShownObject extends FrameObject {
  /** The box that its mask lies in, where that is not `box`: the mask moves with the box. */
  readonly maskBox?: Box;
}

/** Browsers round a picture's media time to microseconds, the server to fractions of a millisecond. */
const SAME_PICTURE_MS = 1;
/** Boxes without a successor stand for so many analysis intervals, then nothing is drawn. */
const HELD_INTERVALS_MAX = 1.5;
/** A track is taken to move straight over so many analysis intervals (some frames may have been dropped). */
const INTERPOLATED_INTERVALS_MAX = 3;
const USUAL_INTERVAL_MS = 200;
const GAPS_MEASURED = 9;

/**
 * Chooses the boxes for the picture that is on the screen; undefined when none are known for it. Nothing is
 * ever extrapolated: a box is either where it was seen, or on the straight line between two sightings.
 *
 * @param frames of the epoch that is shown, earliest first
 * @param mediaTimeMs presentation time of the picture
 */
export function chooseBoxes(frames: readonly FrameMessage[], mediaTimeMs: number): BoxChoice | undefined {
  let at = frames.length - 1;
  while (at >= 0 && frames[at]!.ptsMs > mediaTimeMs + SAME_PICTURE_MS) at--;
  const before = frames[at];
  if (before === undefined) return undefined;
  const ageMs = mediaTimeMs - before.ptsMs;
  const { frame, objects } = before;
  if (Math.abs(ageMs) <= SAME_PICTURE_MS) return { how: 'exact', errorMs: Math.abs(ageMs), frame, objects };
  const intervalMs = analysisIntervalMs(frames);
  const after = frames[at + 1];
  if (after !== undefined && after.ptsMs - before.ptsMs <= INTERPOLATED_INTERVALS_MAX * intervalMs)
    return between(before, after, mediaTimeMs);
  if (ageMs > HELD_INTERVALS_MAX * intervalMs) return undefined;
  return { how: 'held', errorMs: ageMs, frame, objects };
}

/** The usual distance between analysed frames, ms: the median of the last ones. */
export function analysisIntervalMs(frames: readonly FrameMessage[]): number {
  const gaps: number[] = [];
  for (let at = frames.length - 1; at > 0 && gaps.length < GAPS_MEASURED; at--)
    gaps.push(frames[at]!.ptsMs - frames[at - 1]!.ptsMs);
  return percentile(gaps, 0.5) ?? USUAL_INTERVAL_MS;
}

/** A track without a second sighting keeps its place in the first half of the way, and is gone in the second. */
function between(before: FrameMessage, after: FrameMessage, mediaTimeMs: number): BoxChoice {
  const share = (mediaTimeMs - before.ptsMs) / (after.ptsMs - before.ptsMs);
  const next = new Map(after.objects.map((object) => [object.track, object]));
  const objects: ShownObject[] = [];
  let errorMs = 0;
  for (const object of before.objects) {
    const sequel = next.get(object.track);
    if (sequel !== undefined) {
      const box = blend(object.box, sequel.box, share);
      objects.push({ ...object, box, ...(object.mask !== undefined && { maskBox: object.box }) });
    } else if (share < 0.5) {
      objects.push(object);
      errorMs = mediaTimeMs - before.ptsMs;
    }
  }
  return { how: 'interpolated', errorMs, frame: before.frame, objects };
}

type Box = FrameObject['box'];

/** The box on the straight way from one to another. @param share of the way, 0..1 */
export function blend(from: Box, to: Box, share: number): Box {
  const mix = (a: number, b: number) => a + (b - a) * share;
  return [mix(from[0], to[0]), mix(from[1], to[1]), mix(from[2], to[2]), mix(from[3], to[3])];
}
