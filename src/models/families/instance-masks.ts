import { RunWriter, type Box, type Detection, type Letterbox, type MaskRle } from '../../geometry/index.js';
import type { OutputTensor, Tensors } from '../detector-spec.js';
import type { Kept } from './candidates.js';
import { floats } from './tensors.js';

/** Prototypes that a detection's coefficients weight, in all YOLO models that segment. */
export const MASK_CHANNELS = 32;

/** Beyond this a logit says no more. */
const LOGIT_MAX = 1e6;

/**
 * Adds the masks of the detections that stayed: each a weighted sum of the picture's prototypes (Bolya et al., "YOLACT", 2019),
 * cut off at its box.
 *
 * @param prototypes name of the output [1, 32, rows, columns] over the whole input
 * @param coefficientsOf the 32 weights of an output's row
 */
export function withMasks(
  kept: readonly Kept[],
  outputs: Tensors,
  prototypes: string,
  placed: Letterbox,
  coefficientsOf: (row: number) => Float32Array,
): Detection[] {
  if (kept.length === 0) return [];
  const data = floats(outputs, prototypes, [1, MASK_CHANNELS, '*', '*']);
  const maps = { data, dims: outputs[prototypes]!.dims };
  return kept.map(({ row, inInput, detection }) => ({
    ...detection,
    mask: maskOf(maps, coefficientsOf(row), inInput, detection.box, placed),
  }));
}

/** A rectangle of the weighted sum, positive within the object. */
interface Field {
  readonly values: Float32Array;
  readonly columns: number;
  readonly firstColumn: number;
  readonly firstRow: number;
  readonly rows: number;
}

function maskOf(
  maps: Pick<OutputTensor, 'dims'> & { readonly data: Float32Array },
  coefficients: Float32Array,
  inInput: Box,
  box: Box,
  placed: Letterbox,
): MaskRle {
  const [, , mapRows, mapColumns] = maps.dims as [number, number, number, number];
  const perColumn = mapColumns / placed.input.widthPx;
  const perRow = mapRows / placed.input.heightPx;
  const field = weightedSum(maps, coefficients, [
    inInput[0] * perColumn - 1,
    inInput[1] * perRow - 1,
    inInput[2] * perColumn + 1,
    inInput[3] * perRow + 1,
  ]);
  const runs = new RunWriter([placed.source.heightPx, placed.source.widthPx]);
  // Pixels whose middle is in the box.
  const [left, top, right, bottom] = box.map(Math.round) as [number, number, number, number];
  const column = new Float32Array(field.rows);
  for (let x = left; x < right; x++) {
    columnAt(field, ((x + 0.5) * placed.scaleX + placed.padX) * perColumn - 0.5, column);
    const pixelAt = (row: number) =>
      Math.ceil(((field.firstRow + row + 0.5) / perRow - placed.padY) / placed.scaleY - 0.5);
    let from = column[0]! > 0 ? top : -1;
    for (let row = 1; row < field.rows; row++) {
      const [before, after] = [column[row - 1]!, column[row]!];
      const [isInside, wasInside] = [after > 0, from >= 0];
      if (isInside === wasInside) continue;
      // Values run straight from row to row: the object's edge is where they cross zero.
      const y = Math.min(bottom, Math.max(top, pixelAt(row - 1 + before / (before - after))));
      if (wasInside) runs.add(x, from, y);
      from = wasInside ? -1 : y;
    }
    if (from >= 0) runs.add(x, from, bottom);
  }
  return runs.mask();
}

/** @param around in cells of the prototypes */
function weightedSum(
  { data, dims }: { readonly data: Float32Array; readonly dims: readonly number[] },
  coefficients: Float32Array,
  around: Box,
): Field {
  const [, , mapRows, mapColumns] = dims as [number, number, number, number];
  const within = (value: number, length: number) => Math.min(Math.max(Math.floor(value), 0), length - 1);
  const firstColumn = within(around[0], mapColumns);
  const firstRow = within(around[1], mapRows);
  const columns = within(around[2], mapColumns) - firstColumn + 1;
  const rows = within(around[3], mapRows) - firstRow + 1;
  const values = new Float32Array(rows * columns);
  coefficients.forEach((weight, channel) => {
    for (let row = 0; row < rows; row++) {
      const from = (channel * mapRows + firstRow + row) * mapColumns + firstColumn;
      const to = row * columns;
      for (let column = 0; column < columns; column++) values[to + column]! += weight * data[from + column]!;
    }
  });
  return { values, columns, firstColumn, firstRow, rows };
}

/** The values at a place between two columns. */
function columnAt({ values, columns, firstColumn, rows }: Field, at: number, into: Float32Array): void {
  const place = Math.min(Math.max(at - firstColumn, 0), columns - 1);
  const before = Math.floor(place);
  const after = Math.min(before + 1, columns - 1);
  const share = place - before;
  for (let row = 0; row < rows; row++) {
    const from = row * columns;
    const value = values[from + before]! * (1 - share) + values[from + after]! * share;
    // What is no number lies outside.
    into[row] = Math.min(Math.max(value, -LOGIT_MAX), LOGIT_MAX) || 0;
  }
}
