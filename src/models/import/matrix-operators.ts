import { activate, channelsFirst } from './activations.js';
import { broadcast } from './arithmetic-operators.js';
import { inputName, refused, type Conversion, type Emit, type Value } from './conversion.js';
import { fromTensorFlowOrder, inTensorFlowOrder, refuseOpen } from './layout.js';
import { flagAttribute, fusedOps, type TfNode } from './tfjs-graph.js';

/** Matrix product, mostly with constant weights, plain or with fused bias and activation. */
export const matrixProduct: Emit = (node, conversion) => {
  if (conversion.constantOf(inputName(node, 1)) === undefined) return batchProduct(node, conversion);
  const { graph } = conversion;
  const input = conversion.input(node, 0);
  if (input.shape.length !== 2) throw refused(node, `its input has rank ${input.shape.length}, not 2`);
  if (flagAttribute(node, 'transpose_a')) throw refused(node, 'it transposes its first input');
  const weights = conversion.constant(node, 1);
  const isTransposed = flagAttribute(node, 'transpose_b');
  const inputs = [input.name, graph.floats(weights.shape, Float32Array.from(weights.data))];
  const fused = fusedOps(node);
  if (fused[0] === 'BiasAdd') inputs.push(channelsFirst(node, conversion, conversion.constant(node, 2), 2));
  const name = graph.node('Gemm', inputs, { transB: { int: isTransposed ? 1 : 0 } });
  const shape = [input.shape[0]!, weights.shape[isTransposed ? 0 : 1]!];
  return activate(
    node,
    conversion,
    { name, shape, dtype: 'float32' },
    fused[0] === 'BiasAdd' ? fused.slice(1) : fused,
  );
};

/** Product of the last two dimensions of both inputs; those before are broadcast. */
export const batchProduct = (node: TfNode, conversion: Conversion): Value => {
  const { graph } = conversion;
  if (fusedOps(node).length > 0)
    throw refused(node, 'something is fused into a product of two computed values');
  const sides = [0, 1].map((index) => {
    const value = conversion.input(node, index);
    refuseOpen(node, conversion, value);
    const rank = value.shape.length;
    if (rank < 2) throw refused(node, `its input ${index} has rank ${rank}`);
    const name = inTensorFlowOrder(value, conversion);
    const isTurned = (index === 0 ? ['adj_x', 'transpose_a'] : ['adj_y', 'transpose_b']).some((key) =>
      flagAttribute(node, key),
    );
    if (!isTurned) return { name, shape: value.shape };
    const order = [...value.shape.keys()];
    order.splice(-2, 2, rank - 1, rank - 2);
    return {
      name: graph.node('Transpose', [name], { perm: { ints: order } }),
      shape: order.map((axis) => value.shape[axis]!),
    };
  });
  const [a, b] = sides as [(typeof sides)[0], (typeof sides)[0]];
  const shape = [...broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2)), a.shape.at(-2)!, b.shape.at(-1)!];
  return fromTensorFlowOrder(graph.node('MatMul', [a.name, b.name]), shape, 'float32', conversion);
};
