import { AppError, messageOf, type Clock, type Log } from '../base/index.js';
import type { QueuedFrame } from '../frames/index.js';
import type { Detection, Similarity } from '../geometry/index.js';
import { Tracker, type TrackedBox, type TrackerStep } from '../tracking/index.js';
import { HandFollowed, type FollowWish } from './hand-followed.js';
import { oneStep } from './track-changes.js';
import { TrackFollower, type FollowerPool, type Found, type Pictures } from './track-follower.js';

/** What tracks of one stream are made with. */
export interface StreamTrackerOptions {
  readonly pictures: Pictures;
  /** Lowest score that may start a track. */
  readonly startScoreMin: number;
  /** Number of the first track. */
  readonly firstTrack: number;
  /** What searches for tracks where no detection shows them; nothing does when absent. */
  readonly follower?: FollowerPool;
  /** Hears how a track looks, when that was learnt: a unit vector, the caller's to read. */
  readonly onLook?: (track: number, embedding: Float32Array) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** A picture whose turn has come, in a stream's order. */
export interface PictureInTurn {
  /** Its memory is read while the call lasts. */
  readonly frame: QueuedFrame;
  readonly ptsMs: number;
  /** How places in the picture before lie in this one, source pixels; undefined for a still camera. */
  readonly cameraMotion: Similarity | undefined;
}

/** What became of the tracks in one picture, and what it took, ms. */
export interface Tracked {
  readonly step: TrackerStep;
  readonly followMs: number;
  readonly trackMs: number;
  /** Resolves when the picture's memory is needed no more; never rejects. */
  readonly isRead: Promise<void>;
}

/**
 * The tracks of one stream: the tracker, and the searches that show what the detector does not. One call at a time. A search that
 * fails costs what it would have found, and no more: what the tracker has said of a picture by then must be told.
 */
export class StreamTracker {
  readonly #options: StreamTrackerOptions;
  readonly #tracker: Tracker;
  readonly #follower: TrackFollower | undefined;
  /** Made when it is first asked for: most streams do without. */
  #byHand: HandFollowed | undefined;
  #trackMs = 0;
  /** Templates of the last picture that the detector saw, under way. */
  #learning: Promise<void> = Promise.resolve();

  constructor(options: StreamTrackerOptions) {
    const { pictures, startScoreMin, firstTrack, follower } = options;
    this.#options = options;
    this.#tracker = new Tracker({ frame: pictures.source, startScoreMin }, firstTrack);
    if (follower?.follower !== undefined) this.#follower = new TrackFollower(follower, pictures);
  }

  /** Whether pictures are searched: their memory is needed until a call with them has ended. */
  get searches(): boolean {
    return this.#follower !== undefined;
  }

  /** The number that the next track will have. */
  get nextTrack(): number {
    return this.#tracker.nextNumber;
  }

  /**
   * Follows what is in a box, from the next picture on.
   * @returns the number of its track
   * @throws {AppError} `engine/follow-off`; `engine/bad-box`, `engine/too-many-followed`
   */
  followByHand(wish: FollowWish): number {
    const { follower, pictures } = this.#options;
    if (follower?.follower === undefined)
      throw new AppError(
        'engine/follow-off',
        'conflict',
        'nothing can be followed: set analyse.follow of this camera to true',
      );
    this.#byHand ??= new HandFollowed(follower, pictures);
    const number = this.#tracker.takeNumber();
    this.#byHand.begin(wish, number);
    return number;
  }

  /** Follows it no more; whether it was followed by hand. */
  release(track: number): boolean {
    return this.#byHand?.release(track) ?? false;
  }

  /** A picture that the detector has looked at. */
  async detected(picture: PictureInTurn, detections: readonly Detection[]): Promise<Tracked> {
    await this.#begin();
    const { ptsMs } = picture;
    const aids = aidsOf(picture);
    const looked = await this.#withAppearance(picture, detections);
    const step = this.#timed(() => this.#tracker.update(looked.detections, ptsMs, aids));
    const seen = step.objects.filter(({ state }) => state === 'tracked');
    const { boxes, spentMs } = await this.#search(picture, seen);
    const whole =
      boxes.length === 0 ? step : this.#timed(() => oneStep(step, this.#tracker.follow(boxes, ptsMs)));
    const told = await this.#withHandFollowed(picture, whole);
    this.#learning = this.#learn(picture, seen);
    return this.#tracked(told.step, looked.spentMs + spentMs + told.spentMs);
  }

  /** A picture that it has not: tracks are searched for, or carried by motion where nothing searches. */
  async undetected(picture: PictureInTurn): Promise<Tracked> {
    await this.#begin();
    const { boxes, spentMs } = await this.#search(picture, []);
    const step = this.#timed(() => this.#tracker.follow(boxes, picture.ptsMs, aidsOf(picture)));
    const told = await this.#withHandFollowed(picture, step);
    return this.#tracked(told.step, spentMs + told.spentMs);
  }

  /** Ends all tracks; returns those that were announced. */
  endAll(): TrackedBox[] {
    return [...this.#tracker.endAll(), ...(this.#byHand?.endAll() ?? [])];
  }

  /** Detections with the embeddings that the tracker wants. */
  async #withAppearance(picture: PictureInTurn, detections: readonly Detection[]) {
    const without = { detections, spentMs: 0 };
    const follower = this.#follower;
    if (follower?.hasAppearance !== true) return without;
    const wanted = this.#timed(() =>
      this.#tracker.wantsAppearance(detections, picture.ptsMs, aidsOf(picture)),
    );
    return this.#orElse(without, follower.withAppearance(picture.frame, detections, wanted));
  }

  async #search(picture: PictureInTurn, seen: readonly TrackedBox[]): Promise<Found> {
    const nothing = { boxes: [], spentMs: 0 };
    if (this.#follower === undefined) return nothing;
    const { frame, ptsMs } = picture;
    const isSeen = new Set(seen.map(({ track }) => track));
    const targets = this.#timed(() => this.#tracker.targets(ptsMs, aidsOf(picture)));
    const sought = targets.filter(({ track, isLost }) => !isLost && !isSeen.has(track));
    return this.#orElse(nothing, this.#follower.search(frame, sought));
  }

  async #withHandFollowed({ frame, ptsMs }: PictureInTurn, step: TrackerStep) {
    const byHand = this.#byHand;
    if (byHand === undefined || byHand.size === 0) return { step, spentMs: 0 };
    const nothing = { objects: [], started: [], ended: [], spentMs: 0 };
    const { spentMs, ...more } = await this.#orElse(nothing, byHand.step(frame, ptsMs, step.objects));
    const whole = {
      ...step,
      objects: [...step.objects, ...more.objects],
      started: [...step.started, ...more.started],
      ended: [...step.ended, ...more.ended],
    };
    return { step: whole, spentMs };
  }

  /** What a picture shows is learnt after it was told what it shows: nobody waits for templates. */
  async #learn({ frame, ptsMs }: PictureInTurn, seen: readonly TrackedBox[]): Promise<void> {
    const follower = this.#follower;
    const due = follower?.due(this.#tracker.targets(ptsMs), seen, ptsMs) ?? [];
    if (follower === undefined || due.length === 0) return;
    const views = await this.#orElse([], follower.learn(frame, due, ptsMs));
    for (const { track, embedding } of views) {
      this.#options.onLook?.(track, embedding);
      this.#tracker.remember(track, embedding);
    }
  }

  /** Pictures come out the same however fast they come: each knows what the one before it has taught. */
  async #begin(): Promise<void> {
    await this.#learning;
    this.#trackMs = 0;
    this.#follower?.keepOnly(this.#tracker.numbers);
  }

  #orElse<Result>(otherwise: Result, following: Promise<Result>): Promise<Result> {
    return following.catch((error: unknown) => {
      // A pool is closed when its model is replaced, or all ends.
      const isOver = error instanceof AppError && error.code === 'inference/closed';
      if (!isOver)
        this.#options.log.warn({ cause: messageOf(error) }, 'tracks could not be searched for in a picture');
      return otherwise;
    });
  }

  #tracked(step: TrackerStep, followMs: number): Tracked {
    return { step, followMs, trackMs: this.#trackMs, isRead: this.#learning };
  }

  #timed<Result>(work: () => Result): Result {
    const { clock } = this.#options;
    const beganMs = clock.monotonicMs();
    const result = work();
    this.#trackMs += clock.monotonicMs() - beganMs;
    return result;
  }
}

function aidsOf({ cameraMotion }: PictureInTurn): { cameraMotion?: Similarity } {
  return cameraMotion === undefined ? {} : { cameraMotion };
}
