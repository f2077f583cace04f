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
/**
 * A convolution of so few input channels gains nothing, and costs the most accuracy: those are the first ones, next to the picture,
 * whose few channels differ the most in range.
 */
const FEW_CHANNELS = 16;

/**
 * Chooses what works on int8: convolutions with constant weights, and between them the operators that ONNX Runtime has int8
 * kernels for. What lies behind the last convolutions (decoding arithmetic, sigmoid, softmax) stays float.
 */
export function planQuantisation(view: GraphView, keepFloat: KeepFloat = () => false): QuantisationPlan {
  const nodes = new Set<string>();
  const convs = int8Convs(view, keepFloat);
  const leading = leadsToConvolution(view, convs);
  for (const node of view.graph.node) {
    const output = node.output[0]!;
    if (convs.has(node)) nodes.add(output);
    else if (leading.has(node) && !isKept(node, keepFloat) && fits(view, node, nodes)) nodes.add(output);
  }
  return { nodes, activations: activationsOf(view, nodes) };
}

/** Convolutions that could work on int8, in the graph's order. */
export function quantisableConvs(view: GraphView): NodeProto[] {
  return [...int8Convs(view, () => false)];
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

/**
 * The stem stays float: convolutions of few channels, and those behind them that make their map smaller or narrower, so that what has
 * to be turned into int8 is small.
 */
function int8Convs(view: GraphView, keepFloat: KeepFloat): Set<NodeProto> {
  const found = new Set<NodeProto>();
  const stem = new Set<NodeProto>();
  for (const node of view.graph.node) {
    if (node.opType !== 'Conv') continue;
    const before = convBefore(view, node);
    const isStem =
      inputChannels(view, node) <= FEW_CHANNELS ||
      (before !== undefined && stem.has(before) && reduces(view, node));
    if (isStem) stem.add(node);
    else if (!isKept(node, keepFloat) && hasFloatWeights(view, node)) found.add(node);
  }
  return found;
}

function hasFloatWeights(view: GraphView, { input }: NodeProto): boolean {
  const weights = view.weights.get(input[1] ?? '');
  const bias = input[2] ?? '';
  return (
    weights?.dims.length === 4 &&
    view.floats(weights.name) !== undefined &&
    (bias === '' || view.floats(bias) !== undefined)
  );
}

function inputChannels(view: GraphView, conv: NodeProto): number {
  const weights = view.weights.get(conv.input[1] ?? '');
  return Number(weights?.dims[1] ?? 0) * wholeAttribute(conv, 'group', 1);
}

function reduces(view: GraphView, conv: NodeProto): boolean {
  const strides = conv.attribute.find(({ name }) => name === 'strides')?.ints ?? [];
  const outputs = Number(view.weights.get(conv.input[1] ?? '')?.dims[0] ?? 0);
  return strides.some((stride) => stride > 1n) || outputs < inputChannels(view, conv);
}

/** The convolution that makes what this one reads, an activation between them or not. */
function convBefore(view: GraphView, conv: NodeProto): NodeProto | undefined {
  const maker = view.makerOf(conv.input[0]!);
  if (maker === undefined || maker.opType === 'Conv') return maker;
  const isActivation = UNARY.has(maker.opType) || maker.opType === 'Clip';
  const before = isActivation ? view.makerOf(maker.input[0]!) : undefined;
  return before?.opType === 'Conv' ? before : undefined;
}

/** Nodes from which a convolution that will be int8 can be reached. */
function leadsToConvolution(view: GraphView, convs: ReadonlySet<NodeProto>): Set<NodeProto> {
  const leading = new Set<NodeProto>();
  for (const node of [...view.graph.node].reverse()) {
    const leads = node.output.some((value) =>
      view.readersOf(value).some((reader) => leading.has(reader) || convs.has(reader)),
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
function dataInputs(view: GraphView, node: NodeProto): string[] {
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
