import type { Size } from '../../geometry/index.js';
import type { ModelDescription, TensorDescription } from '../check-model.js';

/** Whether dimensions may be these: an open one fits any length, and `*` fits any dimension. */
export function mayBe(dims: readonly (number | string)[], wanted: readonly (number | '*')[]): boolean {
  return (
    dims.length === wanted.length &&
    wanted.every((length, axis) => length === '*' || dims[axis] === length || !isFixed(dims[axis]))
  );
}

/** Whether a dimension has a known length. */
export function isFixed(dim: number | string | undefined): dim is number {
  return typeof dim === 'number' && dim > 0;
}

/** The one input that is a picture of three planes, in a batch of one or of any size. */
export function pictureInput({ inputs }: ModelDescription): TensorDescription | undefined {
  const pictures = inputs.filter(
    ({ dims, type }) =>
      mayBe(dims, [1, 3, '*', '*']) && dims[1] === 3 && ['float', 'float16', 'uint8'].includes(type),
  );
  return pictures.length === 1 ? pictures[0] : undefined;
}

/** One feature map of a network: cells in rows, each for a square of `stridePx` input pixels. */
export interface Level {
  readonly stridePx: number;
  readonly columns: number;
  readonly rows: number;
  /** Number of this level's first cell, counted through all levels. */
  readonly first: number;
}

/** The feature maps over an input, in the order of `stridesPx`; a cell cut by the edge counts. */
export function levelsOf({ widthPx, heightPx }: Size, stridesPx: readonly number[]): Level[] {
  let first = 0;
  return stridesPx.map((stridePx) => {
    const level = {
      stridePx,
      columns: Math.ceil(widthPx / stridePx),
      rows: Math.ceil(heightPx / stridePx),
      first,
    };
    first += level.columns * level.rows;
    return level;
  });
}

/** Cells of all feature maps over an input. */
export function cellCount(size: Size, stridesPx: readonly number[]): number {
  return levelsOf(size, stridesPx).reduce((sum, { columns, rows }) => sum + columns * rows, 0);
}
