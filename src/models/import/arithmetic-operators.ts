import { channelsFirst } from './activations.js';
import { inputName, refused, type Conversion, type Emit, type Value } from './conversion.js';
import { reshapeTo } from './layout.js';
import { typeAttribute, type TfNode, type TfType } from './tfjs-graph.js';
import type { TfConstant } from './tfjs-weights.js';
import { typeNumber } from '../onnx/graph-builder.js';

/** ONNX's number of the type double, for Cast. */
const DOUBLE = 11;

/** An operator of one input that both sides name alike. */
export function unary(operator: string): Emit {
  return (node, conversion) => {
    const input = conversion.input(node, 0);
    return { ...input, name: conversion.graph.node(operator, [input.name]) };
  };
}

/** The operands of an operator with broadcasting, of one type and ready to meet in ONNX. */
interface Operands {
  readonly names: readonly string[];
  readonly shape: readonly number[];
  readonly dtype: TfType;
}

/** An operator of two inputs with broadcasting. */
function ofTwo(make: (operands: Operands, conversion: Conversion) => Value): Emit {
  return (node, conversion) => make(operands(node, conversion, [0, 1]), conversion);
}

/** An operator of two inputs that both sides have; the result has the inputs' type, or the one given. */
export function binary(operator: string, result?: TfType): Emit {
  return ofTwo(({ names, shape, dtype }, { graph }) => ({
    name: graph.node(operator, names),
    shape,
    dtype: result ?? dtype,
  }));
}

function operands(node: TfNode, conversion: Conversion, indices: readonly number[]): Operands {
  const parts = indices.map((index) => {
    const reference = inputName(node, index);
    const constant = conversion.constantOf(reference);
    return constant ?? conversion.value(reference);
  });
  const rank = Math.max(...parts.map((part) => part.shape.length));
  const dtype = parts.every((part) => part.dtype === parts[0]!.dtype) ? parts[0]!.dtype : 'float32';
  const names = parts.map((part) => {
    if ('data' in part) return channelsFirst(node, conversion, inType(part, dtype), rank);
    const aligned = part.shape.length > 0 && part.shape.length < rank && rank === 4;
    const ones = new Array<number>(rank - part.shape.length).fill(1);
    const value = aligned ? reshapeTo(node, conversion, part, [...ones, ...part.shape]) : part;
    return value.dtype === dtype ? value.name : cast(value, dtype, conversion);
  });
  return { names, dtype, shape: parts.map((part) => part.shape).reduce(broadcast) };
}

function inType(constant: TfConstant, dtype: TfType): TfConstant {
  if (constant.dtype === dtype || dtype !== 'float32') return constant;
  return { ...constant, dtype, data: Float32Array.from(constant.data) };
}

/** The shape of what two shapes give together. */
export function broadcast(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  const at = (shape: readonly number[], axis: number) => shape[axis - rank + shape.length] ?? 1;
  return Array.from({ length: rank }, (_, axis) => Math.max(at(a, axis), at(b, axis)));
}

/** A constant of rank 0. */
export function scalar(dtype: TfType, value: number): TfConstant {
  return { shape: [], dtype, data: dtype === 'float32' ? Float32Array.of(value) : Int32Array.of(value) };
}

/** Converts elements to another type, towards zero; every other than 0 is true. */
export function cast({ name }: Pick<Value, 'name'>, to: TfType, { graph }: Conversion): string {
  return graph.node('Cast', [name], { to: { int: typeNumber(to) } });
}

/** The name of a value as float32. */
export function inFloat(value: Value, conversion: Conversion): string {
  return value.dtype === 'float32' ? value.name : cast(value, 'float32', conversion);
}

/** Cast to the type that the node names. */
export const castTo: Emit = (node, conversion) => {
  const input = conversion.input(node, 0);
  const dtype = typeAttribute(node, 'DstT');
  return dtype === input.dtype ? input : { ...input, name: cast(input, dtype, conversion), dtype };
};

/** Division rounded down, which ONNX rounds towards zero; doubles hold all of int32. */
const dividedDown = ({ names, shape, dtype }: Operands, conversion: Conversion): Value => {
  const { graph } = conversion;
  if (dtype === 'float32') return { name: graph.node('Floor', [graph.node('Div', names)]), shape, dtype };
  const doubles = names.map((name) => graph.node('Cast', [name], { to: { int: DOUBLE } }));
  const floored = graph.node('Floor', [graph.node('Div', doubles)]);
  return { name: cast({ name: floored }, 'int32', conversion), shape, dtype: 'int32' };
};

/** Division rounded down. */
export const floorDivide: Emit = ofTwo(dividedDown);

/** Division, which TF.js rounds down between whole numbers. */
export const divide: Emit = ofTwo((operands, conversion) => {
  const { names, shape, dtype } = operands;
  if (dtype === 'int32') return dividedDown(operands, conversion);
  return { name: conversion.graph.node('Div', names), shape, dtype };
});

/** What a division rounded down leaves, with the divisor's sign. */
export const floorModulo: Emit = ofTwo(({ names, shape, dtype }, { graph }) => {
  if (dtype !== 'float32') return { name: graph.node('Mod', names), shape, dtype };
  const times = graph.node('Floor', [graph.node('Div', names)]);
  return { name: graph.node('Sub', [names[0]!, graph.node('Mul', [times, names[1]!])]), shape, dtype };
});

/** (a − b)². */
export const squaredDifference: Emit = ofTwo(({ names, shape, dtype }, { graph }) => {
  const difference = graph.node('Sub', names);
  return { name: graph.node('Mul', [difference, difference]), shape, dtype };
});

/** Whether two differ. */
export const notEqual: Emit = ofTwo(({ names, shape }, { graph }) => ({
  name: graph.node('Not', [graph.node('Equal', names)]),
  shape,
  dtype: 'bool',
}));

/** x². */
export const square: Emit = (node, conversion) => {
  const input = conversion.input(node, 0);
  return { ...input, name: conversion.graph.node('Mul', [input.name, input.name]) };
};

/** 1 / √x. */
export const reciprocalRoot: Emit = (node, conversion) => {
  const { graph } = conversion;
  const input = conversion.input(node, 0);
  return { ...input, name: graph.node('Reciprocal', [graph.node('Sqrt', [input.name])]) };
};

/** Limits to constants. */
export const clipByValue: Emit = (node, conversion) => {
  const input = conversion.input(node, 0);
  const limits = [1, 2].map(
    (index) => conversion.weights(scalar(input.dtype, conversion.constant(node, index).data[0]!)).name,
  );
  return { ...input, name: conversion.graph.node('Clip', [input.name, ...limits]) };
};

/** Elements of the second or third input, as the first says. */
export const select: Emit = (node, conversion) => {
  const condition = conversion.input(node, 0);
  const shapes = [1, 2].map((index) => conversion.input(node, index).shape);
  const isPlain = [condition.shape, ...shapes].every((shape) => shape.join() === condition.shape.join());
  // Select, unlike SelectV2, broadcasts a condition from the first dimension on.
  if (node.op === 'Select' && !isPlain && condition.shape.length > 0)
    throw refused(node, 'its condition has another shape than its values');
  const { names, shape, dtype } = operands(node, conversion, [1, 2]);
  if (dtype === 'bool') throw refused(node, 'it selects between truth values');
  const rank = Math.max(shape.length, condition.shape.length);
  if (rank === 4 && condition.shape.length !== 4 && condition.shape.length > 0)
    throw refused(node, `its condition has rank ${condition.shape.length} and its values rank 4`);
  if (rank === 4 && shape.length !== 4 && shape.length > 0) {
    throw refused(node, `its values have rank ${shape.length} and its condition rank 4`);
  }
  const name = conversion.graph.node('Where', [condition.name, ...names]);
  return { name, shape: broadcast(condition.shape, shape), dtype };
};
