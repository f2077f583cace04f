import type { Box } from './box.js';
import type { Letterbox } from './letterbox.js';
import { RunWriter, type MaskRle } from './mask-rle.js';

/** A mask as a network gives it: values in rows and columns, spread evenly over a rectangle of the input. */
export interface MaskGrid {
  readonly values: Float32Array;
  readonly columns: number;
  readonly rows: number;
  /** The rectangle, input pixels. */
  readonly over: Box;
  /** Values above it are within the object; outside of the grid they are 0. */
  readonly threshold: number;
}

/**
 * The source pixels within `box` that a mask covers: those whose middle has a value above the threshold, between cells in proportion.
 * What lies off the source is left out.
 */
export function pasteMask(grid: MaskGrid, box: Box, placed: Letterbox): MaskRle {
  const { columns, rows, over, threshold } = grid;
  const { source } = placed;
  const runs = new RunWriter([source.heightPx, source.widthPx]);
  const left = Math.max(0, Math.round(box[0]));
  const top = Math.max(0, Math.round(box[1]));
  const right = Math.min(source.widthPx, Math.round(box[2]));
  const bottom = Math.min(source.heightPx, Math.round(box[3]));
  const perColumn = columns / (over[2] - over[0]);
  const perRow = rows / (over[3] - over[1]);
  // The middle of row y lies at slope · y + offset among the cells of a column.
  const slope = placed.scaleY * perRow;
  const offset = (0.5 * placed.scaleY + placed.padY - over[1]) * perRow - 0.5;
  const column = new Float32Array(rows);
  for (let x = left; x < right; x++) {
    const inInput = (x + 0.5) * placed.scaleX + placed.padX;
    columnAt(grid, (inInput - over[0]) * perColumn - 0.5, column);
    // Between two cells values change evenly: where they pass the threshold is worked out, not looked for row by row.
    let isInside = threshold < 0;
    let from = top;
    let before = 0;
    for (let cell = 0; cell <= rows; cell++) {
      // What is no number is not the object.
      const value = (cell < rows && column[cell]) || 0;
      if (value > threshold !== isInside) {
        const row = (cell - 1 + (threshold - before) / (value - before) - offset) / slope;
        if (isInside) runs.add(x, from, Math.min(Math.ceil(row), bottom));
        else from = Math.max(Math.floor(row) + 1, top);
        isInside = !isInside;
      }
      before = value;
    }
    if (isInside) runs.add(x, from, bottom);
  }
  return runs.mask();
}

/** The values at a place between two columns. */
function columnAt({ values, columns, rows }: MaskGrid, at: number, into: Float32Array): void {
  const before = Math.floor(at);
  const share = at - before;
  const isIn = (column: number) => column >= 0 && column < columns;
  for (let row = 0; row < rows; row++) {
    const from = row * columns;
    into[row] =
      (isIn(before) ? values[from + before]! * (1 - share) : 0) +
      (isIn(before + 1) ? values[from + before + 1]! * share : 0);
  }
}
