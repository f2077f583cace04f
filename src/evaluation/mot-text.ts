import { AppError } from '../base/index.js';
import type { Box } from '../geometry/index.js';

/** One line of a MOTChallenge file. `box` is in pixels, corners as the file counts them. */
export interface MotRow {
  /** From 1. */
  readonly frame: number;
  /** -1 in files of detections. */
  readonly id: number;
  readonly box: Box;
  /** The file's seventh column: a score, or in labels whether the line counts; 1 where it is missing. */
  readonly score: number;
}

/** The boxes of one frame by track. */
export type MotFrames = ReadonlyMap<number, readonly MotRow[]>;

/**
 * Reads MOTChallenge lines `frame,id,x,y,width,height,score,…` (labels, tracks or detections), in any order of frames.
 *
 * @throws {AppError} `evaluation/invalid-tracks` with the line's number
 */
export function readMotRows(text: string): MotRow[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    if (line.trim() === '') return [];
    const cells = line.split(/[,\s]+/).filter((cell) => cell !== '');
    const [frame, id, x, y, width, height, score = 1] = cells.map(Number) as [
      frame: number,
      id: number,
      x: number,
      y: number,
      width: number,
      height: number,
      score?: number,
    ];
    const isRow =
      cells.length >= 6 &&
      [frame, id].every(Number.isInteger) &&
      frame >= 1 &&
      [x, y, width, height, score].every(Number.isFinite);
    if (!isRow)
      throw new AppError(
        'evaluation/invalid-tracks',
        'input',
        `line ${index + 1} is "${line.slice(0, 80)}"; expected "frame,id,x,y,width,height,score" with whole frame ` +
          'numbers from 1 and ids',
      );
    return [{ frame, id, box: [x, y, x + width, y + height] as const, score }];
  });
}

/**
 * Rows by frame. A track stands in a frame once.
 *
 * @throws {AppError} `evaluation/invalid-tracks` where an id stands twice in one frame
 */
export function byFrame(rows: readonly MotRow[]): MotFrames {
  const frames = new Map<number, MotRow[]>();
  const seen = new Set<string>();
  for (const row of rows) {
    const key = `${row.frame} ${row.id}`;
    if (seen.has(key))
      throw new AppError(
        'evaluation/invalid-tracks',
        'input',
        `id ${row.id} stands twice in frame ${row.frame}: each track has one box a frame`,
      );
    seen.add(key);
    const frame = frames.get(row.frame);
    if (frame === undefined) frames.set(row.frame, [row]);
    else frame.push(row);
  }
  return frames;
}
