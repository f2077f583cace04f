import { inputName, refused, type Conversion, type Emit, type Value } from './conversion.js';
import type { TfNode } from './tfjs-graph.js';
import type { TfConstant } from './tfjs-weights.js';

/** Operations that TensorFlow may fuse into a convolution or product, behind the bias. */
export const FUSABLE = new Set(['BiasAdd', 'Relu', 'Relu6', 'LeakyRelu', 'Elu', 'Sigmoid', 'Prelu']);

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
  if (constant.shape.length > rank)
    throw refused(node, `a constant of rank ${constant.shape.length} meets one of rank ${rank}`);
  const isPadded = rank === 4 && constant.shape.length > 0;
  const ones = new Array<number>(isPadded ? 4 - constant.shape.length : 0).fill(1);
  return conversion.weights({ ...constant, shape: [...ones, ...constant.shape] }).name;
}

/** Bias over the last dimension. */
export const biasAdd: Emit = (node, conversion) => {
  const input = conversion.input(node, 0);
  const constant = conversion.constantOf(inputName(node, 1));
  if (constant === undefined) throw refused(node, 'its bias is not a constant');
  const bias = channelsFirst(node, conversion, constant, input.shape.length);
  return { ...input, name: conversion.graph.node('Add', [input.name, bias]) };
};
