import type { FrameObject, Light } from '../messages.js';
import type { TrackReport } from '../track-book.js';
import { placeBetween, type PathPoint } from '../track-path.js';
import type { RuleFrame } from './scene.js';

/** A track of before, with the way that it went. */
export interface PastTrack {
  readonly label: string;
  readonly score: number;
  readonly startedMs: number;
  /** What classifiers say of it: from its beginning on, since it is not kept when they said so. */
  readonly classes?: FrameObject['class'];
  /** Times are ms since `startedMs`; at least one point, in order. */
  readonly points: readonly PathPoint[];
  /** What was read on it, and when that was known, ms since `startedMs`. */
  readonly text?: NonNullable<FrameObject['text']> & { readonly timeMs: number };
}

/** How far apart the frames are that are made up: as often as a camera is looked at by default. */
const STEP_MS = 200;
/** After the last track ends, so much time is shown without any: rules that wait for somebody to be gone hear of it. */
const AFTERWARDS_MS = 15_000;
const DAYLIGHT: Light = { regime: 'day', meanLuma: 0.5, normalised: false };

/**
 * The frames that tracks of before would have been seen in, as rules take them: a track's number is its place in the list, from 1. Between
 * two points of its way an object moved evenly. Where there was nobody for long there are no frames.
 *
 * @param tracks in the order in which they began
 * @param of what all frames have: the camera, and the size of the pictures that boxes are in
 */
export function* storedFrames(
  tracks: readonly PastTrack[],
  of: { readonly camera: string; readonly widthPx: number; readonly heightPx: number },
): Generator<RuleFrame> {
  let nextTrack = 0;
  let open: Way[] = [];
  let untilMs = -Infinity;
  for (let timeMs = tracks[0]?.startedMs ?? Infinity; ; timeMs += STEP_MS) {
    if (open.length === 0 && timeMs > untilMs) {
      const next = tracks[nextTrack];
      if (next === undefined) return;
      timeMs = Math.max(timeMs, next.startedMs);
    }
    const changes: TrackReport[] = [];
    for (const way of open.filter((one) => one.endMs < timeMs))
      changes.push({ change: 'ended', object: way.objectAt(way.endMs) });
    open = open.filter((one) => one.endMs >= timeMs);
    for (; nextTrack < tracks.length && tracks[nextTrack]!.startedMs <= timeMs; nextTrack++) {
      const way = new Way(nextTrack + 1, tracks[nextTrack]!);
      open.push(way);
      changes.push({ change: 'started', object: way.objectAt(timeMs) });
    }
    if (open.length > 0) untilMs = Math.max(...open.map(({ endMs }) => endMs)) + AFTERWARDS_MS;
    const objects = open.map((way) => way.objectAt(timeMs));
    const first = tracks[0]!.startedMs;
    yield {
      ...of,
      epoch: 1,
      ptsMs: timeMs - first,
      capturedAtMs: timeMs,
      model: '',
      light: DAYLIGHT,
      objects,
      changes,
    };
  }
}

/** One track on its way. */
class Way {
  readonly endMs: number;
  readonly #number: number;
  readonly #track: PastTrack;
  /** Of the last point that has been passed. */
  #at = 0;

  constructor(number: number, track: PastTrack) {
    this.#number = number;
    this.#track = track;
    this.endMs = track.startedMs + track.points.at(-1)!.timeMs;
  }

  /** Asked for later and later times. */
  objectAt(timeMs: number): FrameObject {
    const { label, score, startedMs, classes, points, text } = this.#track;
    const sinceMs = timeMs - startedMs;
    while (this.#at + 1 < points.length && points[this.#at + 1]!.timeMs <= sinceMs) this.#at++;
    const box = placeBetween(points[this.#at]!, points[this.#at + 1], sinceMs);
    const object: FrameObject = {
      ...{ track: this.#number, label, score, box, state: 'tracked' },
      ...(classes !== undefined && { class: classes }),
    };
    // One that became known after the last point was known at the end.
    if (text === undefined || sinceMs < Math.min(text.timeMs, points.at(-1)!.timeMs)) return object;
    return { ...object, text: { value: text.value, confidence: text.confidence } };
  }
}
