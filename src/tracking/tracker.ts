import { boxIou, clipBox, type Box, type Detection, type MaskRle, type Size } from '../geometry/index.js';
import { BoxFilter } from './box-filter.js';

/** What a tracker must know of its stream. */
export interface TrackerOptions {
  readonly frame: Size;
  /** Lowest score that starts a track; weaker detections only continue one. */
  readonly startScoreMin: number;
}

/** An object followed over frames. `box` is in source pixels, clipped to the frame. */
export interface TrackedBox {
  readonly track: number;
  readonly label: string;
  readonly score: number;
  readonly box: Box;
  readonly state: 'tentative' | 'tracked' | 'predicted';
  /** Its detection's mask, where it was seen in this frame by a model that segments. */
  readonly mask?: MaskRle;
}

/** What one frame changed. */
export interface TrackerStep {
  readonly objects: TrackedBox[];
  /** Tracks confirmed in this frame. */
  readonly started: TrackedBox[];
  /** Confirmed tracks given up in this frame, as last seen. */
  readonly ended: TrackedBox[];
}

/** Detections that a track needs before it is announced. */
const CONFIRM_HITS = 3;
/** How long a confirmed track is carried without a detection. */
const LOST_MS = 1200;
/** How long an unconfirmed one is. */
const TENTATIVE_LOST_MS = 400;
const IOU_MIN = 0.2;
/** A step longer than this is a break in the stream: motion says nothing over it. */
const BREAK_MS = 5000;

interface Track {
  readonly number: number;
  readonly label: string;
  readonly filter: BoxFilter;
  score: number;
  hits: number;
  lastSeenMs: number;
  last: TrackedBox | undefined;
  /** Of the last detection. */
  mask: MaskRle | undefined;
}

/**
 * Multi-object tracking by detection: boxes predicted by {@link BoxFilter} are matched with detections of the
 * same label, best overlap first; strong detections before weak ones, as in ByteTrack (Zhang et al., 2022).
 * Pure but for its own state: no clock, no I/O.
 */
export class Tracker {
  readonly #options: TrackerOptions;
  #tracks: Track[] = [];
  #nextNumber: number;
  #lastMs: number | undefined;

  /** @param firstNumber number of the first track: continue the count when a stream starts anew */
  constructor(options: TrackerOptions, firstNumber = 1) {
    this.#options = options;
    this.#nextNumber = firstNumber;
  }

  /** The number that the next track will have. */
  get nextNumber(): number {
    return this.#nextNumber;
  }

  /** Takes one frame's detections (source pixels) at `timeMs` in the stream, frames in order. */
  update(detections: readonly Detection[], timeMs: number): TrackerStep {
    const sinceMs = this.#lastMs === undefined ? 0 : timeMs - this.#lastMs;
    this.#lastMs = timeMs;
    const ended = sinceMs < 0 || sinceMs > BREAK_MS ? this.endAll() : [];
    for (const track of this.#tracks) track.filter.predict(sinceMs / 1000);

    const strong = detections.filter((d) => d.score >= this.#options.startScoreMin);
    const weak = detections.filter((d) => d.score < this.#options.startScoreMin);
    const unmatched = this.#match(this.#tracks, strong, timeMs);
    this.#match(unmatched.tracks, weak, timeMs);
    for (const detection of unmatched.detections) this.#tracks.push(this.#begin(detection, timeMs));
    return this.#report(timeMs, ended);
  }

  /** Ends every track, for a stream that is over; returns the confirmed ones. */
  endAll(): TrackedBox[] {
    const ended = this.#tracks.flatMap((track) =>
      track.hits >= CONFIRM_HITS && track.last ? [track.last] : [],
    );
    this.#tracks = [];
    return ended;
  }

  #match(tracks: readonly Track[], detections: readonly Detection[], timeMs: number) {
    const pairs: { track: Track; detection: Detection; iou: number }[] = [];
    for (const track of tracks) {
      const box = track.filter.box;
      for (const detection of detections) {
        if (detection.label !== track.label) continue;
        const iou = boxIou(box, detection.box);
        if (iou >= IOU_MIN) pairs.push({ track, detection, iou });
      }
    }
    pairs.sort((a, b) => b.iou - a.iou);
    const usedTracks = new Set<Track>();
    const usedDetections = new Set<Detection>();
    for (const { track, detection } of pairs) {
      if (usedTracks.has(track) || usedDetections.has(detection)) continue;
      usedTracks.add(track);
      usedDetections.add(detection);
      track.filter.correct(detection.box);
      track.score = detection.score;
      track.hits++;
      track.lastSeenMs = timeMs;
      track.mask = detection.mask;
    }
    return {
      tracks: tracks.filter((track) => !usedTracks.has(track)),
      detections: detections.filter((detection) => !usedDetections.has(detection)),
    };
  }

  #begin(detection: Detection, timeMs: number): Track {
    const { label, score, box, mask } = detection;
    return {
      number: this.#nextNumber++,
      label,
      filter: new BoxFilter(box),
      score,
      hits: 1,
      lastSeenMs: timeMs,
      last: undefined,
      mask,
    };
  }

  #report(timeMs: number, ended: TrackedBox[]): TrackerStep {
    const step: TrackerStep = { objects: [], started: [], ended };
    const kept: Track[] = [];
    for (const track of this.#tracks) {
      const confirmed = track.hits >= CONFIRM_HITS;
      const box = clipBox(track.filter.box, this.#options.frame);
      const gone = box[2] - box[0] < 1 || box[3] - box[1] < 1;
      if (gone || timeMs - track.lastSeenMs > (confirmed ? LOST_MS : TENTATIVE_LOST_MS)) {
        if (confirmed && track.last !== undefined) step.ended.push(track.last);
        continue;
      }
      kept.push(track);
      const seen = track.lastSeenMs === timeMs;
      const state = confirmed ? (seen ? 'tracked' : 'predicted') : 'tentative';
      const { number, label, score, mask } = track;
      const object: TrackedBox = {
        track: number,
        label,
        score,
        box,
        state,
        ...(seen && mask !== undefined ? { mask } : {}),
      };
      if (seen && track.hits === CONFIRM_HITS) step.started.push(object);
      if (confirmed || seen) step.objects.push(object);
      if (seen) track.last = object;
    }
    this.#tracks = kept;
    return step;
  }
}
