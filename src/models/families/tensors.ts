import { AppError } from '../../base/index.js';
import type { OutputTensor, Tensors } from '../detector-spec.js';

/**
 * The values of a float32 output of the given shape; `*` fits any length.
 * @throws {AppError} `model/output-shape`
 */
export function floats(outputs: Tensors, name: string, dims: readonly (number | '*')[]): Float32Array {
  const tensor = tensorOf(outputs, name, dims);
  if (tensor?.data instanceof Float32Array) return tensor.data;
  const got = outputs[name];
  throw new AppError(
    'model/output-shape',
    'internal',
    `Output "${name}" should be float32 [${dims.join(', ')}] and is ${
      got === undefined ? 'absent' : `${elementType(got)} [${got.dims.join(', ')}]`
    }.`,
  );
}

/**
 * The values of an output of whole numbers, or of floats that stand for such.
 * @throws {AppError} `model/output-shape`
 */
export function integers(outputs: Tensors, name: string, dims: readonly (number | '*')[]): ArrayLike<number> {
  const tensor = tensorOf(outputs, name, dims);
  if (tensor === undefined) return floats(outputs, name, dims);
  return tensor.data instanceof BigInt64Array ? Array.from(tensor.data, Number) : tensor.data;
}

function tensorOf(outputs: Tensors, name: string, dims: readonly (number | '*')[]): OutputTensor | undefined {
  const tensor = outputs[name];
  const fits =
    tensor?.dims.length === dims.length &&
    dims.every((length, axis) => length === '*' || tensor.dims[axis] === length);
  return fits ? tensor : undefined;
}

function elementType({ data }: OutputTensor): string {
  return data.constructor.name.replace(/Array$/, '').toLowerCase();
}
