import { boxIou } from '../geometry/index.js';
import { byFrame, type MotRow } from './mot-text.js';

/** A labelled object and a track that overlap in one frame; `row` and `column` index the frame's lists. */
export interface Overlap {
  readonly row: number;
  readonly column: number;
  readonly iou: number;
}

/** One frame: which objects and tracks are in it, as indices into the scene's lists, and how they overlap. */
export interface SceneFrame {
  readonly objects: readonly number[];
  readonly tracks: readonly number[];
  readonly overlaps: readonly Overlap[];
}

/** A labelled sequence and what a tracker made of it. */
export interface TrackScene {
  /** Frames with an object or a track, in order. */
  readonly frames: readonly SceneFrame[];
  /** Boxes of each object and of each track over the whole sequence. */
  readonly objectBoxes: readonly number[];
  readonly trackBoxes: readonly number[];
}

/**
 * Lays tracks over labels. Label lines with 0 in the seventh column do not count, as in MOTChallenge.
 *
 * @throws {AppError} `evaluation/invalid-tracks` where an id stands twice in one frame
 */
export function trackScene(truth: readonly MotRow[], tracks: readonly MotRow[]): TrackScene {
  const truthFrames = byFrame(truth.filter(({ score }) => score !== 0));
  const trackFrames = byFrame(tracks);
  const objects = new IdList();
  const found = new IdList();
  const numbers = [...new Set([...truthFrames.keys(), ...trackFrames.keys()])].sort((a, b) => a - b);
  const frames = numbers.map((number) => {
    const rows = truthFrames.get(number) ?? [];
    const columns = trackFrames.get(number) ?? [];
    return {
      objects: rows.map(({ id }) => objects.count(id)),
      tracks: columns.map(({ id }) => found.count(id)),
      overlaps: rows.flatMap((truthRow, row) =>
        columns.flatMap((track, column) => {
          const iou = boxIou(truthRow.box, track.box);
          return iou > 0 ? [{ row, column, iou }] : [];
        }),
      ),
    };
  });
  return { frames, objectBoxes: objects.boxes, trackBoxes: found.boxes };
}

/** Numbers ids from 0, and counts the boxes of each. */
class IdList {
  readonly boxes: number[] = [];
  readonly #indices = new Map<number, number>();

  count(id: number): number {
    let index = this.#indices.get(id);
    if (index === undefined) {
      index = this.boxes.push(0) - 1;
      this.#indices.set(id, index);
    }
    this.boxes[index]!++;
    return index;
  }
}
