import type { FrameMessage } from '../../../src/server/protocol.js';
import type { BoxChoice } from './box-choice.js';

/** A trail goes back so many analysed frames, and no longer than so long. */
const TRAIL_FRAMES_MAX = 25;
const TRAIL_MS_MAX = 6000;

/** The way of one object: the middle of its box's lower edge, px of the frame, earliest first, up to where it is drawn. */
export interface Trail {
  readonly label: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/**
 * The ways of the objects on a picture, as far as they have one.
 *
 * @param frames of the epoch that is shown, earliest first
 */
export function trailsOf(frames: readonly FrameMessage[], mediaTimeMs: number, choice: BoxChoice): Trail[] {
  const points = new Map<number, [number, number][]>(choice.objects.map(({ track }) => [track, []]));
  const past = frames.filter(({ ptsMs }) => ptsMs < mediaTimeMs && mediaTimeMs - ptsMs <= TRAIL_MS_MAX);
  for (const { objects } of past.slice(-TRAIL_FRAMES_MAX))
    for (const { track, box } of objects) points.get(track)?.push(footOf(box));
  return choice.objects
    .map(({ track, label, box }) => ({ label, points: [...points.get(track)!, footOf(box)] }))
    .filter((trail) => trail.points.length > 1);
}

function footOf([x1, , x2, y2]: readonly [number, number, number, number]): [number, number] {
  return [(x1 + x2) / 2, y2];
}
