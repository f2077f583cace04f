import { clone, create } from '@bufbuild/protobuf';
import {
  TensorProto_DataType as DataType,
  TensorProtoSchema,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
} from '../onnx/gen/onnx_pb.js';
import { makeWeightsConstant } from '../onnx/constant-weights.js';
import { GraphView, floatsOf, realAttribute } from './graph-view.js';

/**
 * Makes a graph's weights what the runtime will work with: `Constant` nodes become weights, `Identity` disappears, and batch
 * normalisation is folded into the convolution before it. The runtime does the same to a float model when it opens it, but
 * cannot once weights are int8; quantised before, they would be the wrong ones.
 */
export function foldGraph(model: ModelProto): void {
  const graph = model.graph!;
  makeWeightsConstant(model);
  constantsToWeights(graph);
  dropIdentities(graph);
  foldBatchNorms(graph);
}

function constantsToWeights(graph: GraphProto): void {
  graph.node = graph.node.filter((node) => {
    const value =
      node.opType === 'Constant' ? node.attribute.find(({ name }) => name === 'value')?.t : undefined;
    if (value === undefined) return true;
    const weights = clone(TensorProtoSchema, value);
    weights.name = node.output[0]!;
    graph.initializer.push(weights);
    return false;
  });
}

function dropIdentities(graph: GraphProto): void {
  const outputs = new Set(graph.output.map(({ name }) => name));
  const sources = new Map<string, string>();
  const sourceOf = (name: string): string => sources.get(name) ?? name;
  graph.node = graph.node.filter((node) => {
    node.input = node.input.map(sourceOf);
    const [made] = node.output;
    if (node.opType !== 'Identity' || made === undefined || outputs.has(made)) return true;
    sources.set(made, node.input[0]!);
    return false;
  });
}

function foldBatchNorms(graph: GraphProto): void {
  const view = new GraphView(graph);
  const dropped = new Set<NodeProto>();
  for (const conv of graph.node) {
    if (conv.opType !== 'Conv') continue;
    const next = view.onlyReaderOf(conv.output[0]!);
    if (next?.opType !== 'BatchNormalization' || next.input[0] !== conv.output[0]) continue;
    if (!foldInto(view, conv, next)) continue;
    conv.output = [next.output[0]!];
    dropped.add(next);
  }
  graph.node = graph.node.filter((node) => !dropped.has(node));
}

/** γ·(W∗x + b − mean)/√(var + ε) + β is a convolution with scaled weights and another bias. */
function foldInto(view: GraphView, conv: NodeProto, norm: NodeProto): boolean {
  const weights = view.weights.get(conv.input[1] ?? '');
  const [gamma, beta, mean, variance] = norm.input.slice(1).map((name) => view.floats(name));
  const isKnown = gamma !== undefined && beta !== undefined && mean !== undefined && variance !== undefined;
  if (weights?.dataType !== DataType.FLOAT || !isKnown) return false;
  const before = conv.input[2] === undefined || conv.input[2] === '' ? undefined : view.floats(conv.input[2]);
  if (conv.input[2] !== undefined && conv.input[2] !== '' && before === undefined) return false;
  const epsilon = realAttribute(norm, 'epsilon', 1e-5);
  const gain = gamma.map((value, channel) => value / Math.sqrt(variance[channel]! + epsilon));
  const data = floatsOf(weights);
  const perChannel = data.length / gain.length;
  for (let at = 0; at < data.length; at++) data[at]! *= gain[Math.floor(at / perChannel)]!;
  const bias = beta.map(
    (value, channel) => value + ((before?.[channel] ?? 0) - mean[channel]!) * gain[channel]!,
  );
  const stem = conv.output[0]!;
  view.graph.initializer.push(
    floatTensor(`${stem}_folded_weights`, weights.dims.map(Number), data),
    floatTensor(`${stem}_folded_bias`, [bias.length], bias),
  );
  conv.input = [conv.input[0]!, `${stem}_folded_weights`, `${stem}_folded_bias`];
  return true;
}

/** A float32 weight. */
function floatTensor(name: string, dims: readonly number[], data: Float32Array): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dataType: DataType.FLOAT,
    dims: dims.map(BigInt),
    rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  });
}

/** Removes weights that nothing reads any more. */
export function dropUnusedWeights(graph: GraphProto): void {
  const read = new Set([
    ...graph.node.flatMap(({ input }) => input),
    ...graph.output.map(({ name }) => name),
  ]);
  graph.initializer = graph.initializer.filter(({ name }) => read.has(name));
}
