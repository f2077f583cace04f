import {
  refused,
  inputName,
  permute,
  type FloatConstant,
  type Conversion,
  type Emit,
  type Value,
} from './conversion.js';
import { fusedOps, intsAttribute, textAttribute, type TfNode } from './tfjs-graph.js';
import type { TfConstant } from './tfjs-weights.js';
import type { Attribute } from '../onnx/graph-builder.js';

/** Operations that TensorFlow may fuse into a convolution or product, behind the bias. */
export const FUSABLE = new Set(['BiasAdd', 'Relu', 'Relu6', 'LeakyRelu', 'Elu', 'Sigmoid', 'Prelu']);

/** Channel counts that are no multiple of this keep ONNX Runtime from its blocked kernels, which are several times faster. */
const CHANNEL_MULTIPLE = 4;

/** Conv2D and its fused form: HWIO weights become OIHW. */
export const convolution: Emit = (node, conversion) => {
  const kernel = conversion.constant(node, 1);
  const input = conversion.input(node, 0);
  const channels = kernel.shape[3]!;
  const groups = input.shape[3]! / kernel.shape[2]!;
  const inputs = groups === 1 ? (input.storedChannels ?? kernel.shape[2]!) : kernel.shape[2]!;
  const outputs = groups === 1 && mayPad(node, conversion) ? roundUp(channels) : channels;
  const weights = withChannels(permute(kernel, [3, 2, 0, 1]), outputs, inputs);
  return convolve(node, conversion, { input, weights, groups, channels });
};

/** Depthwise convolution: weights [h, w, channels, multiplier] become [channels × multiplier, 1, h, w], one group per channel. */
export const depthwiseConvolution: Emit = (node, conversion) => {
  const input = conversion.input(node, 0);
  const moved = permute(conversion.constant(node, 1), [2, 3, 0, 1]);
  const [inputs, multiplier, height, width] = moved.shape as [number, number, number, number];
  const channels = inputs * multiplier;
  const flat = { shape: [channels, 1, height, width], data: moved.data };
  const groups = input.storedChannels ?? inputs;
  return convolve(node, conversion, {
    input,
    weights: withChannels(flat, groups * multiplier, 1),
    groups,
    channels,
  });
};

/**
 * Whether a node's output may carry further channels: all its readers must be convolutions, which give them zero
 * weights, so that their content does not matter.
 */
function mayPad(node: TfNode, conversion: Conversion): boolean {
  const readers = conversion.readersOf(node);
  return (
    readers.length > 0 &&
    !fusedOps(node).includes('Prelu') &&
    readers.every((reader) => {
      if (CHANNEL_MIXING.has(reader.op)) return true;
      const isDepthwise = DEPTHWISE.has(reader.op) && conversion.constant(reader, 1).shape[3] === 1;
      return isDepthwise && mayPad(reader, conversion);
    })
  );
}

const CHANNEL_MIXING = new Set(['Conv2D', '_FusedConv2D']);
const DEPTHWISE = new Set(['DepthwiseConv2dNative', 'FusedDepthwiseConv2dNative']);

function roundUp(channels: number): number {
  return Math.ceil(channels / CHANNEL_MULTIPLE) * CHANNEL_MULTIPLE;
}

interface Convolution {
  readonly input: Value;
  readonly weights: FloatConstant;
  readonly groups: number;
  /** Output channels without padding. */
  readonly channels: number;
}

function convolve(
  node: TfNode,
  conversion: Conversion,
  { input, weights, groups, channels }: Convolution,
): Value {
  const { graph } = conversion;
  const fused = fusedOps(node);
  const storedChannels = weights.shape[0]!;
  const inputs = [input.name, graph.floats(weights.shape, weights.data)];
  if (fused[0] === 'BiasAdd') {
    const bias = new Float32Array(storedChannels);
    bias.set(conversion.constant(node, 2).data);
    inputs.push(graph.floats([storedChannels], bias, 'bias'));
  }
  const kernel = weights.shape.slice(2);
  const window = slidingWindow(node, input, kernel, intsAttribute(node, 'dilations').slice(1, 3));
  const name = graph.node('Conv', inputs, { ...window.attributes, group: { int: groups } });
  const shape = [input.shape[0]!, ...window.size, channels];
  const value = { name, shape, ...(storedChannels > channels && { storedChannels }) };
  return activate(node, conversion, value, fused[0] === 'BiasAdd' ? fused.slice(1) : fused);
}

/** OIHW weights with zeros for further channels. */
function withChannels(weights: FloatConstant, outputs: number, inputs: number): FloatConstant {
  const [fromOutputs, fromInputs, height, width] = weights.shape as [number, number, number, number];
  if (fromOutputs === outputs && fromInputs === inputs) return weights;
  const area = height * width;
  const data = new Float32Array(outputs * inputs * area);
  for (let output = 0; output < fromOutputs; output++) {
    const at = output * fromInputs * area;
    data.set(weights.data.subarray(at, at + fromInputs * area), output * inputs * area);
  }
  return { shape: [outputs, inputs, height, width], data };
}

/** Applies what is fused into a node behind its bias. */
export function activate(
  node: TfNode,
  conversion: Conversion,
  value: Value,
  fused: readonly string[],
): Value {
  return fused.reduce(
    (from, operation) => ({ ...from, name: activation(node, conversion, from, operation) }),
    value,
  );
}

function activation(node: TfNode, conversion: Conversion, from: Value, operation: string): string {
  const { graph } = conversion;
  switch (operation) {
    case 'Relu6':
      return clipToSix(conversion, from.name);
    case 'LeakyRelu':
      return graph.node('LeakyRelu', [from.name], {
        alpha: { float: node.attr?.['leakyrelu_alpha']?.f ?? 0.2 },
      });
    case 'Prelu': {
      // The slopes are the fused node's last input, behind the bias.
      const slopes = conversion.constant(node, 3);
      return graph.node('PRelu', [from.name, channelsFirst(node, conversion, slopes, from.shape.length)]);
    }
    default: // Relu, Elu, Sigmoid: named alike in both
      return graph.node(operation, [from.name]);
  }
}

/** min(max(x, 0), 6). */
export function clipToSix({ graph }: Conversion, from: string): string {
  return graph.node('Clip', [
    from,
    graph.floats([], Float32Array.of(0)),
    graph.floats([], Float32Array.of(6)),
  ]);
}

/** Max and average pooling. TensorFlow's average leaves padding out of the count, as ONNX does by default. */
export function pooling(operator: 'MaxPool' | 'AveragePool'): Emit {
  return (node, conversion) => {
    const input = conversion.input(node, 0);
    const kernel = intsAttribute(node, 'ksize').slice(1, 3);
    const window = slidingWindow(node, input, kernel, []);
    const { dilations: _, ...attributes } = window.attributes;
    return {
      name: conversion.graph.node(operator, [input.name], attributes),
      shape: [input.shape[0]!, ...window.size, input.shape[3]!],
    };
  };
}

/**
 * Attributes of a window sliding over a feature map, and the map's size behind it. SAME padding is left to the runtime
 * (`SAME_UPPER` puts the odd pixel where TensorFlow does), since it depends on the size of the input.
 */
function slidingWindow(
  node: TfNode,
  input: Value,
  kernel: readonly number[],
  dilationsOrNone: readonly number[],
): { attributes: Record<string, Attribute>; size: number[] } {
  const strides = intsAttribute(node, 'strides').slice(1, 3);
  const dilations = dilationsOrNone.length === 2 ? dilationsOrNone : [1, 1];
  const padding = textAttribute(node, 'padding');
  const attributes: Record<string, Attribute> = {
    kernel_shape: { ints: kernel },
    strides: { ints: strides },
    dilations: { ints: dilations },
  };
  const reach = kernel.map((length, axis) => (length - 1) * dilations[axis]! + 1);
  const sizeWith = (padded: (axis: number) => number) =>
    strides.map(
      (stride, axis) => Math.floor((input.shape[axis + 1]! + padded(axis) - reach[axis]!) / stride) + 1,
    );
  switch (padding ?? 'unstated') {
    case 'SAME':
      if (reach.every((length) => length === 1)) return { attributes, size: sizeWith(() => 0) };
      return {
        attributes: { ...attributes, auto_pad: { text: 'SAME_UPPER' } },
        size: strides.map((stride, axis) => Math.ceil(input.shape[axis + 1]! / stride)),
      };
    case 'VALID':
      return { attributes, size: sizeWith(() => 0) };
    case 'EXPLICIT': {
      const pads = intsAttribute(node, 'explicit_paddings').slice(2, 6) as [number, number, number, number];
      const [top, bottom, left, right] = pads;
      return {
        attributes: { ...attributes, pads: { ints: [top, left, bottom, right] } },
        size: sizeWith((axis) => pads[axis * 2]! + pads[axis * 2 + 1]!),
      };
    }
    default:
      throw refused(node, `its padding is ${padding ?? 'not stated'}`);
  }
}

/**
 * A constant as weights that broadcast against a computed value of `rank` as TensorFlow would, whose last dimension (the
 * channels) ONNX has second.
 */
export function channelsFirst(
  node: TfNode,
  conversion: Conversion,
  constant: TfConstant,
  rank: number,
): string {
  const { graph } = conversion;
  const data = Float32Array.from(constant.data);
  if (rank !== 4 || constant.shape.length === 0) return graph.floats(constant.shape, data);
  if (constant.shape.length > 4)
    throw refused(node, `a constant of rank ${constant.shape.length} meets one of rank 4`);
  const padded = [...new Array<number>(4 - constant.shape.length).fill(1), ...constant.shape];
  const moved = permute({ shape: padded, data }, [0, 3, 1, 2]);
  return graph.floats(moved.shape, moved.data);
}

/** Bias over the last dimension. */
export const biasAdd: Emit = (node, conversion) => {
  const input = conversion.input(node, 0);
  const constant = conversion.constantOf(inputName(node, 1));
  if (constant === undefined) throw refused(node, 'its bias is not a constant');
  const bias = channelsFirst(node, conversion, constant, input.shape.length);
  return { name: conversion.graph.node('Add', [input.name, bias]), shape: input.shape };
};
