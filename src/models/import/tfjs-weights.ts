import { AppError } from '../../base/index.js';
import { MODEL_BYTES_MAX } from '../check-model.js';
import type { TfType, TfWeight } from './tfjs-graph.js';

/** A constant as the graph uses it, row-major in TensorFlow's order of dimensions. */
export interface TfConstant {
  readonly shape: readonly number[];
  readonly dtype: TfType;
  /** Float32 for `float32`, else Int32; bool is 0 or 1. */
  readonly data: Float32Array | Int32Array;
}

/** Weights become float32 in the ONNX file, however small they are stored. */
const DECODED_BYTES = 4;
const DTYPES: readonly string[] = ['float32', 'int32', 'bool'] satisfies TfType[];

const STORED_BYTES: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  float16: 2,
  uint16: 2,
  uint8: 1,
  bool: 1,
};

/**
 * Reads all weights out of the concatenated shards (little-endian, in manifest order), undoing TF.js's float16 and affine
 * uint8/uint16 quantisation (`stored * scale + min`).
 *
 * @throws {AppError} `model/import-invalid` when the shards are shorter or longer than the manifest says, or hold an unknown type;
 *   `model/too-large` when they would not fit into a model file
 */
export function decodeWeights(weights: readonly TfWeight[], shards: Uint8Array): Map<string, TfConstant> {
  const elements = weights.reduce((sum, { shape }) => sum + elementCount(shape), 0);
  if (!(elements * DECODED_BYTES <= MODEL_BYTES_MAX))
    throw new AppError(
      'model/too-large',
      'input',
      `The weights take ${elements * DECODED_BYTES} bytes as float32; ${MODEL_BYTES_MAX} (512 MiB) are the limit.`,
    );
  const bytes = new DataView(shards.buffer, shards.byteOffset, shards.byteLength);
  const decoded = new Map<string, TfConstant>();
  let offset = 0;
  for (const weight of weights) {
    const { name, shape, dtype, quantization } = weight;
    const stored = quantization?.dtype ?? dtype;
    const width = STORED_BYTES[stored];
    if (width === undefined || !DTYPES.includes(dtype))
      throw invalidWeights(`weight "${name}" is ${dtype} stored as ${stored}, which is not known`);
    if (decoded.has(name)) throw invalidWeights(`two weights are named "${name}"`);
    const count = elementCount(shape);
    if (offset + count * width > bytes.byteLength)
      throw invalidWeights(
        `the weight shards end at byte ${bytes.byteLength}, within "${name}": a shard is missing or truncated`,
      );
    decoded.set(name, decodeOne(bytes, offset, count, stored, weight));
    offset += count * width;
  }
  if (offset !== bytes.byteLength)
    throw invalidWeights(
      `the weight shards have ${bytes.byteLength} bytes where model.json describes ${offset}: they belong to another model`,
    );
  return decoded;
}

function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

function invalidWeights(why: string): AppError {
  return new AppError(
    'model/import-invalid',
    'input',
    `The weights cannot be imported: ${why}. Download or export the model again.`,
  );
}

function decodeOne(
  bytes: DataView,
  offset: number,
  count: number,
  stored: string,
  weight: TfWeight,
): TfConstant {
  const scale = weight.quantization?.scale ?? 1;
  const min = weight.quantization?.min ?? 0;
  const dtype = weight.dtype as TfType;
  const isInteger = dtype !== 'float32';
  const data = isInteger ? new Int32Array(count) : new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const value = readStored(bytes, offset, i, stored) * scale + min;
    data[i] = isInteger ? Math.round(value) : value;
  }
  return { shape: weight.shape, dtype, data };
}

function readStored(bytes: DataView, offset: number, index: number, stored: string): number {
  switch (stored) {
    case 'float32':
      return bytes.getFloat32(offset + index * 4, true);
    case 'int32':
      return bytes.getInt32(offset + index * 4, true);
    case 'float16':
      return halfToFloat(bytes.getUint16(offset + index * 2, true));
    case 'uint16':
      return bytes.getUint16(offset + index * 2, true);
    default:
      return bytes.getUint8(offset + index);
  }
}

/** IEEE 754 binary16, given as its bits, to a number. */
function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
