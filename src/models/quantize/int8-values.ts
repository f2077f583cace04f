import { create } from '@bufbuild/protobuf';
import {
  TensorProto_DataType as DataType,
  TensorProtoSchema,
  type TensorProto,
} from '../onnx/gen/onnx_pb.js';
import type { ValueRange } from './value-range.js';

/** The type of int8 activations. Both have the same 256 steps; which one a runtime prefers differs. */
export type ActivationType = 'u8' | 's8';

/** Real value = scale · (stored - zeroPoint). */
export interface Int8Scale {
  readonly scale: number;
  readonly zeroPoint: number;
}

const STEPS = 255;
const LEAST_SCALE = 2 ** -40;
const INT32_ROOM = 2 ** 30;

/** The scale whose steps cover a range; 0 is always one of them, since padding and cut-offs must be exact. */
export function scaleOf({ min, max }: ValueRange, type: ActivationType): Int8Scale {
  const low = Math.min(0, min);
  const scale = Math.max((Math.max(0, max) - low) / STEPS, LEAST_SCALE);
  return { scale: Math.fround(scale), zeroPoint: Math.round(-low / scale) - (type === 's8' ? 128 : 0) };
}

/** A scale as the two weights that QuantizeLinear and DequantizeLinear read, a scalar each. */
export function scaleTensors(
  stem: string,
  { scale, zeroPoint }: Int8Scale,
  type: ActivationType,
): TensorProto[] {
  const stored = type === 'u8' ? Uint8Array.of(zeroPoint) : new Uint8Array(Int8Array.of(zeroPoint).buffer);
  return [
    tensor(`${stem}_scale`, DataType.FLOAT, [], Float32Array.of(scale)),
    tensor(`${stem}_zero`, type === 'u8' ? DataType.UINT8 : DataType.INT8, [], stored),
  ];
}

/** A constant of activations, stored at a scale. */
export function storedConstant(
  name: string,
  dims: readonly number[],
  data: Float32Array,
  at: Int8Scale,
  type: ActivationType,
): TensorProto {
  const [low, high] = type === 'u8' ? [0, 255] : [-128, 127];
  const stored = Array.from(data, (value) =>
    Math.min(high, Math.max(low, Math.round(value / at.scale) + at.zeroPoint)),
  );
  const bytes = type === 'u8' ? Uint8Array.from(stored) : Int8Array.from(stored);
  return tensor(name, type === 'u8' ? DataType.UINT8 : DataType.INT8, dims, bytes);
}

/** Weights and bias of a convolution in integers, each with one scale for each output channel. */
export interface Int8Weights {
  readonly weights: Int8Array;
  readonly weightScales: Float32Array;
  readonly bias: Int32Array | undefined;
  /** Scale of the activation times that of the weights: what the sums of products are in. */
  readonly biasScales: Float32Array;
}

/**
 * Quantises the weights of a convolution, symmetrically and for each output channel, and its bias to the unit of the sums.
 *
 * @param data row-major, output channels first
 * @param bits 8, or 7 for processors whose 8-bit multiplication saturates when two products are added (AVX2 without VNNI)
 */
export function int8Weights(
  data: Float32Array,
  bias: Float32Array | undefined,
  channels: number,
  inputScale: number,
  bits: 7 | 8,
): Int8Weights {
  const most = bits === 8 ? 127 : 63;
  const perChannel = data.length / channels;
  const weights = new Int8Array(data.length);
  const weightScales = new Float32Array(channels);
  for (let channel = 0; channel < channels; channel++) {
    const from = channel * perChannel;
    let largest = 0;
    for (let i = from; i < from + perChannel; i++) largest = Math.max(largest, Math.abs(data[i]!));
    // A bias far larger than all weights must still fit into 32 bits of their unit.
    const scale = Math.max(
      largest / most,
      Math.abs(bias?.[channel] ?? 0) / (inputScale * INT32_ROOM),
      LEAST_SCALE,
    );
    weightScales[channel] = scale;
    for (let i = from; i < from + perChannel; i++) weights[i] = Math.round(data[i]! / weightScales[channel]!);
  }
  const biasScales = weightScales.map((scale) => scale * inputScale);
  return {
    weights,
    weightScales,
    bias:
      bias === undefined
        ? undefined
        : Int32Array.from(bias, (value, i) => Math.round(value / biasScales[i]!)),
    biasScales,
  };
}

/** A weight of the graph with its bytes as they lie in memory. */
export function tensor(
  name: string,
  dataType: DataType,
  dims: readonly number[],
  data: Float32Array | Int8Array | Uint8Array | Int32Array | Uint16Array,
): TensorProto {
  const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return create(TensorProtoSchema, { name, dataType, dims: dims.map(BigInt), rawData });
}
