import { activate, channelsFirst } from './convolution-operators.js';
import { inputName, refused, type Conversion, type Emit, type Value } from './conversion.js';
import { dataInputs, fusedOps, type TfNode } from './tfjs-graph.js';
import type { Attribute } from '../onnx/graph-builder.js';

/** Dimension of an NCHW value that holds dimension i of the same value in NHWC. */
const NHWC_TO_NCHW = [0, 2, 3, 1] as const;

/** The same values under another name is the same value. */
export const identity: Emit = (node, conversion) => conversion.input(node, 0);

/** A dimension of a value in the ONNX graph, for one that TensorFlow counts (negative from the end). */
function onnxAxis(axis: number, rank: number): number {
  const positive = axis < 0 ? axis + rank : axis;
  return rank === 4 ? NHWC_TO_NCHW[positive]! : positive;
}

/** Mean over some dimensions; over height and width it is a global average pool, which runtimes do best. */
export const mean: Emit = (node, conversion) => {
  const input = conversion.input(node, 0);
  const rank = input.shape.length;
  const axes = [...conversion.constant(node, 1).data].map((axis) => (axis < 0 ? axis + rank : axis));
  const keepDims = node.attr?.['keep_dims']?.b === true;
  const kept = input.shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
  const shape = keepDims ? kept : input.shape.filter((_, axis) => !axes.includes(axis));
  const isSpatial = rank === 4 && axes.length === 2 && axes.includes(1) && axes.includes(2);
  const { graph } = conversion;
  if (isSpatial) {
    const pooled = graph.node('GlobalAveragePool', [input.name]);
    return { name: keepDims ? pooled : graph.node('Flatten', [pooled]), shape };
  }
  // ReduceMean over NCHW without keeping dimensions would leave the others in another order.
  if (rank === 4 && !keepDims) throw refused(node, 'it drops other dimensions than height and width');
  const attributes = {
    axes: { ints: axes.map((axis) => onnxAxis(axis, rank)) },
    keepdims: { int: keepDims ? 1 : 0 },
  };
  return { name: graph.node('ReduceMean', [input.name], attributes), shape };
};

/** Bilinear resize; with open height and width, by the factor that it has at the nominal size. */
export const resizeBilinear: Emit = (node, conversion) => {
  const { graph } = conversion;
  const input = conversion.input(node, 0);
  const size = [...conversion.constant(node, 1).data];
  const [batch, height, width, channels] = input.shape as [number, number, number, number];
  const mode =
    node.attr?.['align_corners']?.b === true
      ? 'align_corners'
      : node.attr?.['half_pixel_centers']?.b === true
        ? 'half_pixel'
        : 'asymmetric';
  const attributes: Record<string, Attribute> = {
    mode: { text: 'linear' },
    coordinate_transformation_mode: { text: mode },
  };
  const target = conversion.isDynamic
    ? [graph.floats([4], Float32Array.of(1, 1, size[0]! / height, size[1]! / width), 'scales')]
    : ['', graph.int64s([batch, channels, size[0]!, size[1]!], 'sizes')];
  const name = graph.node('Resize', [input.name, '', ...target], attributes);
  return { name, shape: [batch, size[0]!, size[1]!, channels] };
};

/** Concatenation, each part passed through `prepare`; the axis is the node's last input. */
export function concatenate(
  node: TfNode,
  conversion: Conversion,
  prepare = (part: Value) => part.name,
): Value {
  const count = dataInputs(node).length - 1;
  const references = Array.from({ length: count }, (_, index) => inputName(node, index));
  if (references.some((reference) => conversion.constantOf(reference) !== undefined))
    throw refused(node, 'it concatenates a constant');
  const values = references.map((reference) => conversion.value(reference));
  const rank = values[0]!.shape.length;
  const given = conversion.constant(node, count).data[0]!;
  const axis = given < 0 ? given + rank : given;
  const shape = [...values[0]!.shape];
  shape[axis] = values.reduce((sum, value) => sum + value.shape[axis]!, 0);
  const attributes = { axis: { int: onnxAxis(axis, rank) } };
  return { name: conversion.graph.node('Concat', values.map(prepare), attributes), shape };
}

/** A value in TensorFlow's order of dimensions, for operators that count on it. */
function inTensorFlowOrder(value: Value, conversion: Conversion): string {
  // With one pixel, or one channel, both orders are the same bytes: a Reshape sees no difference.
  const isMoved = value.shape.length === 4 && value.shape[3] !== 1 && value.shape[1]! * value.shape[2]! !== 1;
  return isMoved
    ? conversion.graph.node('Transpose', [value.name], { perm: { ints: [0, 2, 3, 1] } })
    : value.name;
}

function reshapeTo(node: TfNode, conversion: Conversion, input: Value, shape: readonly number[]): Value {
  const { graph } = conversion;
  if (conversion.isDynamic && input.shape.length === 4 && input.shape[1]! * input.shape[2]! !== 1)
    throw refused(node, 'it flattens a feature map whose size is left open; import with the fixed size');
  const name = graph.node('Reshape', [inTensorFlowOrder(input, conversion), graph.int64s(shape, 'shape')]);
  if (shape.length !== 4) return { name, shape };
  return { name: graph.node('Transpose', [name], { perm: { ints: [0, 3, 1, 2] } }), shape };
}

/** Reshape to a constant shape, of which one length may be open (-1); elements keep TensorFlow's order. */
export const reshape: Emit = (node, conversion) => {
  const input = conversion.input(node, 0);
  const asked = [...conversion.constant(node, 1).data];
  const count = input.shape.reduce((product, length) => product * length, 1);
  const known = asked.reduce((product, length) => (length === -1 ? product : product * length), 1);
  return reshapeTo(
    node,
    conversion,
    input,
    asked.map((length) => (length === -1 ? count / known : length)),
  );
};

/** Drops dimensions of length 1: those named, or all. */
export const squeeze: Emit = (node, conversion) => {
  const input = conversion.input(node, 0);
  const rank = input.shape.length;
  const listed = (node.attr?.['squeeze_dims']?.list?.i ?? []).map((axis) => (Number(axis) + rank) % rank);
  const isDropped = (axis: number) => (listed.length > 0 ? listed.includes(axis) : input.shape[axis] === 1);
  return reshapeTo(
    node,
    conversion,
    input,
    input.shape.filter((_, axis) => !isDropped(axis)),
  );
};

/** Padding with a constant; the paddings are [rank, 2]. */
export const pad: Emit = (node, conversion) => {
  const { graph } = conversion;
  const input = conversion.input(node, 0);
  const rank = input.shape.length;
  const pads = conversion.constant(node, 1).data;
  const begins = new Array<number>(rank).fill(0);
  const ends = new Array<number>(rank).fill(0);
  for (let axis = 0; axis < rank; axis++) {
    begins[onnxAxis(axis, rank)] = pads[axis * 2]!;
    ends[onnxAxis(axis, rank)] = pads[axis * 2 + 1]!;
  }
  const value = node.op === 'PadV2' ? Number(conversion.constant(node, 2).data[0]) : 0;
  const inputs = [
    input.name,
    graph.int64s([...begins, ...ends], 'pads'),
    graph.floats([], Float32Array.of(value), 'value'),
  ];
  const shape = input.shape.map((length, axis) => length + pads[axis * 2]! + pads[axis * 2 + 1]!);
  return { name: graph.node('Pad', inputs), shape };
};

/** Matrix product with constant weights, plain or with fused bias and activation. */
export const matrixProduct: Emit = (node, conversion) => {
  const { graph } = conversion;
  const input = conversion.input(node, 0);
  if (input.shape.length !== 2) throw refused(node, `its input has rank ${input.shape.length}, not 2`);
  if (node.attr?.['transpose_a']?.b === true) throw refused(node, 'it transposes its first input');
  const weights = conversion.constant(node, 1);
  const isTransposed = node.attr?.['transpose_b']?.b === true;
  const inputs = [input.name, graph.floats(weights.shape, Float32Array.from(weights.data))];
  const fused = fusedOps(node);
  if (fused[0] === 'BiasAdd') inputs.push(channelsFirst(node, conversion, conversion.constant(node, 2), 2));
  const name = graph.node('Gemm', inputs, { transB: { int: isTransposed ? 1 : 0 } });
  const shape = [input.shape[0]!, weights.shape[isTransposed ? 0 : 1]!];
  return activate(node, conversion, { name, shape }, fused[0] === 'BiasAdd' ? fused.slice(1) : fused);
};
