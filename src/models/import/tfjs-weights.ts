import { AppError } from '../../base/index.js';
import type { TfWeight } from './tfjs-graph.js';

/** A constant as the graph uses it, row-major in TensorFlow's order of dimensions. */
export interface TfConstant {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

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
 * @throws {AppError} `model/import-invalid` when the shards are shorter or longer than the manifest says, or hold an unknown type
 */
export function decodeWeights(weights: readonly TfWeight[], shards: Uint8Array): Map<string, TfConstant> {
  const bytes = new DataView(shards.buffer, shards.byteOffset, shards.byteLength);
  const decoded = new Map<string, TfConstant>();
  let offset = 0;
  for (const weight of weights) {
    const stored = weight.quantization?.dtype ?? weight.dtype;
    const width = STORED_BYTES[stored];
    if (width === undefined)
      throw new AppError(
        'model/import-invalid',
        'input',
        `Weight "${weight.name}" is stored as ${stored}, which is unknown.`,
      );
    const count = weight.shape.reduce((product, length) => product * length, 1);
    if (offset + count * width > bytes.byteLength)
      throw new AppError(
        'model/import-invalid',
        'input',
        `The weight shards end at byte ${bytes.byteLength}, within "${weight.name}": a shard is missing or truncated.`,
      );
    decoded.set(weight.name, { shape: weight.shape, data: decodeOne(bytes, offset, count, stored, weight) });
    offset += count * width;
  }
  if (offset !== bytes.byteLength)
    throw new AppError(
      'model/import-invalid',
      'input',
      `The weight shards have ${bytes.byteLength} bytes where model.json describes ${offset}: they belong to another model.`,
    );
  return decoded;
}

function decodeOne(
  bytes: DataView,
  offset: number,
  count: number,
  stored: string,
  weight: TfWeight,
): TfConstant['data'] {
  const scale = weight.quantization?.scale ?? 1;
  const min = weight.quantization?.min ?? 0;
  const isInteger = weight.dtype === 'int32' || weight.dtype === 'bool';
  const data = isInteger ? new Int32Array(count) : new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const value = readStored(bytes, offset, i, stored) * scale + min;
    data[i] = isInteger ? Math.round(value) : value;
  }
  return data;
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
