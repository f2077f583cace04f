import { refused, type Conversion, type Value } from './conversion.js';
import type { TfNode } from './tfjs-graph.js';

/** Dimension of an NCHW value that holds dimension i of the same value in NHWC. */
const NHWC_TO_NCHW = [0, 2, 3, 1] as const;

/** A dimension, counted from the front. */
export function positiveAxis(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

/** A dimension of a value in the ONNX graph, for one that TensorFlow counts (negative from the end). */
export function onnxAxis(axis: number, rank: number): number {
  const positive = positiveAxis(axis, rank);
  return rank === 4 ? NHWC_TO_NCHW[positive]! : positive;
}

/** Whether a value has sizes that are known only at run time. */
export function isOpen({ isDynamic }: Conversion, { shape }: Value): boolean {
  return isDynamic && shape.length === 4 && shape[1]! * shape[2]! !== 1;
}

/** Refuses an operator that would write the size of a value into the graph, where it is open. */
export function refuseOpen(node: TfNode, conversion: Conversion, value: Value): void {
  if (isOpen(conversion, value))
    throw refused(
      node,
      'it counts on the size of a feature map, which is left open; import with the fixed size',
    );
}

/** A value in TensorFlow's order of dimensions, for operators to which all dimensions are alike. */
export function inTensorFlowOrder({ name, shape }: Value, { graph }: Conversion): string {
  return shape.length === 4 ? graph.node('Transpose', [name], { perm: { ints: [0, 2, 3, 1] } }) : name;
}

/** The value that lies under `name` in TensorFlow's order. */
export function fromTensorFlowOrder(
  name: string,
  shape: readonly number[],
  dtype: Value['dtype'],
  { graph }: Conversion,
): Value {
  if (shape.length !== 4) return { name, shape, dtype };
  return { name: graph.node('Transpose', [name], { perm: { ints: [0, 3, 1, 2] } }), shape, dtype };
}

/** The same elements in another shape. */
export function reshapeTo(
  node: TfNode,
  conversion: Conversion,
  value: Value,
  shape: readonly number[],
): Value {
  refuseOpen(node, conversion, value);
  const { graph } = conversion;
  // With one pixel, or one channel, both orders are the same bytes: a Reshape sees no difference.
  const isMoved = value.shape.length === 4 && value.shape[3] !== 1 && value.shape[1]! * value.shape[2]! !== 1;
  const from = isMoved ? inTensorFlowOrder(value, conversion) : value.name;
  const name = graph.node('Reshape', [from, graph.int64s(shape, 'shape')]);
  return fromTensorFlowOrder(name, shape, value.dtype, conversion);
}
