import { AppError } from '../../base/index.js';
import { damaged, parseModelJson } from './model-json.js';

/** The part of a TensorFlow attribute value (`AttrValue` in JSON form) that graph models use. */
export interface TfAttribute {
  readonly i?: string | number;
  readonly f?: number;
  readonly b?: boolean;
  readonly s?: string;
  readonly type?: string;
  readonly list?: { readonly i?: readonly (string | number)[]; readonly s?: readonly string[] };
  readonly shape?: { readonly dim?: readonly { readonly size?: string | number }[] };
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
  /** Node names, with `:1` and so on for a node's further outputs. */
  readonly outputs: readonly string[];
  /** The same by the names that the signature gives them; empty where there is no signature. */
  readonly outputNames: ReadonlyMap<string, string>;
}

/**
 * Checks and reads a parsed `model.json`. Inputs are its placeholders; outputs come from its signature, or where it has none
 * are the nodes that nobody reads.
 *
 * @throws {AppError} `model/import-invalid` when it is damaged or no TF.js model; `model/import-unsupported` for a layers model
 */
export function parseTfGraph(json: string): TfGraph {
  const model = parseModelJson(json);
  const nodes = new Map<string, TfNode>();
  for (const node of model.modelTopology.node) {
    if (nodes.has(node.name)) throw damaged(`two nodes are named "${node.name}"`);
    nodes.set(node.name, node);
  }
  const signature = model.signature ?? model.userDefinedMetadata?.signature;
  const outputNames = new Map(
    Object.entries(signature?.outputs ?? {})
      .map(([key, { name }]) => [key, name.replace(/:0$/, '')] as const)
      .filter(([, name]) => nodes.has(nodeName(name))),
  );
  const read = new Set([...nodes.values()].flatMap((node) => (node.input ?? []).map(nodeName)));
  const ends = [...nodes.values()].filter(
    (node) => !read.has(node.name) && node.op !== 'Placeholder' && node.op !== 'Const' && node.op !== 'NoOp',
  );
  return {
    nodes,
    weights: model.weightsManifest.flatMap((group) => group.weights),
    shardPaths: model.weightsManifest.flatMap((group) => group.paths),
    inputs: [...nodes.values()].filter((node) => node.op === 'Placeholder').map((node) => node.name),
    outputs: outputNames.size > 0 ? [...outputNames.values()] : ends.map((node) => node.name),
    outputNames,
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

/** Which of a node's outputs an input refers to. */
export function outputIndex(reference: string): number {
  return Number(/:(\d+)$/.exec(reference)?.[1] ?? 0);
}

/** A whole number; `absent` where there is none. */
export function intAttribute(node: TfNode, key: string, absent: number): number {
  return Number(node.attr?.[key]?.i ?? absent);
}

/** A flag; false where absent. */
export function flagAttribute(node: TfNode, key: string): boolean {
  return node.attr?.[key]?.b === true;
}

/** The type that TF.js gives an attribute's `DT_…`: it has three, and reads all integers as int32. */
export function typeAttribute(node: TfNode, key: string): TfType {
  const name = node.attr?.[key]?.type ?? 'DT_FLOAT';
  const type = TYPES[name];
  if (type !== undefined) return type;
  throw new AppError(
    'model/import-unsupported',
    'input',
    `Cannot import node "${node.name}" (${node.op}): its type is ${name}; floats, integers and bool are supported.`,
  );
}

/** The element types of TF.js that we convert. */
export type TfType = 'float32' | 'int32' | 'bool';

/** By name, and by number as some converters write them. */
const TYPES: Readonly<Record<string, TfType>> = {
  ...{
    DT_FLOAT: 'float32',
    DT_HALF: 'float32',
    DT_DOUBLE: 'float32',
    1: 'float32',
    2: 'float32',
    19: 'float32',
  },
  ...{ DT_INT32: 'int32', DT_INT64: 'int32', DT_UINT8: 'int32', DT_INT8: 'int32', DT_INT16: 'int32' },
  ...{ 3: 'int32', 9: 'int32', 4: 'int32', 6: 'int32', 5: 'int32' },
  ...{ DT_BOOL: 'bool', 10: 'bool' },
};
