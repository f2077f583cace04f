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
 * The values of an output of any numeric type, as float32; `*` fits any length. Models in half precision and with integer labels
 * are read so.
 * @throws {AppError} `model/output-shape`
 */
export function numbers(outputs: Tensors, name: string, dims: readonly (number | '*')[]): Float32Array {
  const data = tensorOf(outputs, name, dims)?.data;
  if (data === undefined || data instanceof Float32Array) return floats(outputs, name, dims);
  if (data instanceof BigInt64Array) return Float32Array.from(data, Number);
  return data instanceof Uint16Array ? Float32Array.from(data, halfToNumber) : Float32Array.from(data);
}

/** The number that 16 bits of half precision (IEEE 754 binary16) stand for. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
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
