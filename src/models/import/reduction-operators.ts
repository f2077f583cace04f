import type { Conversion, Emit, Value } from './conversion.js';
import { cast } from './arithmetic-operators.js';
import { fromTensorFlowOrder, inTensorFlowOrder, onnxAxis, positiveAxis, refuseOpen } from './layout.js';
import { flagAttribute, type TfNode } from './tfjs-graph.js';
import type { Attribute } from '../onnx/graph-builder.js';

/** Mean over some dimensions; over height and width it is a global average pool, which runtimes do best. */
export const mean: Emit = (node, conversion) => {
  const input = conversion.unscaledInput(node, 0);
  const rank = input.shape.length;
  const axes = [...conversion.constant(node, 1).data].map((axis) => positiveAxis(axis, rank));
  const isSpatial = rank === 4 && axes.length === 2 && axes.includes(1) && axes.includes(2);
  if (!isSpatial || input.dtype !== 'float32') return reduction('ReduceMean')(node, conversion);
  const { graph } = conversion;
  const [batch, , , channels] = input.shape as [number, number, number, number];
  const pooled = graph.node('GlobalAveragePool', [input.name]);
  if (flagAttribute(node, 'keep_dims')) return { ...input, name: pooled, shape: [batch, 1, 1, channels] };
  return { ...input, name: graph.node('Flatten', [pooled]), shape: [batch, channels] };
};

/** Sum, extremes, mean or product over constant dimensions. */
export function reduction(operator: string): Emit {
  return (node, conversion) => reduce(operator, node, conversion, conversion.input(node, 0));
}

/** Whether all, or any, of some dimensions are true. */
export function logicalReduction(operator: 'ReduceMin' | 'ReduceMax'): Emit {
  return (node, conversion) => {
    const truths = conversion.input(node, 0);
    const counts: Value = { ...truths, name: cast(truths, 'int32', conversion), dtype: 'int32' };
    const made = reduce(operator, node, conversion, counts);
    return { ...made, name: cast(made, 'bool', conversion), dtype: 'bool' };
  };
}

function reduce(operator: string, node: TfNode, conversion: Conversion, input: Value): Value {
  const { graph } = conversion;
  const rank = input.shape.length;
  const axes = [...conversion.constant(node, 1).data].map((axis) => positiveAxis(axis, rank));
  const keepDims = flagAttribute(node, 'keep_dims');
  if (!keepDims) refuseOpen(node, conversion, input);
  const kept = input.shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
  const shape = keepDims ? kept : input.shape.filter((_, axis) => !axes.includes(axis));
  // No dimension at all is every dimension to ONNX.
  if (axes.length === 0) return input;
  // Dropping dimensions in NCHW would leave the others in another order.
  const isDirect = keepDims || rank !== 4;
  const from = isDirect ? input.name : inTensorFlowOrder(input, conversion);
  const over = isDirect ? axes.map((axis) => onnxAxis(axis, rank)) : axes;
  const attributes: Record<string, Attribute> = { keepdims: { int: keepDims ? 1 : 0 } };
  // Of these, opset 17 has only the sum's dimensions as an input.
  const name =
    operator === 'ReduceSum'
      ? graph.node(operator, [from, graph.int64s(over, 'axes')], attributes)
      : graph.node(operator, [from], { ...attributes, axes: { ints: over } });
  return isDirect ? { ...input, name, shape } : fromTensorFlowOrder(name, shape, input.dtype, conversion);
}

/** Where the greatest or smallest element of a dimension is, the first of equals. */
export function extremeIndex(operator: 'ArgMax' | 'ArgMin'): Emit {
  return (node, conversion) => {
    const input = conversion.input(node, 0);
    refuseOpen(node, conversion, input);
    const axis = positiveAxis(conversion.constant(node, 1).data[0]!, input.shape.length);
    const attributes = { axis: { int: axis }, keepdims: { int: 0 } };
    const found = conversion.graph.node(operator, [inTensorFlowOrder(input, conversion)], attributes);
    return fromTensorFlowOrder(
      cast({ name: found }, 'int32', conversion),
      input.shape.toSpliced(axis, 1),
      'int32',
      conversion,
    );
  };
}

/** The k greatest along the last dimension, in order, and where they are. */
export const topK: Emit = (node, conversion) => {
  const { graph } = conversion;
  const input = conversion.input(node, 0);
  refuseOpen(node, conversion, input);
  const count = conversion.constant(node, 1).data[0]!;
  const inputs = [inTensorFlowOrder(input, conversion), graph.int64s([count], 'k')];
  const [values, indices] = graph.nodes('TopK', inputs, { axis: { int: -1 } }, 2) as [string, string];
  const shape = input.shape.with(-1, count);
  return [
    fromTensorFlowOrder(values, shape, input.dtype, conversion),
    fromTensorFlowOrder(cast({ name: indices }, 'int32', conversion), shape, 'int32', conversion),
  ];
};
