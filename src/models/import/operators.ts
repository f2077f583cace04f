import { biasAdd, channelsFirst, clipToSix } from './activations.js';
import {
  binary,
  castTo,
  clipByValue,
  divide,
  floorDivide,
  floorModulo,
  notEqual,
  reciprocalRoot,
  select,
  square,
  squaredDifference,
  unary,
} from './arithmetic-operators.js';
import { convolution, depthwiseConvolution, transposedConvolution } from './convolution-operators.js';
import { inputName, refused, type Emit, type Value } from './conversion.js';
import { hardSigmoidOf, hardSwishOf } from './hard-activations.js';
import { batchProduct, matrixProduct } from './matrix-operators.js';
import { extremeIndex, logicalReduction, mean, reduction, topK } from './reduction-operators.js';
import { resizeBilinear, resizeNearest } from './resize-operators.js';
import {
  broadcastTo,
  concatenate,
  depthToSpace,
  expandDims,
  identity,
  pack,
  pad,
  reshape,
  split,
  squeeze,
  tile,
  transpose,
  unpack,
} from './shape-operators.js';
import { gather, gatherNd, slice, stridedSlice } from './slice-operators.js';
import { pooling } from './sliding-window.js';
import { flagAttribute } from './tfjs-graph.js';

const multiply: Emit = (node, conversion) => {
  const hard = hardSwishOf(node, conversion) ?? hardSigmoidOf(node, conversion);
  if (hard !== undefined) return hard;
  const references = [0, 1].map((index) => inputName(node, index));
  if (references.some((reference) => conversion.constantOf(reference) !== undefined))
    return binary('Mul')(node, conversion);
  // The product of two values hands their factors on.
  const [a, b] = [0, 1].map((index) => conversion.unscaledInput(node, index)) as [Value, Value];
  const scale = (a.scale ?? 1) * (b.scale ?? 1);
  if (scale === 1 || a.shape.length !== b.shape.length) return binary('Mul')(node, conversion);
  const shape = a.shape.map((length, axis) => Math.max(length, b.shape[axis]!));
  return { name: conversion.graph.node('Mul', [a.name, b.name]), shape, dtype: a.dtype, scale };
};

/** Relu, moved before a concatenation that it follows, so that it melts into the convolutions there. */
const relu: Emit = (node, conversion) => {
  const source = conversion.nodeOf(inputName(node, 0));
  const isMoved =
    source?.op === 'ConcatV2' && conversion.readersOf(source).length === 1 && !conversion.isOutput(source);
  if (!isMoved) return unary('Relu')(node, conversion);
  return concatenate(source, conversion, (value) => conversion.graph.node('Relu', [value.name]));
};

const relu6: Emit = (node, conversion) => {
  const input = conversion.input(node, 0);
  return { ...input, name: clipToSix(conversion, input.name) };
};

const prelu: Emit = (node, conversion) => {
  const input = conversion.input(node, 0);
  const slopes = channelsFirst(node, conversion, conversion.constant(node, 1), input.shape.length);
  return { ...input, name: conversion.graph.node('PRelu', [input.name, slopes]) };
};

const leakyRelu: Emit = (node, conversion) => {
  const input = conversion.input(node, 0);
  const alpha = { float: node.attr?.['alpha']?.f ?? 0.2 };
  return { ...input, name: conversion.graph.node('LeakyRelu', [input.name], { alpha }) };
};

/** Over the last dimension, which ONNX has second where the rank is 4. */
function softmax(operator: 'Softmax' | 'LogSoftmax'): Emit {
  return (node, conversion) => {
    const input = conversion.input(node, 0);
    const axis = { int: input.shape.length === 4 ? 1 : -1 };
    return { ...input, name: conversion.graph.node(operator, [input.name], { axis }) };
  };
}

const addN: Emit = (node, conversion) => {
  const values = (node.input ?? []).map((_, index) => conversion.input(node, index));
  const names = values.map((value) => value.name);
  return { ...values[0]!, name: conversion.graph.node('Sum', names) };
};

/** Batch normalisation with constant statistics. */
const batchNormalisation: Emit = (node, conversion) => {
  const input = conversion.input(node, 0);
  if (flagAttribute(node, 'is_training')) throw refused(node, 'it takes the statistics of the batch');
  if (input.shape.length !== 4) throw refused(node, `its input has rank ${input.shape.length}, not 4`);
  const parts = [1, 2, 3, 4].map((index) => conversion.weights(conversion.constant(node, index)).name);
  const epsilon = { float: node.attr?.['epsilon']?.f ?? 1e-4 };
  return { ...input, name: conversion.graph.node('BatchNormalization', [input.name, ...parts], { epsilon }) };
};

/** How each TensorFlow operator is written in ONNX. What is not here is refused by name. */
export const OPERATORS: Readonly<Record<string, Emit>> = {
  ...{ Conv2D: convolution, _FusedConv2D: convolution },
  ...{ DepthwiseConv2dNative: depthwiseConvolution, FusedDepthwiseConv2dNative: depthwiseConvolution },
  Conv2DBackpropInput: transposedConvolution,
  BiasAdd: biasAdd,
  ...{ FusedBatchNorm: batchNormalisation, FusedBatchNormV2: batchNormalisation },
  FusedBatchNormV3: batchNormalisation,
  ...{ MaxPool: pooling('MaxPool'), AvgPool: pooling('AveragePool') },
  ...{ MatMul: matrixProduct, _FusedMatMul: matrixProduct },
  ...{ BatchMatMul: batchProduct, BatchMatMulV2: batchProduct },

  ...{ Add: binary('Add'), AddV2: binary('Add'), AddN: addN, Sub: binary('Sub'), Mul: multiply },
  ...{ RealDiv: divide, Div: divide, FloorDiv: floorDivide, FloorMod: floorModulo, Mod: floorModulo },
  ...{ Maximum: binary('Max'), Minimum: binary('Min'), Pow: binary('Pow') },
  SquaredDifference: squaredDifference,
  ...{ Equal: binary('Equal', 'bool'), NotEqual: notEqual },
  ...{ Greater: binary('Greater', 'bool'), GreaterEqual: binary('GreaterOrEqual', 'bool') },
  ...{ Less: binary('Less', 'bool'), LessEqual: binary('LessOrEqual', 'bool') },
  ...{ LogicalAnd: binary('And'), LogicalOr: binary('Or'), LogicalNot: unary('Not') },
  ...{ Select: select, SelectV2: select, ClipByValue: clipByValue, Cast: castTo },

  ...{ Relu: relu, Relu6: relu6, Prelu: prelu, LeakyRelu: leakyRelu, Elu: unary('Elu'), Selu: unary('Selu') },
  ...{ Sigmoid: unary('Sigmoid'), Tanh: unary('Tanh'), Softplus: unary('Softplus'), Erf: unary('Erf') },
  ...{ Softmax: softmax('Softmax'), LogSoftmax: softmax('LogSoftmax') },
  ...{ Exp: unary('Exp'), Log: unary('Log'), Sqrt: unary('Sqrt'), Rsqrt: reciprocalRoot, Square: square },
  ...{ Neg: unary('Neg'), Abs: unary('Abs'), Sign: unary('Sign'), Reciprocal: unary('Reciprocal') },
  ...{
    Floor: unary('Floor'),
    Ceil: unary('Ceil'),
    Round: unary('Round'),
    Sin: unary('Sin'),
    Cos: unary('Cos'),
  },

  ...{ Mean: mean, Sum: reduction('ReduceSum'), Prod: reduction('ReduceProd') },
  ...{ Max: reduction('ReduceMax'), Min: reduction('ReduceMin') },
  ...{ All: logicalReduction('ReduceMin'), Any: logicalReduction('ReduceMax') },
  ...{ ArgMax: extremeIndex('ArgMax'), ArgMin: extremeIndex('ArgMin'), TopKV2: topK },

  ...{ ResizeBilinear: resizeBilinear, ResizeNearestNeighbor: resizeNearest, DepthToSpace: depthToSpace },
  ...{ Reshape: reshape, Squeeze: squeeze, ExpandDims: expandDims, Transpose: transpose },
  ...{ ConcatV2: (node, conversion) => concatenate(node, conversion), Pack: pack, Unpack: unpack },
  ...{ Split: split, SplitV: split, Slice: slice, StridedSlice: stridedSlice },
  ...{ GatherV2: gather, Gather: gather, GatherNd: gatherNd, Tile: tile, BroadcastTo: broadcastTo },
  ...{ Pad: pad, PadV2: pad, MirrorPad: pad },
  ...{ Identity: identity, StopGradient: identity, Snapshot: identity },
};

/** Operators that are never written themselves: inputs, constants, and what must follow from constants. */
export const WITHOUT_COUNTERPART: ReadonlySet<string> = new Set([
  'Placeholder',
  'Const',
  'Shape',
  'Fill',
  'Range',
]);
