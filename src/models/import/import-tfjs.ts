import { AppError } from '../../base/index.js';
import { GraphBuilder, type Dim } from '../onnx/graph-builder.js';
import { Conversion, type Value } from './conversion.js';
import { nodesInOrder, type OrderedNode } from './graph-order.js';
import { reportImport, unsupportedText } from './import-report.js';
import { OPERATORS } from './operators.js';
import { nodeName, typeAttribute, type TfGraph, type TfNode } from './tfjs-graph.js';
import { decodeWeights } from './tfjs-weights.js';

/** Nodes at multiples of this depth are converted ahead, so that recursion never goes deeper. */
const DEPTH_STEP = 400;

/** A TF.js graph with its weights. */
export interface TfModel {
  readonly graph: TfGraph;
  /** All shards, one behind the other. */
  readonly shards: Uint8Array;
}

/** What to convert of a graph that may hold more. */
export interface ConvertOptions {
  /** Nodes, or the signature's names of them, to convert with all that they need; all of the signature's by default. */
  readonly outputs?: readonly string[];
  /** Leaves height and width open. */
  readonly dynamicSize?: boolean;
  /** Height and width for inputs of rank 4 that leave them open, px. */
  readonly size?: { readonly widthPx: number; readonly heightPx: number };
}

/** A graph under construction, with the converted outputs; those of rank 4 lie in NCHW. */
export interface ConvertedGraph {
  readonly builder: GraphBuilder;
  /** In the order of the outputs asked for. */
  readonly outputs: readonly Value[];
}

/**
 * Converts a TF.js graph model into ONNX nodes, fed by `feed`, which is given the only placeholder's shape and makes its value in
 * the graph: NCHW float32 where the rank is 4. Convolutions run in NCHW; exact apart from rounding.
 *
 * @throws {AppError} `model/import-unsupported` naming every operator that has no counterpart; `model/import-invalid`;
 *   `model/too-large`
 */
export function convertTfjs(
  model: TfModel,
  feed: (builder: GraphBuilder, shape: readonly number[]) => string,
  options: ConvertOptions = {},
): ConvertedGraph {
  let fed = 0;
  return convert(model, options, (builder, _placeholder, shape) => {
    if (fed++ > 0)
      throw new AppError(
        'model/import-unsupported',
        'input',
        'The model has several inputs; one is expected.',
      );
    return { name: feed(builder, shape), shape, dtype: 'float32' };
  });
}

/**
 * Converts a TF.js graph model as it is: same names, shapes, types and order of dimensions (NHWC) of its inputs and outputs. A
 * batch that is open becomes 1.
 *
 * @returns the bytes of an `.onnx` file
 * @throws {AppError} as {@link convertTfjs}
 */
export function importTfjs(model: TfModel, options: ConvertOptions = {}): Uint8Array {
  const isOpen = options.dynamicSize === true;
  const { builder, outputs } = convert(model, options, (onnx, { name, ...node }, shape) => {
    const dtype = typeAttribute({ name, ...node }, 'dtype');
    const isImage = shape.length === 4;
    const dims: readonly Dim[] = isOpen && isImage ? [shape[0]!, 'height', 'width', shape[3]!] : shape;
    onnx.input(name, dtype, dims);
    const fed = isImage ? onnx.node('Transpose', [name], { perm: { ints: [0, 3, 1, 2] } }) : name;
    return { name: fed, shape, dtype };
  });
  outputNodes(model.graph, options.outputs).forEach((name, index) => {
    const { name: made, shape, dtype } = outputs[index]!;
    if (shape.length === 4) builder.node('Transpose', [made], { perm: { ints: [0, 2, 3, 1] } }, name);
    else builder.node('Identity', [made], {}, name);
    const isSized = !isOpen || shape.length !== 4 || shape[1]! * shape[2]! === 1;
    builder.output(name, isSized ? shape : [shape[0]!, `${name}_h`, `${name}_w`, shape[3]!], dtype);
  });
  return builder.build('imported');
}

/** The nodes that are asked for by their own names or by the signature's. */
export function outputNodes(graph: TfGraph, asked: readonly string[] = graph.outputs): readonly string[] {
  const names = asked.map((name) => {
    const node = graph.outputNames.get(name) ?? name.replace(/:0$/, '');
    if (graph.nodes.has(nodeName(node))) return node;
    const known = [...graph.outputNames.keys(), ...graph.outputs].join(', ');
    throw new AppError(
      'model/import-invalid',
      'input',
      `The model has no output or node "${name}"; its outputs are ${known}.`,
    );
  });
  return [...new Set(names)];
}

type Feed = (builder: GraphBuilder, placeholder: TfNode, shape: readonly number[]) => Value;

function convert(model: TfModel, options: ConvertOptions, feed: Feed): ConvertedGraph {
  const { graph, shards } = model;
  const outputs = outputNodes(graph, options.outputs);
  const { unsupported } = reportImport(graph, options);
  if (unsupported.length > 0)
    throw new AppError(
      'model/import-unsupported',
      'input',
      `These operators have no ONNX counterpart here: ${unsupportedText(unsupported)}. ` +
        'Ask for outputs that do not need them, or bring an ONNX file.',
    );
  const nodes = nodesInOrder(graph, outputs);
  const placeholders = nodes.filter(({ node }) => node.op === 'Placeholder').map(({ node }) => node);
  if (placeholders.length === 0)
    throw new AppError('model/import-unsupported', 'input', 'The outputs depend on no input of the model.');
  const builder = new GraphBuilder();
  const conversion = new Conversion({
    graph: builder,
    isDynamic: options.dynamicSize === true,
    source: graph,
    constants: decodeWeights(graph.weights, shards),
    emitters: OPERATORS,
    outputs,
  });
  for (const placeholder of placeholders)
    conversion.provide(placeholder.name, feed(builder, placeholder, inputShape(placeholder, options)));
  convertAhead(nodes, conversion);
  return { builder, outputs: outputs.map((name) => conversion.value(name)) };
}

function convertAhead(nodes: readonly OrderedNode[], conversion: Conversion): void {
  for (const { node, depth } of nodes)
    if (depth > 0 && depth % DEPTH_STEP === 0 && OPERATORS[node.op] !== undefined)
      conversion.value(node.name);
}

/** The shape that a placeholder is converted for. */
function inputShape(placeholder: TfNode, { size }: ConvertOptions): number[] {
  const dims = (placeholder.attr?.['shape']?.shape?.dim ?? []).map((dim) => Number(dim.size ?? -1));
  const isImage = dims.length === 4;
  return dims.map((length, axis) => {
    if (length > 0) return length;
    if (axis === 0) return 1;
    const given = !isImage ? undefined : axis === 1 ? size?.heightPx : axis === 2 ? size?.widthPx : undefined;
    if (given !== undefined) return given;
    throw new AppError(
      'model/import-unsupported',
      'input',
      `Input "${placeholder.name}" leaves its size open ([${dims.join(', ')}]); ` +
        (isImage
          ? 'say for which size to import it (--size WIDTHxHEIGHT).'
          : 'only batch, height and width may be.'),
    );
  });
}
