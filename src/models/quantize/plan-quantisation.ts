import type { NodeProto } from '../onnx/gen/onnx_pb.js';
import type { GraphView } from './graph-view.js';
import { textAttribute, wholeAttribute } from './graph-view.js';

/** Which parts of a graph work on int8. Nodes are named by their first output. */
export interface QuantisationPlan {
  readonly nodes: ReadonlySet<string>;
  /** Values that become int8, makers before readers: their ranges must be known. */
  readonly activations: readonly string[];
}

/** Says of a convolution, by its node's name and its output, whether it stays as it is. */
export type KeepFloat = (node: { readonly name: string; readonly output: string }) => boolean;

/** Operators with one input whose output has the scale of its input: they only move values. */
export const MOVING: ReadonlySet<string> = new Set([
  'MaxPool',
  'Resize',
  'Reshape',
  'Transpose',
  'Slice',
  'Split',
  'Flatten',
  'Squeeze',
  'Unsqueeze',
]);
const UNARY: ReadonlySet<string> = new Set([
  'Relu',
  'LeakyRelu',
  'Sigmoid',
  'HardSwish',
  'HardSigmoid',
  'AveragePool',
  'GlobalAveragePool',
]);
const JOINING: ReadonlySet<string> = new Set(['Add', 'Mul', 'Concat']);
/** A picture's channels: a convolution of so few gains nothing, and takes the range of all that follows from raw pixels. */
const PICTURE_CHANNELS = 4;

/**
 * Chooses what works on int8: convolutions with constant weights, and between them the operators that ONNX Runtime has int8
 * kernels for. What lies behind the last convolutions (decoding arithmetic, sigmoid, softmax) stays float.
 */
export function planQuantisation(view: GraphView, keepFloat: KeepFloat = () => false): QuantisationPlan {
  const nodes = new Set<string>();
  const leading = leadsToConvolution(view, keepFloat);
  for (const node of view.graph.node) {
    const output = node.output[0]!;
    if (isQuantisableConv(view, node, keepFloat)) nodes.add(output);
    else if (leading.has(node) && !isKept(node, keepFloat) && fits(view, node, nodes)) nodes.add(output);
  }
  return { nodes, activations: activationsOf(view, nodes) };
}

/** Convolutions that could work on int8, in the graph's order. */
export function quantisableConvs(view: GraphView): NodeProto[] {
  return view.graph.node.filter((node) => isQuantisableConv(view, node, () => false));
}

/** A plan with one convolution alone, and the activation that is fused into it. */
export function planOne(view: GraphView, conv: NodeProto): QuantisationPlan {
  const nodes = new Set([conv.output[0]!]);
  const next = cutOffAfter(view, conv);
  if (next !== undefined) nodes.add(next.output[0]!);
  return { nodes, activations: activationsOf(view, nodes) };
}

function isKept(node: NodeProto, keepFloat: KeepFloat): boolean {
  return keepFloat({ name: node.name, output: node.output[0]! });
}

function isQuantisableConv(view: GraphView, node: NodeProto, keepFloat: KeepFloat): boolean {
  if (node.opType !== 'Conv' || isKept(node, keepFloat)) return false;
  const weights = view.weights.get(node.input[1] ?? '');
  const bias = node.input[2] ?? '';
  const channels = Number(weights?.dims[1] ?? 0) * wholeAttribute(node, 'group', 1);
  return (
    weights?.dims.length === 4 &&
    channels > PICTURE_CHANNELS &&
    view.floats(weights.name) !== undefined &&
    (bias === '' || view.floats(bias) !== undefined)
  );
}

/** Nodes from which a convolution that will be int8 can be reached. */
function leadsToConvolution(view: GraphView, keepFloat: KeepFloat): Set<NodeProto> {
  const leading = new Set<NodeProto>();
  for (const node of [...view.graph.node].reverse()) {
    const leads = node.output.some((value) =>
      view
        .readersOf(value)
        .some((reader) => leading.has(reader) || isQuantisableConv(view, reader, keepFloat)),
    );
    if (leads) leading.add(node);
  }
  return leading;
}

function fits(view: GraphView, node: NodeProto, nodes: ReadonlySet<string>): boolean {
  const isInt8 = (value: string) => nodes.has(view.makerOf(value)?.output[0] ?? '');
  const data = dataInputs(view, node);
  if (MOVING.has(node.opType)) {
    const isMoved = node.opType !== 'Resize' || textAttribute(node, 'mode', 'nearest') === 'nearest';
    return isMoved && isInt8(node.input[0]!);
  }
  if (UNARY.has(node.opType) || node.opType === 'Clip') return isInt8(node.input[0]!);
  return JOINING.has(node.opType) && data.some(isInt8) && joins(view, node);
}

/** Constants that are joined must be float32. */
function joins(view: GraphView, node: NodeProto): boolean {
  return node.input.every((value) => !view.weights.has(value) || view.floats(value) !== undefined);
}

/** A node's inputs that are computed and hold activations. */
export function dataInputs(view: GraphView, node: NodeProto): string[] {
  const candidates = JOINING.has(node.opType) ? node.input : node.input.slice(0, 1);
  return candidates.filter((value) => !view.weights.has(value));
}

/** The activation that a convolution or sum does by saturating: it is read by nobody else, and cuts off at 0. */
export function fusedActivation(
  view: GraphView,
  node: NodeProto,
  nodes: ReadonlySet<string>,
): NodeProto | undefined {
  if (node.opType !== 'Conv' && node.opType !== 'Add') return undefined;
  const next = cutOffAfter(view, node);
  return next !== undefined && nodes.has(next.output[0]!) ? next : undefined;
}

function cutOffAfter(view: GraphView, node: NodeProto): NodeProto | undefined {
  const next = view.onlyReaderOf(node.output[0]!);
  return next?.opType === 'Relu' || (next?.opType === 'Clip' && lowerBound(view, next) === 0)
    ? next
    : undefined;
}

function lowerBound(view: GraphView, clip: NodeProto): number | undefined {
  return clip.input[1] === undefined
    ? clip.attribute.find(({ name }) => name === 'min')?.f
    : view.floats(clip.input[1])?.[0];
}

function activationsOf(view: GraphView, nodes: ReadonlySet<string>): string[] {
  const found = new Set<string>();
  for (const node of view.graph.node) {
    if (!nodes.has(node.output[0]!)) continue;
    for (const value of dataInputs(view, node)) found.add(value);
    if (fusedActivation(view, node, nodes) === undefined) for (const value of node.output) found.add(value);
  }
  // What is fused into its reader never exists as int8.
  for (const node of view.graph.node)
    if (nodes.has(node.output[0]!) && fusedActivation(view, node, nodes) !== undefined)
      found.delete(node.output[0]!);
  return [...found];
}
