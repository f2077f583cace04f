import { AppError } from '../../base/index.js';
import { GraphBuilder } from '../onnx/graph-builder.js';
import { Conversion, type Value } from './conversion.js';
import { FUSABLE } from './convolution-operators.js';
import { OPERATORS } from './operators.js';
import { fusedOps, reachableNodes, textAttribute, type TfGraph, type TfNode } from './tfjs-graph.js';
import { decodeWeights, type TfConstant } from './tfjs-weights.js';

/** A TF.js graph with its weights. */
export interface TfModel {
  readonly graph: TfGraph;
  /** All shards, one behind the other. */
  readonly shards: Uint8Array;
}

/** What to convert of a graph that may hold more. */
export interface ConvertOptions {
  /** Nodes to convert, with everything that they need; all of the signature's by default. */
  readonly outputs?: readonly string[];
  /** Leaves height and width open. */
  readonly dynamicSize?: boolean;
}

/** A graph under construction, with the converted outputs; those of rank 4 lie in NCHW. */
export interface ConvertedGraph {
  readonly builder: GraphBuilder;
  /** In the order of the outputs asked for. */
  readonly outputs: readonly Value[];
}

/**
 * Converts a TF.js graph model into ONNX nodes, fed by `feed`, which is given the only placeholder's shape and makes its value in
 * the graph: NCHW float32 where the rank is 4. Convolutions run in NCHW; exact apart from rounding, but for 1/6 in hard-swish,
 * which float16 weights hold to four digits and ONNX defines.
 *
 * @throws {AppError} `model/import-unsupported` naming every operator that has no counterpart; `model/import-invalid`
 */
export function convertTfjs(
  model: TfModel,
  feed: (builder: GraphBuilder, shape: readonly number[]) => string,
  options: ConvertOptions = {},
): ConvertedGraph {
  const asked = options.outputs ?? model.graph.outputs;
  const nodes = reachableNodes(model.graph, asked);
  refuseUnsupported(nodes);
  const placeholders = nodes.filter((node) => node.op === 'Placeholder');
  const [placeholder] = placeholders;
  if (placeholder === undefined || placeholders.length > 1)
    throw new AppError(
      'model/import-unsupported',
      'input',
      `The model has ${placeholders.length} inputs; one is supported.`,
    );
  const constants: Map<string, TfConstant> = decodeWeights(model.graph.weights, model.shards);
  const builder = new GraphBuilder();
  const conversion = new Conversion({
    graph: builder,
    isDynamic: options.dynamicSize === true,
    source: model.graph,
    constants,
    emitters: OPERATORS,
  });
  const shape = (placeholder.attr?.['shape']?.shape?.dim ?? []).map((dim) => Math.max(1, Number(dim.size)));
  conversion.provide(placeholder.name, { name: feed(builder, shape), shape });
  return { builder, outputs: asked.map((name) => conversion.value(name)) };
}

/**
 * Converts a TF.js graph model as it is: same names, shapes and order of dimensions (NHWC) of its input and outputs.
 *
 * @returns the bytes of an `.onnx` file
 * @throws {AppError} as {@link convertTfjs}
 */
export function importTfjs(model: TfModel, options: ConvertOptions = {}): Uint8Array {
  const asked = options.outputs ?? model.graph.outputs;
  const isOpen = options.dynamicSize === true;
  const dims = (shape: readonly number[]) =>
    isOpen && shape.length === 4 ? [shape[0]!, 'height', 'width', shape[3]!] : shape;
  const feed = (builder: GraphBuilder, shape: readonly number[]) => {
    const name = model.graph.inputs[0] ?? 'input';
    builder.input(name, 'float32', dims(shape));
    return shape.length === 4 ? builder.node('Transpose', [name], { perm: { ints: [0, 3, 1, 2] } }) : name;
  };
  const { builder, outputs } = convertTfjs(model, feed, options);
  outputs.forEach((value, index) => {
    const name = asked[index]!;
    if (value.shape.length === 4)
      builder.node('Transpose', [value.name], { perm: { ints: [0, 2, 3, 1] } }, name);
    else builder.node('Identity', [value.name], {}, name);
    const shape =
      isOpen && value.shape.length === 4
        ? [value.shape[0]!, `${name}_h`, `${name}_w`, value.shape[3]!]
        : value.shape;
    builder.output(name, shape);
  });
  return builder.build('imported');
}

function refuseUnsupported(nodes: readonly TfNode[]): void {
  const refusals = new Map<string, string[]>();
  for (const node of nodes) {
    const what = unsupportedIn(node);
    if (what !== undefined) refusals.set(what, [...(refusals.get(what) ?? []), node.name]);
  }
  if (refusals.size === 0) return;
  const list = [...refusals]
    .map(([what, names]) => `${what} ×${names.length} (${names.join(', ')})`)
    .join('; ');
  throw new AppError(
    'model/import-unsupported',
    'input',
    `These operators have no ONNX counterpart here: ${list}. Ask for outputs that do not need them, or bring an ONNX file.`,
  );
}

function unsupportedIn(node: TfNode): string | undefined {
  if (node.op === 'Placeholder' || node.op === 'Const') return undefined;
  if (OPERATORS[node.op] === undefined) return node.op;
  const fused = fusedOps(node).find((operation) => !FUSABLE.has(operation));
  if (fused !== undefined) return `${node.op} with ${fused}`;
  const layout = textAttribute(node, 'data_format');
  return layout === undefined || layout === 'NHWC' ? undefined : `${node.op} in ${layout}`;
}
