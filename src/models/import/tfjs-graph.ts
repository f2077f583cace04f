import { AppError, messageOf } from '../../base/index.js';

/** The part of a TensorFlow attribute value (`AttrValue` in JSON form) that graph models use. */
export interface TfAttribute {
  readonly i?: string | number;
  readonly f?: number;
  readonly b?: boolean;
  readonly s?: string;
  readonly type?: string;
  readonly list?: { readonly i?: readonly (string | number)[]; readonly s?: readonly string[] };
  readonly shape?: { readonly dim?: readonly { readonly size: string | number }[] };
}

/** One operator of a TF.js graph model. An input `name:1` names another node's second output; `^name` a control dependency. */
export interface TfNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, TfAttribute>>;
}

/** How one weight lies in the shards; `quantization` where it is stored smaller than `dtype`. */
export interface TfWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: { readonly dtype: string; readonly scale?: number; readonly min?: number };
}

/** A parsed `model.json`. */
export interface TfGraph {
  readonly nodes: ReadonlyMap<string, TfNode>;
  /** In the order in which they lie in the shards. */
  readonly weights: readonly TfWeight[];
  /** File names of the shards, in order, beside `model.json`. */
  readonly shardPaths: readonly string[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

interface Signature {
  readonly inputs?: Readonly<Record<string, { readonly name: string }>>;
  readonly outputs?: Readonly<Record<string, { readonly name: string }>>;
}

interface ModelJson {
  readonly format?: string;
  readonly signature?: Signature;
  readonly userDefinedMetadata?: { readonly signature?: Signature };
  readonly modelTopology?: { readonly node?: readonly TfNode[] };
  readonly weightsManifest?: readonly {
    readonly paths: readonly string[];
    readonly weights: readonly TfWeight[];
  }[];
}

/**
 * Reads the text of a TF.js `model.json`. Inputs and outputs come from its signature, or where it has none from
 * its placeholders and from the nodes that nobody reads.
 *
 * @throws {AppError} `model/import-invalid` when it is not a graph model
 */
export function parseTfGraph(json: string): TfGraph {
  let model: ModelJson;
  try {
    model = JSON.parse(json) as ModelJson;
  } catch (error) {
    throw new AppError('model/import-invalid', 'input', `model.json is not JSON: ${messageOf(error)}`);
  }
  const list = model.modelTopology?.node;
  if (!Array.isArray(list) || model.weightsManifest === undefined)
    throw new AppError(
      'model/import-invalid',
      'input',
      `model.json is not a TF.js graph model (format ${model.format ?? 'unstated'}): ` +
        'modelTopology.node or weightsManifest is missing; layers models must be saved as graph models first.',
    );
  const nodes = new Map((list as TfNode[]).map((node) => [node.name, node]));
  const signature = model.signature ?? model.userDefinedMetadata?.signature;
  const named = (side: Signature['inputs']) =>
    Object.values(side ?? {}).map((tensor) => nodeName(tensor.name));
  const read = new Set([...nodes.values()].flatMap((node) => (node.input ?? []).map(nodeName)));
  const placeholders = [...nodes.values()].filter((node) => node.op === 'Placeholder');
  const ends = [...nodes.values()].filter((node) => !read.has(node.name) && node.op !== 'Placeholder');
  const outputs = named(signature?.outputs).filter((name) => nodes.has(name));
  return {
    nodes,
    weights: model.weightsManifest.flatMap((group) => group.weights),
    shardPaths: model.weightsManifest.flatMap((group) => group.paths),
    inputs: placeholders.map((node) => node.name),
    outputs: outputs.length > 0 ? outputs : ends.map((node) => node.name),
  };
}

/** The node that an input refers to: without the output number and the control mark. */
export function nodeName(reference: string): string {
  return reference.replace(/^\^/, '').replace(/:\d+$/, '');
}

/** Data inputs of a node, without control dependencies. */
export function dataInputs(node: TfNode): readonly string[] {
  return (node.input ?? []).filter((input) => !input.startsWith('^'));
}

/** A string attribute; TF.js stores strings in base64. */
export function textAttribute(node: TfNode, key: string): string | undefined {
  const coded = node.attr?.[key]?.s;
  return coded === undefined ? undefined : Buffer.from(coded, 'base64').toString();
}

/** A list of integers; empty where absent. */
export function intsAttribute(node: TfNode, key: string): number[] {
  return (node.attr?.[key]?.list?.i ?? []).map(Number);
}

/** Names of the operations fused into a node (`BiasAdd`, `Relu`, …), in order. */
export function fusedOps(node: TfNode): string[] {
  return (node.attr?.['fused_ops']?.list?.s ?? []).map((coded) => Buffer.from(coded, 'base64').toString());
}

/** The nodes that `outputs` depend on, in no particular order. */
export function reachableNodes(graph: TfGraph, outputs: readonly string[]): TfNode[] {
  const found = new Map<string, TfNode>();
  const open = outputs.map(nodeName);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    const node = graph.nodes.get(name);
    if (node === undefined)
      throw new AppError(
        'model/import-invalid',
        'input',
        `model.json refers to a node "${name}" that it does not have.`,
      );
    found.set(name, node);
    open.push(...dataInputs(node).map(nodeName));
  }
  return [...found.values()];
}
