import { refused, type Emit, type Value } from './conversion.js';
import { intsAttribute, textAttribute, type TfNode } from './tfjs-graph.js';
import type { Attribute } from '../onnx/graph-builder.js';

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
      dtype: input.dtype,
    };
  };
}

/**
 * Attributes of a window sliding over a feature map, and the map's size behind it. SAME padding is left to the runtime
 * (`SAME_UPPER` puts the odd pixel where TensorFlow does), since it depends on the size of the input.
 */
export function slidingWindow(
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
