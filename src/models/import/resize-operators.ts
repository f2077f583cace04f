import { type Conversion, type Emit, type Value } from './conversion.js';
import { inFloat } from './arithmetic-operators.js';
import { flagAttribute, type TfNode } from './tfjs-graph.js';
import type { Attribute } from '../onnx/graph-builder.js';

/** Bilinear resize; with open height and width, by the factor that it has at the nominal size. */
export const resizeBilinear: Emit = (node, conversion) =>
  resize(node, conversion, {
    mode: { text: 'linear' },
    coordinate_transformation_mode: { text: pixelRule(node) },
  });

/** Resize to the nearest pixel, which TensorFlow rounds up at halves, or down where corners are not aligned. */
export const resizeNearest: Emit = (node, conversion) => {
  const rule = pixelRule(node);
  return resize(node, conversion, {
    mode: { text: 'nearest' },
    coordinate_transformation_mode: { text: rule },
    nearest_mode: { text: rule === 'asymmetric' ? 'floor' : 'round_prefer_ceil' },
  });
};

function pixelRule(node: TfNode): string {
  if (flagAttribute(node, 'align_corners')) return 'align_corners';
  return flagAttribute(node, 'half_pixel_centers') ? 'half_pixel' : 'asymmetric';
}

function resize(node: TfNode, conversion: Conversion, attributes: Record<string, Attribute>): Value {
  const { graph } = conversion;
  const input = conversion.input(node, 0);
  const [rows, columns] = [...conversion.constant(node, 1).data] as [number, number];
  const [batch, height, width, channels] = input.shape as [number, number, number, number];
  const target = conversion.isDynamic
    ? [graph.floats([4], Float32Array.of(1, 1, rows / height, columns / width), 'scales')]
    : ['', graph.int64s([batch, channels, rows, columns], 'sizes')];
  const name = graph.node('Resize', [inFloat(input, conversion), '', ...target], attributes);
  return { name, shape: [batch, rows, columns, channels], dtype: 'float32' };
}
