import { RunWriter, type Box, type Letterbox, type MaskRle } from '../../geometry/index.js';

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

/** The source pixels within `box` that a mask covers: those whose middle has a value above the threshold, between cells in proportion. */
export function pasteMask(grid: MaskGrid, box: Box, placed: Letterbox): MaskRle {
  const { columns, rows, over, threshold } = grid;
  const { source } = placed;
  const runs = new RunWriter([source.heightPx, source.widthPx]);
  const [left, top, right, bottom] = box.map(Math.round) as [number, number, number, number];
  const perColumn = columns / (over[2] - over[0]);
  const perRow = rows / (over[3] - over[1]);
  const column = new Float32Array(rows);
  const valueAt = (at: number) => {
    const before = Math.floor(at);
    const share = at - before;
    return (column[before] ?? 0) * (1 - share) + (column[before + 1] ?? 0) * share;
  };
  for (let x = left; x < right; x++) {
    const inInput = (x + 0.5) * placed.scaleX + placed.padX;
    columnAt(grid, (inInput - over[0]) * perColumn - 0.5, column);
    let from = -1;
    for (let y = top; y <= bottom; y++) {
      const at = ((y + 0.5) * placed.scaleY + placed.padY - over[1]) * perRow - 0.5;
      const isInside = y < bottom && valueAt(at) > threshold;
      if (isInside === from >= 0) continue;
      if (from >= 0) runs.add(x, from, y);
      from = isInside ? y : -1;
    }
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
