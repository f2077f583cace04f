import { AppError, messageOf, type Clock, type Log } from '../base/index.js';
import type { FrameObject } from '../events/index.js';
import type { QueuedFrame } from '../frames/index.js';
import {
  boxArea,
  boxIou,
  maskArea,
  maskOfCells,
  type Box,
  type Detection,
  type MaskCells,
  type MaskRle,
} from '../geometry/index.js';
import type { SegmentJob, SegmentResult } from '../inference/index.js';
import type { Pictures } from './track-follower.js';

/** A track's mask is made anew after so long: between, it moves and grows with the box. */
const AGE_MS = 1000;
/** It is made anew at once where the box's shape has changed by more than this: someone has sat down, or a car has turned. */
const RESHAPED = 1.25;
/** Made in one picture, so that no other waits long for a worker; the rest are made in the next ones. */
const PER_PICTURE_MAX = 4;
/** Of one core's time, what the masks of one camera may take. */
const BUDGET_SHARE = 0.08;
/** As much of it is saved up, ms: a scene that fills at once gets its masks soon. */
const BUDGET_MS_MAX = 200;
/** A mask of less than this share of its box shows nothing: it is left out. */
const AREA_SHARE_MIN = 0.05;
/** A detection that overlaps a track's box by less is not its. */
const IOU_MIN = 0.3;
/** Tracks whose masks are kept. */
const TRACKS_MAX = 128;

/** The part of the inference pool that masks need. */
export interface MaskPool {
  /** Workers with nothing to do. */
  readonly idle: number;
  segment(job: SegmentJob): Promise<SegmentResult>;
}

/** What became of masks that were due. */
export interface MaskCounts {
  readonly made: number;
  /** Put off, since workers had more important things to do, or the budget was spent. Counted with each picture. */
  readonly gaveWay: number;
  readonly failed: number;
}

/** Counts of two spans as those of both. */
export function addedMasks(a: MaskCounts, b: MaskCounts): MaskCounts {
  return { made: a.made + b.made, gaveWay: a.gaveWay + b.gaveWay, failed: a.failed + b.failed };
}

interface Kept {
  cells: MaskCells | undefined;
  /** Width to height of the box that they were made from. */
  aspect: number;
  madeMs: number;
  /** The mask that was told last, and of which box. */
  told: { readonly box: Box; readonly mask: MaskRle | undefined } | undefined;
}

/** What one picture shows. */
export interface SeenObjects {
  readonly ptsMs: number;
  /** As the tracker tells them. */
  readonly objects: readonly FrameObject[];
  readonly detections: readonly Detection[];
}

/** What masks of one stream are made with. */
export interface TrackMasksOptions {
  readonly pool: MaskPool;
  readonly pictures: Pictures;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Masks of a stream's objects. {@link ofAll} makes them for every detection, whatever it takes: for files. {@link look} makes them for
 * confirmed tracks, now and then, while workers have nothing better to do; {@link told} lays what is known of each over its box.
 */
export class TrackMasks {
  readonly #options: TrackMasksOptions;
  readonly #tracks = new Map<number, Kept>();
  #budgetMs = BUDGET_MS_MAX;
  #budgetAtMs: number;
  #isBusy = false;
  #spentMs = 0;
  #counts = { made: 0, gaveWay: 0, failed: 0 };

  constructor(options: TrackMasksOptions) {
    this.#options = options;
    this.#budgetAtMs = options.clock.monotonicMs();
  }

  /** Detections with their masks, where they have none of their own and one can be made. */
  async ofAll(frame: QueuedFrame, detections: readonly Detection[]): Promise<readonly Detection[]> {
    const { source } = this.#options.pictures;
    const bare = [...detections.keys()].filter(
      (at) => detections[at]!.mask === undefined && isBox(detections[at]!.box),
    );
    const masks = await this.#make(
      frame,
      bare.map((at) => detections[at]!.box),
    );
    if (masks === undefined) return detections;
    const masked = [...detections];
    bare.forEach((at, i) => {
      const { box } = detections[at]!;
      const mask = shown(maskOfCells(masks[i]!, box, source), box);
      if (mask !== undefined) masked[at] = { ...detections[at]!, mask };
    });
    return masked;
  }

  /** Objects with what is known of their masks. */
  told(objects: readonly FrameObject[]): readonly FrameObject[] {
    const { source } = this.#options.pictures;
    return objects.map((object) => {
      const kept = this.#tracks.get(object.track);
      if (kept?.cells === undefined || object.mask !== undefined || object.state === 'occluded')
        return object;
      const { box } = object;
      if (kept.told === undefined || !isSame(kept.told.box, box))
        kept.told = { box, mask: isBox(box) ? shown(maskOfCells(kept.cells, box, source), box) : undefined };
      const { mask } = kept.told;
      return mask === undefined ? object : { ...object, mask };
    });
  }

  /**
   * Begins to make the masks that are due, if there is time for it.
   *
   * @param frame its memory is read until the promise resolves, which never rejects
   * @param seen what this picture shows
   * @param isWaited whether another picture waits for a worker
   */
  async look(
    frame: QueuedFrame,
    { ptsMs, objects, detections }: SeenObjects,
    isWaited: boolean,
  ): Promise<void> {
    this.#forget(objects);
    const due = this.#due(objects, ptsMs);
    if (due.length === 0) return;
    if (isWaited || this.#isBusy || this.#options.pool.idle === 0 || !this.#canSpend()) {
      this.#counts.gaveWay += due.length;
      return;
    }
    this.#isBusy = true;
    const wanted = due.slice(0, PER_PICTURE_MAX);
    const masks = await this.#make(
      frame,
      wanted.map((object) => detectedBox(object, detections)),
    );
    this.#isBusy = false;
    wanted.forEach(({ track, box }, at) => {
      // What failed is not tried again with the next picture.
      const cells = masks?.[at] ?? this.#tracks.get(track)?.cells;
      this.#tracks.set(track, { cells, aspect: aspectOf(box), madeMs: ptsMs, told: undefined });
    });
  }

  /** In the workers since the last call, ms. */
  takeSpentMs(): number {
    const spentMs = this.#spentMs;
    this.#spentMs = 0;
    return spentMs;
  }

  /** Counts since the last call. */
  takeCounts(): MaskCounts {
    const counts = this.#counts;
    this.#counts = { made: 0, gaveWay: 0, failed: 0 };
    return counts;
  }

  async #make(frame: QueuedFrame, boxes: readonly Box[]): Promise<readonly MaskCells[] | undefined> {
    if (boxes.length === 0) return [];
    const { pool, pictures, log } = this.#options;
    const { memory, frame: size, source } = pictures;
    try {
      const { masks, cropMs, networkMs } = await pool.segment({
        memory,
        byteOffset: frame.byteOffset,
        frame: size,
        source,
        boxes,
      });
      this.#spentMs += cropMs + networkMs;
      this.#budgetMs -= cropMs + networkMs;
      this.#counts.made += boxes.length;
      return masks;
    } catch (error) {
      this.#counts.failed += boxes.length;
      // A pool is closed when its model is replaced, or all ends.
      const isOver = error instanceof AppError && error.code === 'inference/closed';
      if (!isOver) log.warn({ cause: messageOf(error) }, 'masks could not be made');
      return undefined;
    }
  }

  /** Confirmed tracks that are seen and have no mask, or one that is old or does not fit, the oldest first. */
  #due(objects: readonly FrameObject[], ptsMs: number): readonly FrameObject[] {
    const madeMs = ({ track }: FrameObject) => this.#tracks.get(track)?.madeMs ?? -Infinity;
    return objects
      .filter((object) => {
        if (object.state !== 'tracked' || object.mask !== undefined || !isBox(object.box)) return false;
        const kept = this.#tracks.get(object.track);
        if (kept === undefined || ptsMs - kept.madeMs >= AGE_MS) return true;
        const change = aspectOf(object.box) / kept.aspect;
        return kept.cells !== undefined && Math.max(change, 1 / change) > RESHAPED;
      })
      .sort((a, b) => Math.sign(madeMs(a) - madeMs(b)) || 0);
  }

  #canSpend(): boolean {
    const nowMs = this.#options.clock.monotonicMs();
    this.#budgetMs = Math.min(BUDGET_MS_MAX, this.#budgetMs + BUDGET_SHARE * (nowMs - this.#budgetAtMs));
    this.#budgetAtMs = nowMs;
    return this.#budgetMs > 0;
  }

  #forget(objects: readonly FrameObject[]): void {
    if (this.#tracks.size < TRACKS_MAX) return;
    const here = new Set(objects.map(({ track }) => track));
    for (const track of this.#tracks.keys()) if (!here.has(track)) this.#tracks.delete(track);
  }
}

function isBox([x1, y1, x2, y2]: Box): boolean {
  return x2 > x1 && y2 > y1;
}

function isSame(a: Box, b: Box): boolean {
  return a.every((side, at) => side === b[at]);
}

function aspectOf([x1, y1, x2, y2]: Box): number {
  return (x2 - x1) / (y2 - y1);
}

/** Undefined where next to nothing of the box is the object. */
function shown(mask: MaskRle, box: Box): MaskRle | undefined {
  return maskArea(mask) < AREA_SHARE_MIN * boxArea(box) ? undefined : mask;
}

/** A track's box lags behind what moves fast: the detection that it goes by shows where the object is. */
function detectedBox({ box, label }: FrameObject, detections: readonly Detection[]): Box {
  let [best, bestIou] = [box, IOU_MIN];
  for (const detection of detections) {
    const iou = detection.label === label && isBox(detection.box) ? boxIou(detection.box, box) : 0;
    if (iou > bestIou) [best, bestIou] = [detection.box, iou];
  }
  return best;
}
