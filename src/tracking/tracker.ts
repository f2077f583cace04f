import { boxArea, clipBox, moveBox, type Detection, type Similarity, type Size } from '../geometry/index.js';
import { associate } from './association.js';
import { isCameraCut } from './camera-cut.js';
import { setHiddenShares } from './occlusion.js';
import { sameObjects } from './same-object.js';
import { searchTargets } from './search-targets.js';
import { soundDetections } from './sound-detections.js';
import { takeSearches } from './take-searches.js';
import { Track } from './track.js';
import type { FollowedBox, SearchTarget, TrackedBox, TrackerStep } from './tracked-box.js';
import { DEFAULT_TUNING, type TrackerTuning } from './tuning.js';
import { wantedAppearances } from './wanted-appearances.js';

/** What a tracker must know of its stream. */
export interface TrackerOptions {
  readonly frame: Size;
  /** Lowest score that starts a track; weaker detections only continue one. */
  readonly startScoreMin: number;
  /** What differs from {@link DEFAULT_TUNING}. */
  readonly tuning?: Partial<TrackerTuning>;
}

/** What else is known of a picture. */
export interface TrackerAids {
  /** How places in the picture before lie in this one, source pixels. */
  readonly cameraMotion?: Similarity;
}

/** A step longer than this is a break in the stream: motion says nothing over it. */
const BREAK_MS = 5000;
/** A picture that is older than the last one by less is late and of no use; by more, the stream has begun anew. */
const LATE_MS = 1000;
/** Of `startScoreMin`, what the median score of a track must have to be announced. */
const CONFIRM_SCORE = 0.8;
/** Two detections so far apart confirm a track as well as some in a row: the detector may look but now and then. */
const CONFIRM_MS = 500;
/** From this share hidden, an object that is not seen counts as occluded. */
const OCCLUDED_MIN = 0.5;
/** An unseen object with less of its box within the picture has left it. */
const INSIDE_MIN = 0.2;

/**
 * Multi-object tracking by detection: motion by {@link BoxFilter}, association in rounds ({@link associate}), occlusion by who is in
 * front, identity kept in memory while an object is out of sight. Pure but for its own state: no clock, no I/O. Boxes are in source
 * pixels, times in ms of the stream.
 */
export class Tracker {
  readonly #options: TrackerOptions;
  readonly #tuning: TrackerTuning;
  #tracks: Track[] = [];
  #nextNumber: number;
  /** Time that the tracks' boxes are predicted to, and of the last picture. */
  #clockMs: number | undefined;
  #pictureMs = -Infinity;
  /** Of the last picture that the detector looked at. */
  #detectedMs = -Infinity;
  #lastObjects: TrackedBox[] = [];

  /** @param firstNumber number of the first track: continue the count when a stream starts anew */
  constructor(options: TrackerOptions, firstNumber = 1) {
    this.#options = options;
    this.#tuning = { ...DEFAULT_TUNING, ...options.tuning };
    this.#nextNumber = firstNumber;
  }

  /** The number that the next track will have. */
  get nextNumber(): number {
    return this.#nextNumber;
  }

  /** A number that no track will have: for an object that is followed in another way. */
  takeNumber(): number {
    return this.#nextNumber++;
  }

  /** Numbers of all tracks that are or may come back. */
  get numbers(): ReadonlySet<number> {
    return new Set(this.#tracks.map(({ number }) => number));
  }

  /**
   * Takes a picture's detections. What cannot be an object (not finite, without area, outside the frame) is left out; a picture that
   * comes late changes nothing; a break in the stream or a camera cut ends all tracks.
   */
  update(detections: readonly Detection[], timeMs: number, aids: TrackerAids = {}): TrackerStep {
    if (this.#isLate(timeMs)) return this.#unchanged();
    const ended = this.#isBreak(timeMs) ? this.endAll() : [];
    const beforeMs = this.#detectedMs;
    this.#advance(timeMs, aids.cameraMotion);
    this.#pictureMs = timeMs;
    this.#detectedMs = timeMs;

    const sound = soundDetections(detections, this.#options.frame);
    const { startScoreMin } = this.#options;
    const strong = sound.filter(({ score }) => score >= startScoreMin);
    const weak = strong.length === sound.length ? [] : sound.filter(({ score }) => score < startScoreMin);
    const matched = new Map<Track, Detection>();
    const seenBefore = this.#tracks.filter((track) => track.isConfirmed && track.seenMs === beforeMs).length;
    let born = associate(this.#tracks, strong, weak, timeMs, this.#tuning, (track, detection) => {
      track.see(detection, timeMs);
      if (detection.score >= startScoreMin) track.strongMs = timeMs;
      matched.set(track, detection);
    });
    if (isCameraCut(seenBefore, strong.length, matched.size)) {
      ended.push(...this.endAll());
      matched.clear();
      born = strong;
    }
    for (const detection of born) {
      const track = new Track(this.#nextNumber++, detection, timeMs, this.#tuning);
      this.#tracks.push(track);
      matched.set(track, detection);
    }
    for (const track of this.#tracks) track.misses = track.seenMs === timeMs ? 0 : track.misses + 1;
    this.#setHiddenShares(timeMs);
    this.#remember(matched, timeMs);
    return this.#report(timeMs, ended);
  }

  /**
   * Takes what searches found, at the time of the last {@link update} (tracks that it left unseen are amended) or later (a picture
   * without detections). What is not believed changes nothing: the track stays predicted, or occluded.
   */
  follow(followed: readonly FollowedBox[], timeMs: number, aids: TrackerAids = {}): TrackerStep {
    if (this.#isLate(timeMs)) return this.#unchanged();
    const ended = this.#isBreak(timeMs) ? this.endAll() : [];
    this.#advance(timeMs, aids.cameraMotion);
    this.#pictureMs = timeMs;
    takeSearches(this.#tracks, followed, timeMs, this.#options.frame, this.#tuning);
    this.#setHiddenShares(timeMs);
    return this.#report(timeMs, ended);
  }

  /** Confirmed tracks that a search in the picture at `timeMs` could show, most useful first. Changes nothing but hidden shares. */
  targets(timeMs: number, { cameraMotion }: TrackerAids = {}): SearchTarget[] {
    const seconds = Math.max(0, timeMs - (this.#clockMs ?? timeMs)) / 1000;
    const shown = this.#tracks.filter(({ shownMs }) => shownMs === this.#pictureMs);
    setHiddenShares(this.#tracks, shown);
    const boxAt = (track: Track) => {
      const box = track.filter.box(seconds);
      return cameraMotion === undefined || timeMs === this.#clockMs ? box : moveBox(box, cameraMotion);
    };
    return searchTargets(this.#tracks, this.#pictureMs, boxAt, this.#options.frame, this.#tuning);
  }

  /**
   * Indices of the detections whose embedding would decide something in {@link update} of the same picture: those that several tracks
   * compete for, and those that may be a track come back. Mostly none.
   */
  wantsAppearance(detections: readonly Detection[], timeMs: number, aids: TrackerAids = {}): number[] {
    if (this.#isLate(timeMs) || this.#isBreak(timeMs)) return [];
    this.#advance(timeMs, aids.cameraMotion);
    const { frame, startScoreMin } = this.#options;
    const sound = new Set(soundDetections(detections, frame));
    const strong = detections.filter((d) => d.score >= startScoreMin && sound.has(d));
    const wanted = wantedAppearances(this.#tracks, strong, timeMs, this.#tuning);
    return [...detections.keys()].filter((index) => wanted.has(detections[index]!));
  }

  /**
   * Keeps how a track looked in the last picture, which showed it. Whether it is one that was lost comes out with the next picture.
   *
   * @param embedding a unit vector, the tracker's from now on
   */
  remember(number: number, embedding: Float32Array): void {
    const track = this.#tracks.find((one) => one.number === number);
    if (track === undefined) return;
    const shown = this.#tracks.filter(({ shownMs }) => shownMs === this.#pictureMs);
    setHiddenShares([track], shown);
    track.remember(embedding, track.scores.last);
  }

  /** Ends every track, for a stream that is over; returns the confirmed ones. */
  endAll(): TrackedBox[] {
    const ended = this.#tracks.flatMap(({ isConfirmed, last }) => (isConfirmed && last ? [last] : []));
    this.#tracks = [];
    return ended;
  }

  #isLate(timeMs: number): boolean {
    if (!Number.isFinite(timeMs)) return true;
    return timeMs < this.#pictureMs && timeMs >= this.#pictureMs - LATE_MS;
  }

  #isBreak(timeMs: number): boolean {
    const since = timeMs - this.#pictureMs;
    return Number.isFinite(this.#pictureMs) && (since < 0 || since > BREAK_MS);
  }

  #unchanged(): TrackerStep {
    return { objects: this.#lastObjects, started: [], ended: [], corrected: [] };
  }

  /** Predicts all boxes to a picture, once: asked again about the same picture, it has been done. */
  #advance(timeMs: number, cameraMotion: Similarity | undefined): void {
    if (timeMs === this.#clockMs) return;
    const seconds = Math.max(0, timeMs - (this.#clockMs ?? timeMs)) / 1000;
    this.#clockMs = timeMs;
    for (const track of this.#tracks) track.advance(seconds, track.shownMs === this.#pictureMs, cameraMotion);
  }

  /** Of the tracks out of sight: for the others nothing depends on it but their gallery, and what {@link targets} says. */
  #setHiddenShares(timeMs: number): void {
    const unseen = this.#tracks.filter(({ shownMs }) => shownMs !== timeMs);
    if (unseen.length === 0) return;
    const shown = this.#tracks.filter(({ shownMs }) => shownMs === timeMs);
    setHiddenShares(unseen, shown);
  }

  #remember(matched: ReadonlyMap<Track, Detection>, timeMs: number): void {
    const looked: [Track, Detection][] = [];
    for (const [track, detection] of matched)
      if (detection.embedding !== undefined) looked.push([track, detection]);
    if (looked.length === 0) return;
    setHiddenShares(
      looked.map(([track]) => track),
      this.#tracks.filter(({ shownMs }) => shownMs === timeMs),
    );
    for (const [track, { embedding, score }] of looked) track.remember(embedding!, score);
  }

  #report(timeMs: number, ended: TrackedBox[]): TrackerStep {
    const step: TrackerStep = { objects: [], started: [], ended, corrected: [] };
    this.#unite(timeMs, step);
    const kept: Track[] = [];
    for (const track of this.#tracks) {
      if (this.#isOver(track, timeMs)) {
        if (track.isConfirmed && track.last !== undefined) step.ended.push(track.last);
        continue;
      }
      kept.push(track);
      const isStarting = this.#confirm(track, timeMs);
      const object = this.#object(track, timeMs);
      track.isReported = object !== undefined;
      if (object === undefined) continue;
      step.objects.push(object);
      if (isStarting) step.started.push(object);
      if (track.announced !== undefined && track.announced !== track.label) {
        step.corrected.push({ kind: 'renamed', object, was: track.announced });
        track.announced = track.label;
      }
      if (track.seenMs === timeMs) track.last = object;
    }
    this.#tracks = kept;
    this.#lastObjects = step.objects;
    return step;
  }

  /** Lets tracks that turn out to be one object go on as the older one. */
  #unite(timeMs: number, step: TrackerStep): void {
    for (const { older, younger } of sameObjects(this.#tracks, timeMs, this.#tuning)) {
      older.become(younger);
      this.#tracks = this.#tracks.filter((track) => track !== younger);
      if (younger.isConfirmed && younger.last !== undefined)
        step.corrected.push({ kind: 'merged', object: younger.last, into: older.number });
    }
  }

  #isOver(track: Track, timeMs: number): boolean {
    const inside = boxArea(clipBox(track.box, this.#options.frame));
    if (inside < 1) return true;
    if (track.shownMs === timeMs) return false;
    // Nothing but a detection shows an unconfirmed one: it waits for the next.
    if (!track.isConfirmed) return this.#detectedMs - track.shownMs > track.rememberedMs;
    return timeMs - track.shownMs > track.rememberedMs || inside < INSIDE_MIN * boxArea(track.box);
  }

  /** Announces a track that has been seen often and surely enough; says whether it did so now. */
  #confirm(track: Track, timeMs: number): boolean {
    const isSeenOften =
      track.hits >= this.#tuning.confirmHits || (track.hits > 1 && timeMs - track.firstMs >= CONFIRM_MS);
    const isDue =
      !track.isConfirmed &&
      track.seenMs === timeMs &&
      isSeenOften &&
      track.scores.median >= CONFIRM_SCORE * this.#options.startScoreMin;
    if (isDue) track.announced = track.label;
    return isDue;
  }

  /** How a track is reported; not at all while it is lost, or unseen before it was confirmed. */
  #object(track: Track, timeMs: number): TrackedBox | undefined {
    const { number, label, mask, confidence, isConfirmed } = track;
    const isSeen = track.seenMs === timeMs;
    const isHidden = track.hidden >= OCCLUDED_MIN && track.shownMs !== timeMs;
    if (!isSeen && !isConfirmed) return undefined;
    if (track.shownMs !== timeMs && !track.isReported) return undefined;
    // Where a search did not find it, and nothing hides it, it is not.
    if (track.notFoundMs === timeMs && !isHidden) return undefined;
    if (!isSeen && !isHidden && timeMs - track.shownMs > this.#tuning.predictedMs) return undefined;
    return {
      track: number,
      label,
      score: track.scores.median,
      box: clipBox(track.box, this.#options.frame),
      state: !isConfirmed ? 'tentative' : isSeen ? 'tracked' : isHidden ? 'occluded' : 'predicted',
      ...(!isSeen && track.shownMs === timeMs && confidence !== undefined ? { confidence } : {}),
      ...(isSeen && mask !== undefined ? { mask } : {}),
    };
  }
}
