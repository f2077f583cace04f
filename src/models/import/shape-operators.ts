import { inputName, refused, type Conversion, type Emit, type Value } from './conversion.js';
import { scalar } from './arithmetic-operators.js';
import {
  fromTensorFlowOrder,
  inTensorFlowOrder,
  onnxAxis,
  positiveAxis,
  refuseOpen,
  reshapeTo,
} from './layout.js';
import { dataInputs, intAttribute, textAttribute, type TfNode } from './tfjs-graph.js';

/** The same values under another name is the same value. */
export const identity: Emit = (node, conversion) => conversion.input(node, 0);

/** Concatenation, each part passed through `prepare`; the axis is the node's last input. */
export function concatenate(
  node: TfNode,
  conversion: Conversion,
  prepare = (part: Value) => part.name,
): Value {
  const count = dataInputs(node).length - 1;
  const references = Array.from({ length: count }, (_, index) => inputName(node, index));
  const values = references.map((reference) => conversion.value(reference));
  const rank = values[0]!.shape.length;
  const given = conversion.constant(node, count).data[0]!;
  const axis = positiveAxis(given, rank);
  const shape = [...values[0]!.shape];
  shape[axis] = values.reduce((sum, value) => sum + value.shape[axis]!, 0);
  const attributes = { axis: { int: onnxAxis(axis, rank) } };
  return {
    name: conversion.graph.node('Concat', values.map(prepare), attributes),
    shape,
    dtype: values[0]!.dtype,
  };
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
  const listed = (node.attr?.['squeeze_dims']?.list?.i ?? []).map((axis) => positiveAxis(Number(axis), rank));
  const isDropped = (axis: number) => (listed.length > 0 ? listed.includes(axis) : input.shape[axis] === 1);
  return reshapeTo(
    node,
    conversion,
    input,
    input.shape.filter((_, axis) => !isDropped(axis)),
  );
};

/** Padding with a constant, or with what lies inside the edge; the paddings are [rank, 2]. */
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
  const shape = input.shape.map((length, axis) => length + pads[axis * 2]! + pads[axis * 2 + 1]!);
  const widths = graph.int64s([...begins, ...ends], 'pads');
  if (node.op === 'MirrorPad') {
    const mode = textAttribute(node, 'mode')?.toUpperCase();
    if (mode !== 'REFLECT') throw refused(node, `its mode is ${mode ?? 'not stated'}`);
    return { ...input, name: graph.node('Pad', [input.name, widths], { mode: { text: 'reflect' } }), shape };
  }
  const { data } = node.op === 'PadV2' ? conversion.constant(node, 2) : { data: [0] };
  const filling = conversion.weights(scalar(input.dtype, data[0]!));
  return { ...input, name: graph.node('Pad', [input.name, widths, filling.name]), shape };
};

/** Adds a dimension of length 1. */
export const expandDims: Emit = (node, conversion) => {
  const input = conversion.input(node, 0);
  return reshapeTo(node, conversion, input, expanded(input.shape, conversion.constant(node, 1).data[0]!));
};

function expanded(shape: readonly number[], axis: number): number[] {
  return shape.toSpliced(positiveAxis(axis, shape.length + 1), 0, 1);
}

/** Stacks values along a new dimension. */
export const pack: Emit = (node, conversion) => {
  const parts = dataInputs(node).map((_, index) => conversion.input(node, index));
  const first = parts[0]!;
  const rank = first.shape.length + 1;
  const axis = positiveAxis(intAttribute(node, 'axis', 0), rank);
  const inputs = parts.map((part) => reshapeTo(node, conversion, part, expanded(part.shape, axis)).name);
  const shape = first.shape.toSpliced(axis, 0, parts.length);
  const name = conversion.graph.node('Concat', inputs, { axis: { int: onnxAxis(axis, rank) } });
  return { name, shape, dtype: first.dtype };
};

/** Takes a value apart along a dimension, which vanishes. */
export const unpack: Emit = (node, conversion) => {
  const input = conversion.input(node, 0);
  refuseOpen(node, conversion, input);
  const axis = positiveAxis(intAttribute(node, 'axis', 0), input.shape.length);
  const count = input.shape[axis]!;
  const shape = input.shape.toSpliced(axis, 1);
  return splitInto(conversion, input, axis, new Array<number>(count).fill(1)).map((part) =>
    reshapeTo(node, conversion, part, shape),
  );
};

/** Takes a value apart into equal parts, or parts of constant lengths, of which one may be open (-1). */
export const split: Emit = (node, conversion) => {
  const isEqual = node.op === 'Split';
  const input = conversion.input(node, isEqual ? 1 : 0);
  const axis = positiveAxis(conversion.constant(node, isEqual ? 0 : 2).data[0]!, input.shape.length);
  if (axis > 0 && axis < 3) refuseOpen(node, conversion, input);
  const length = input.shape[axis]!;
  if (isEqual) {
    const count = intAttribute(node, 'num_split', 1);
    return splitInto(conversion, input, axis, new Array<number>(count).fill(length / count));
  }
  const asked = [...conversion.constant(node, 1).data];
  const known = asked.reduce((sum, part) => sum + Math.max(0, part), 0);
  const lengths = asked.map((part) => (part === -1 ? length - known : part));
  return splitInto(conversion, input, axis, lengths);
};

function splitInto({ graph }: Conversion, input: Value, axis: number, lengths: readonly number[]): Value[] {
  const attributes = { axis: { int: onnxAxis(axis, input.shape.length) } };
  const names = graph.nodes(
    'Split',
    [input.name, graph.int64s(lengths, 'split')],
    attributes,
    lengths.length,
  );
  return names.map((name, index) => ({ ...input, name, shape: input.shape.with(axis, lengths[index]!) }));
}

/** Reorders dimensions. */
export const transpose: Emit = (node, conversion) => {
  const input = conversion.input(node, 0);
  refuseOpen(node, conversion, input);
  const order = [...conversion.constant(node, 1).data].map((axis) => positiveAxis(axis, input.shape.length));
  const from = inTensorFlowOrder(input, conversion);
  const name = conversion.graph.node('Transpose', [from], { perm: { ints: order } });
  const shape = order.map((axis) => input.shape[axis]!);
  return fromTensorFlowOrder(name, shape, input.dtype, conversion);
};

/** Repeats a value along its dimensions. */
export const tile: Emit = (node, conversion) => {
  const input = conversion.input(node, 0);
  const times = conversion.constant(node, 1).data;
  const rank = input.shape.length;
  const repeats = new Array<number>(rank).fill(1);
  for (let axis = 0; axis < rank; axis++) repeats[onnxAxis(axis, rank)] = times[axis]!;
  const name = conversion.graph.node('Tile', [input.name, conversion.graph.int64s(repeats, 'repeats')]);
  return { ...input, name, shape: input.shape.map((length, axis) => length * times[axis]!) };
};

/** Repeats dimensions of length 1 up to a constant shape. */
export const broadcastTo: Emit = (node, conversion) => {
  const input = conversion.input(node, 0);
  refuseOpen(node, conversion, input);
  const shape = [...conversion.constant(node, 1).data];
  const from = inTensorFlowOrder(input, conversion);
  const name = conversion.graph.node('Expand', [from, conversion.graph.int64s(shape, 'shape')]);
  return fromTensorFlowOrder(name, shape, input.dtype, conversion);
};

/** Moves channels into blocks of pixels, in TensorFlow's order (ONNX's DCR). */
export const depthToSpace: Emit = (node, conversion) => {
  const input = conversion.input(node, 0);
  const side = intAttribute(node, 'block_size', 2);
  const attributes = { blocksize: { int: side }, mode: { text: 'DCR' } };
  const [batch, height, width, channels] = input.shape as [number, number, number, number];
  const name = conversion.graph.node('DepthToSpace', [input.name], attributes);
  return { ...input, name, shape: [batch, height * side, width * side, channels / side ** 2] };
};
