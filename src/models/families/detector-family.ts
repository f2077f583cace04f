import type { Size } from '../../geometry/index.js';
import type { ModelDescription, TensorDescription } from '../check-model.js';
import type { DecodeDetections, DetectorDescription, DetectorInput } from '../detector-spec.js';

/** Models whose tensors mean the same, and how their outputs are read. */
export interface DetectorFamily {
  /** As a user writes it in `family:`. */
  readonly name: string;
  /** Its inputs and outputs in words, for the message about a model that none fits. */
  readonly signature: string;
  /** What a model of this family is, told by its inputs, outputs and metadata; undefined for a model of another. */
  describe(model: ModelDescription): DetectorDescription | undefined;
  readonly decode: DecodeDetections;
}

/** Whether tensors have these names and shapes, and are no others; `*` fits any length, fixed or open. */
export function hasTensors(
  tensors: readonly TensorDescription[],
  expected: Readonly<Record<string, readonly (number | '*')[]>>,
): boolean {
  const names = Object.keys(expected);
  return (
    tensors.length === names.length &&
    tensors.every(({ name, dims }) => {
      const wanted = expected[name];
      return wanted !== undefined && hasDims(dims, wanted);
    })
  );
}

/** Whether dimensions are these; `*` fits any, and an open one (a name) fits any expected length. */
export function hasDims(dims: readonly (number | string)[], wanted: readonly (number | '*')[]): boolean {
  return (
    dims.length === wanted.length && wanted.every((length, axis) => length === '*' || dims[axis] === length)
  );
}

/** Height and width of an image input, `dynamic` where they are open. */
export function inputSize({ dims }: TensorDescription, layout: DetectorInput['layout']): Size | 'dynamic' {
  const [heightPx, widthPx] = layout === 'nchw' ? [dims[2], dims[3]] : [dims[1], dims[2]];
  return typeof heightPx === 'number' && typeof widthPx === 'number' && heightPx > 0 && widthPx > 0
    ? { widthPx, heightPx }
    : 'dynamic';
}

/** The commonest input: RGB planes, bytes as they are, letterboxed in the middle of a border of grey 114. */
export function defaultInput({ name, type }: TensorDescription): Omit<DetectorInput, 'size' | 'stridePx'> {
  return {
    name,
    dtype: type === 'uint8' ? 'uint8' : type === 'float16' ? 'float16' : 'float32',
    layout: 'nchw',
    order: 'rgb',
    mean: [0, 0, 0],
    std: [1, 1, 1],
    fit: 'letterbox',
    anchor: 'centre',
    border: 114,
  };
}
