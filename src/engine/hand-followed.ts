import { AppError } from '../base/index.js';
import type { QueuedFrame } from '../frames/index.js';
import { boxArea, boxIou, clipBox, type Box } from '../geometry/index.js';
import type { KernelStore } from '../inference/index.js';
import { SingleObject, type TrackedBox } from '../tracking/index.js';
import type { FollowerPool, Pictures } from './track-follower.js';

/** Objects of one stream that may be followed at once. */
const OBJECTS_MAX = 8;
/** An object out of sight for so long is given up. */
const HIDDEN_MAX_MS = 30_000;
/** A box that overlaps so much with a tracked object is meant to be that object, which has moved on since it was drawn. */
const MEANT_IOU = 0.3;

/** An object to be followed because somebody said so, whatever the detector thinks of it. */
export interface FollowWish {
  /** Where it is, source pixels. */
  readonly box: Box;
  /** What to call it. */
  readonly label: string;
}

/** What followed objects do in one picture. */
export interface HandFollowedStep {
  readonly objects: readonly TrackedBox[];
  readonly started: readonly TrackedBox[];
  readonly ended: readonly TrackedBox[];
  /** In the workers, ms. */
  readonly spentMs: number;
}

interface Followed {
  readonly number: number;
  readonly wish: FollowWish;
  readonly slot: number;
  /** Undefined until a picture has shown what it looks like. */
  object: SingleObject | undefined;
  seenMs: number;
  last: TrackedBox | undefined;
  isReleased: boolean;
}

/**
 * Objects of a stream that are followed by hand: each by its look in the first picture after it was asked for, in every picture that is
 * analysed, until it is released or out of sight for 30 s. They share the numbers of the tracks. One picture at a time.
 */
export class HandFollowed {
  readonly #pool: FollowerPool;
  readonly #pictures: Pictures;
  readonly #kernels: KernelStore;
  readonly #followed: Followed[] = [];

  constructor(pool: FollowerPool, pictures: Pictures) {
    this.#pool = pool;
    this.#pictures = pictures;
    this.#kernels = pool.createKernelStore(OBJECTS_MAX);
  }

  /** Number of objects. */
  get size(): number {
    return this.#followed.length;
  }

  /**
   * Follows an object from the next picture on.
   * @param number the number of its track
   * @throws {AppError} `engine/bad-box`, `engine/too-many-followed`
   */
  begin(wish: FollowWish, number: number): void {
    const { source } = this.#pictures;
    const inside = clipBox(wish.box, source);
    if (
      !wish.box.every(Number.isFinite) ||
      !(boxArea(inside) >= 0.5 * boxArea(wish.box) && boxArea(inside) > 0)
    )
      throw new AppError(
        'engine/bad-box',
        'input',
        `box ${wish.box.join(', ')} must be [x1, y1, x2, y2] in pixels, at least half of it within the ${source.widthPx}×${source.heightPx} picture`,
      );
    const slot = this.#kernels.take();
    if (slot === undefined)
      throw new AppError(
        'engine/too-many-followed',
        'conflict',
        `${OBJECTS_MAX} objects of this camera are followed already: release one of them first`,
      );
    const followed = { number, wish, slot, object: undefined, seenMs: 0, last: undefined, isReleased: false };
    this.#followed.push(followed);
  }

  /** Follows it no more; whether it was followed. It ends with the next picture. */
  release(number: number): boolean {
    const followed = this.#followed.find((one) => one.number === number);
    if (followed !== undefined) followed.isReleased = true;
    return followed !== undefined;
  }

  /** Ends all; returns those that were announced. */
  endAll(): TrackedBox[] {
    return this.#followed.splice(0).flatMap((followed) => this.#end(followed));
  }

  /**
   * Searches a picture for all of them.
   * @param tracked what the tracker reports of the same picture
   */
  async step(frame: QueuedFrame, ptsMs: number, tracked: readonly TrackedBox[]): Promise<HandFollowedStep> {
    const searched = this.#followed.flatMap(({ object }) => (object === undefined ? [] : [object]));
    const sought = this.#followed.filter(({ object }) => object !== undefined);
    const fresh = this.#followed.filter(({ object, isReleased }) => object === undefined && !isReleased);
    const first = fresh.map(({ wish }) => meant(wish.box, tracked));
    const { memory, frame: size, source } = this.#pictures;
    const { searches, cropMs, networkMs, postprocessMs } = await this.#pool.follow({
      memory,
      byteOffset: frame.byteOffset,
      frame: size,
      source,
      kernels: this.#kernels,
      searches: sought.map(({ slot }, at) => ({ slot, box: searched[at]!.box })),
      templates: fresh.map(({ slot }, at) => ({ slot, box: first[at]! })),
    });
    const started = fresh.map((followed, at) => {
      followed.object = new SingleObject(first[at]!, { frame: source });
      followed.seenMs = ptsMs;
      return (followed.last = boxOf(followed, first[at]!, 1, false));
    });
    sought.forEach((followed, at) => {
      const step = searched[at]!.update(searches[at]!);
      if (step.state === 'followed') followed.seenMs = ptsMs;
      const box = clipBox(step.box, source);
      followed.last = boxOf(followed, box, step.confidence, step.state === 'hidden');
    });
    const ended = this.#endThoseThatAreOver(ptsMs);
    const objects = this.#followed.flatMap(({ last }) => last ?? []);
    return { objects, started, ended, spentMs: cropMs + networkMs + postprocessMs };
  }

  #endThoseThatAreOver(ptsMs: number): TrackedBox[] {
    const over = this.#followed.filter(
      ({ isReleased, object, seenMs }) =>
        isReleased || (object !== undefined && Math.abs(ptsMs - seenMs) > HIDDEN_MAX_MS),
    );
    return over.flatMap((followed) => {
      this.#followed.splice(this.#followed.indexOf(followed), 1);
      return this.#end(followed);
    });
  }

  #end({ slot, last }: Followed): TrackedBox[] {
    this.#kernels.release(slot);
    return last === undefined ? [] : [last];
  }
}

/** Where the object that somebody drew a box around is by now. */
function meant(box: Box, tracked: readonly TrackedBox[]): Box {
  let best: { readonly box: Box; readonly iou: number } | undefined;
  for (const { box: other } of tracked) {
    const iou = boxIou(box, other);
    if (iou >= (best?.iou ?? MEANT_IOU)) best = { box: other, iou };
  }
  return best?.box ?? box;
}

function boxOf({ number, wish }: Followed, box: Box, confidence: number, isHidden: boolean): TrackedBox {
  return {
    track: number,
    label: wish.label,
    score: confidence,
    box,
    state: isHidden ? 'occluded' : 'predicted',
    confidence,
  };
}
