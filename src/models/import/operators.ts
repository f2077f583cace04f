import {
  biasAdd,
  channelsFirst,
  clipToSix,
  convolution,
  depthwiseConvolution,
  pooling,
} from './convolution-operators.js';
import { inputName, refused, type Conversion, type Emit, type Value } from './conversion.js';
import { hardSigmoidOf, hardSwishOf } from './hard-activations.js';
import {
  concatenate,
  identity,
  matrixProduct,
  mean,
  pad,
  reshape,
  resizeBilinear,
  squeeze,
} from './shape-operators.js';

/** An operator of one input that both sides name alike. */
function unary(operator: string): Emit {
  return (node, conversion) => {
    const input = conversion.input(node, 0);
    return { name: conversion.graph.node(operator, [input.name]), shape: input.shape };
  };
}

/** An operator of two inputs with broadcasting; at most one is a constant. */
function binary(operator: string): Emit {
  return (node, conversion) => {
    const shapes = [0, 1].map((index) => operandShape(inputName(node, index), conversion));
    const rank = Math.max(shapes[0]!.length, shapes[1]!.length);
    const [a, b] = [0, 1].map((index) => {
      const constant = conversion.constantOf(inputName(node, index));
      if (constant !== undefined) return channelsFirst(node, conversion, constant, rank);
      const value = conversion.input(node, index);
      if (value.shape.length !== rank && rank === 4)
        throw refused(
          node,
          `it broadcasts a computed value of rank ${value.shape.length} against one of rank 4`,
        );
      return value.name;
    });
    return { name: conversion.graph.node(operator, [a!, b!]), shape: broadcast(shapes[0]!, shapes[1]!) };
  };
}

function operandShape(reference: string, conversion: Conversion): readonly number[] {
  return conversion.constantOf(reference)?.shape ?? conversion.value(reference).shape;
}

function broadcast(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  const at = (shape: readonly number[], axis: number) => shape[axis - rank + shape.length] ?? 1;
  return Array.from({ length: rank }, (_, axis) => Math.max(at(a, axis), at(b, axis)));
}

const multiply: Emit = (node, conversion) =>
  hardSwishOf(node, conversion) ?? hardSigmoidOf(node, conversion) ?? binary('Mul')(node, conversion);

/** Relu, moved before a concatenation that it follows, so that it melts into the convolutions there. */
const relu: Emit = (node, conversion) => {
  const source = conversion.nodeOf(inputName(node, 0));
  const isMoved = source?.op === 'ConcatV2' && conversion.readersOf(source).length === 1;
  if (!isMoved) return unary('Relu')(node, conversion);
  return concatenate(source, conversion, (value) => conversion.graph.node('Relu', [value.name]));
};

const relu6: Emit = (node, conversion) => {
  const input = conversion.input(node, 0);
  return { name: clipToSix(conversion, input.name), shape: input.shape };
};

const prelu: Emit = (node, conversion) => {
  const input = conversion.input(node, 0);
  const slopes = channelsFirst(node, conversion, conversion.constant(node, 1), input.shape.length);
  return { name: conversion.graph.node('PRelu', [input.name, slopes]), shape: input.shape };
};

const leakyRelu: Emit = (node, conversion) => {
  const input = conversion.input(node, 0);
  const alpha = { float: node.attr?.['alpha']?.f ?? 0.2 };
  return { name: conversion.graph.node('LeakyRelu', [input.name], { alpha }), shape: input.shape };
};

/** Over the last dimension, which ONNX has second where the rank is 4. */
const softmax: Emit = (node, conversion) => {
  const input = conversion.input(node, 0);
  const axis = { int: input.shape.length === 4 ? 1 : -1 };
  return { name: conversion.graph.node('Softmax', [input.name], { axis }), shape: input.shape };
};

const addN: Emit = (node, conversion) => {
  const values: Value[] = (node.input ?? []).map((_, index) => conversion.input(node, index));
  return {
    name: conversion.graph.node(
      'Sum',
      values.map((value) => value.name),
    ),
    shape: values[0]!.shape,
  };
};

/** How each TensorFlow operator is written in ONNX. What is not here is refused by name. */
export const OPERATORS: Readonly<Record<string, Emit>> = {
  Conv2D: convolution,
  _FusedConv2D: convolution,
  DepthwiseConv2dNative: depthwiseConvolution,
  FusedDepthwiseConv2dNative: depthwiseConvolution,
  BiasAdd: biasAdd,
  MaxPool: pooling('MaxPool'),
  AvgPool: pooling('AveragePool'),
  Mean: mean,
  MatMul: matrixProduct,
  _FusedMatMul: matrixProduct,
  Add: binary('Add'),
  AddV2: binary('Add'),
  AddN: addN,
  Sub: binary('Sub'),
  Mul: multiply,
  RealDiv: binary('Div'),
  Maximum: binary('Max'),
  Minimum: binary('Min'),
  Relu: relu,
  Relu6: relu6,
  Prelu: prelu,
  LeakyRelu: leakyRelu,
  Elu: unary('Elu'),
  Sigmoid: unary('Sigmoid'),
  Tanh: unary('Tanh'),
  Exp: unary('Exp'),
  Sqrt: unary('Sqrt'),
  Neg: unary('Neg'),
  Softmax: softmax,
  ResizeBilinear: resizeBilinear,
  ConcatV2: (node, conversion) => concatenate(node, conversion),
  Reshape: reshape,
  Squeeze: squeeze,
  Pad: pad,
  PadV2: pad,
  Identity: identity,
};
