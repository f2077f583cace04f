import { AppError } from '../../base/index.js';
import type { ModelDescription, TensorDescription } from '../check-model.js';
import { FOLLOWER_TENSORS, type FollowerDescription, type FollowerTuning } from './follower-spec.js';

/** Two files that belong together. */
export interface FollowerPair {
  readonly first: ModelDescription;
  readonly second: ModelDescription;
}

/** Crops in one run of a model that takes any number: enough to keep the runtime busy, and its memory small. */
const BATCH_MAX = 8;
const SIDE_MAX_PX = 512;
const CELLS_MAX = 128;
const KERNEL_VALUES_MAX = 65_536;
const EMBEDDING_MAX = 2048;

/** Where the files name no tuning of their own. */
const TUNING: FollowerTuning = { penaltyK: 0.1, windowInfluence: 0.35, sizeRate: 0.4 };

/**
 * A pair of our own, known by `sightline.follower` in its metadata.
 * @throws {AppError} `model/shape` when it says that it is one, and metadata and tensors do not agree
 */
export function describeSightline({ first, second }: FollowerPair): FollowerDescription | undefined {
  if (first.metadata['sightline.follower'] === undefined) return undefined;
  for (const key of [
    'sightline.follower',
    'template_px',
    'search_px',
    'stride',
    'grid',
    'context',
    ...Object.keys(OPTIONAL),
  ])
    if (first.metadata[key] !== second.metadata[key])
      throw wrong(
        `its two files differ in "${key}": ${String(first.metadata[key])} and ${String(second.metadata[key])}`,
      );
  if (first.metadata['sightline.follower'] !== '1')
    throw wrong(`its layout is "${first.metadata['sightline.follower']}", and 1 is known`);
  const templatePx = number(first, 'template_px', 16, SIDE_MAX_PX, 'whole');
  const searchPx = number(first, 'search_px', templatePx, SIDE_MAX_PX, 'whole');
  const gridCells = number(first, 'grid', 3, CELLS_MAX, 'whole');
  const stridePx = number(first, 'stride', 1, SIDE_MAX_PX);
  const context = number(first, 'context', 0, 2);

  const kernel = tensor(first.outputs, FOLLOWER_TENSORS.kernel);
  const [, channels, height, width] = kernel.dims;
  if (typeof channels !== 'number' || typeof height !== 'number' || typeof width !== 'number')
    throw wrong(`the kernel's shape is open: [${kernel.dims.join(', ')}]`);
  if (kernel.dims.length !== 4 || channels * height * width > KERNEL_VALUES_MAX)
    throw wrong(`a kernel of the shape [${kernel.dims.join(', ')}] is too large`);
  expectDims(first.inputs, FOLLOWER_TENSORS.crop, [3, templatePx, templatePx]);
  expectDims(second.inputs, FOLLOWER_TENSORS.crop, [3, searchPx, searchPx]);
  expectDims(second.inputs, FOLLOWER_TENSORS.kernel, [channels, height, width]);
  expectDims(second.outputs, FOLLOWER_TENSORS.score, [1, gridCells, gridCells]);
  expectDims(second.outputs, FOLLOWER_TENSORS.ltrb, [4, gridCells, gridCells]);
  return {
    family: 'sightline',
    geometry: {
      templatePx,
      searchPx,
      gridCells,
      stridePx,
      firstCellPx: searchPx / 2 - ((gridCells - 1) / 2) * stridePx,
      context,
    },
    tuning: {
      penaltyK: number(first, 'penalty_k', 0, 10),
      windowInfluence: number(first, 'window_influence', 0, 1),
      sizeRate: number(first, 'size_rate', 0, 1),
    },
    order: 'rgb',
    kernel: [channels, height, width],
    embeddingLength: embeddingLength(first.outputs),
    batchMax: batchOf([...first.inputs, ...second.inputs]),
  };
}

const OPTIONAL: Readonly<Record<string, number>> = {
  penalty_k: TUNING.penaltyK,
  window_influence: TUNING.windowInfluence,
  size_rate: TUNING.sizeRate,
};

function number(
  { metadata }: ModelDescription,
  key: string,
  lowest: number,
  highest: number,
  kind?: 'whole',
): number {
  const text = metadata[key] ?? OPTIONAL[key]?.toString();
  const value = text === undefined || text.trim() === '' ? NaN : Number(text);
  const isFit = value >= lowest && value <= highest && (kind !== 'whole' || Number.isInteger(value));
  if (isFit) return value;
  throw wrong(
    `"${key}" is ${text === undefined ? 'missing' : `"${text}"`}; ${lowest} to ${highest} is possible`,
  );
}

function tensor(tensors: readonly TensorDescription[], name: string): TensorDescription {
  const found = tensors.find((one) => one.name === name);
  if (found === undefined) throw wrong(`there is no "${name}"`);
  if (found.type !== 'float') throw wrong(`"${name}" is ${found.type}, and float32 is needed`);
  return found;
}

/** Dimensions after the batch; one that is open may become anything, and is held against the promise at run time. */
function expectDims(tensors: readonly TensorDescription[], name: string, expected: readonly number[]): void {
  const { dims } = tensor(tensors, name);
  const fits =
    dims.length === expected.length + 1 &&
    expected.every((length, at) => typeof dims[at + 1] === 'string' || dims[at + 1] === length);
  if (!fits)
    throw wrong(`"${name}" has the shape [${dims.join(', ')}], and [N, ${expected.join(', ')}] is needed`);
}

function embeddingLength(outputs: readonly TensorDescription[]): number {
  if (!outputs.some(({ name }) => name === FOLLOWER_TENSORS.embedding)) return 0;
  const { dims } = tensor(outputs, FOLLOWER_TENSORS.embedding);
  const [, length] = dims;
  if (dims.length === 2 && typeof length === 'number' && length >= 1 && length <= EMBEDDING_MAX)
    return length;
  throw wrong(`an embedding of the shape [${dims.join(', ')}] is none, [N, D] is needed`);
}

function batchOf(inputs: readonly TensorDescription[]): number {
  const fixed = inputs.flatMap(({ dims }) => (typeof dims[0] === 'number' ? [dims[0]] : []));
  if (fixed.some((length) => length !== 1)) throw wrong('its batch must be open, or 1');
  return fixed.length > 0 ? 1 : BATCH_MAX;
}

function wrong(why: string): AppError {
  return new AppError('model/shape', 'input', `This is no usable follower: ${why}. Export it again.`);
}
