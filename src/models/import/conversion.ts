import { AppError } from '../../base/index.js';
import type { GraphBuilder } from '../onnx/graph-builder.js';
import { dataInputs, nodeName, type TfGraph, type TfNode } from './tfjs-graph.js';
import type { TfConstant } from './tfjs-weights.js';

/**
 * A value of the ONNX graph being made. `shape` is the nominal one, in TensorFlow's order. Invariant: a value of rank 4 that is
 * not a constant lies in NCHW in the ONNX graph, every other in TensorFlow's own order.
 */
export interface Value {
  readonly name: string;
  readonly shape: readonly number[];
  /** Channels in the ONNX graph where these are more than `shape` says; only convolutions read such a value. */
  readonly storedChannels?: number;
}

/** Turns one operator into ONNX nodes and returns its (first) output. */
export type Emit = (node: TfNode, conversion: Conversion) => Value;

/** A conversion under way: converts the nodes that are asked for, each once, inputs before users. */
export class Conversion {
  readonly graph: GraphBuilder;
  /** Whether height and width are left open, so that no size of a feature map may be written into the graph. */
  readonly isDynamic: boolean;
  readonly #source: TfGraph;
  readonly #constants: ReadonlyMap<string, TfConstant>;
  readonly #emitters: Readonly<Record<string, Emit>>;
  readonly #values = new Map<string, Value>();
  readonly #readers = new Map<string, TfNode[]>();

  constructor(options: {
    graph: GraphBuilder;
    isDynamic: boolean;
    source: TfGraph;
    constants: ReadonlyMap<string, TfConstant>;
    emitters: Readonly<Record<string, Emit>>;
  }) {
    this.graph = options.graph;
    this.isDynamic = options.isDynamic;
    this.#source = options.source;
    this.#constants = options.constants;
    this.#emitters = options.emitters;
    for (const node of options.source.nodes.values())
      for (const name of dataInputs(node).map(nodeName))
        this.#readers.set(name, [...(this.#readers.get(name) ?? []), node]);
  }

  /** Says where a placeholder's value is found. */
  provide(name: string, value: Value): void {
    this.#values.set(name, value);
  }

  /** The node that makes an input, looking through `Identity`. */
  nodeOf(reference: string): TfNode | undefined {
    const node = this.#source.nodes.get(nodeName(reference));
    const first = node?.op === 'Identity' ? dataInputs(node)[0] : undefined;
    return first === undefined ? node : this.nodeOf(first);
  }

  /** The nodes that read a node's output; none for an output of the whole graph. */
  readersOf(node: TfNode): readonly TfNode[] {
    return this.#readers.get(node.name) ?? [];
  }

  /** The constant behind an input, or undefined when it is computed. */
  constantOf(reference: string): TfConstant | undefined {
    const node = this.nodeOf(reference);
    return node?.op === 'Const' ? this.#constants.get(node.name) : undefined;
  }

  /** The constant that an operator needs as its input `index`. */
  constant(node: TfNode, index: number): TfConstant {
    const found = this.constantOf(inputName(node, index));
    if (found === undefined) throw refused(node, `its input ${index} is not a constant`);
    return found;
  }

  /** The converted value of an input, which is made now where it is not yet. Constants become weights, in TensorFlow's order. */
  value(reference: string): Value {
    const name = nodeName(reference);
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    const made = this.#convert(name);
    this.#values.set(name, made);
    return made;
  }

  input(node: TfNode, index: number): Value {
    return this.value(inputName(node, index));
  }

  #convert(name: string): Value {
    const constant = this.#constants.get(name);
    if (constant !== undefined) return this.#weights(constant, name);
    const node = this.#source.nodes.get(name);
    const emit = node === undefined ? undefined : this.#emitters[node.op];
    if (node === undefined || emit === undefined)
      throw new AppError(
        'model/import-invalid',
        'input',
        `model.json has no node or weights "${name}", which others read.`,
      );
    return emit(node, this);
  }

  #weights({ shape, data }: TfConstant, name: string): Value {
    if (data instanceof Int32Array) return { name: this.graph.int64s([...data], name), shape };
    return { name: this.graph.floats(shape, data, name), shape };
  }
}

/** The name of a node's data input. */
export function inputName(node: TfNode, index: number): string {
  const name = dataInputs(node)[index];
  if (name === undefined)
    throw new AppError(
      'model/import-invalid',
      'input',
      `Node "${node.name}" (${node.op}) has no input ${index}.`,
    );
  return name;
}

/** The error for a node whose operator is known but not in this form. */
export function refused(node: TfNode, why: string): AppError {
  return new AppError(
    'model/import-unsupported',
    'input',
    `Cannot import node "${node.name}" (${node.op}): ${why}. Export the model without it, or bring an ONNX file.`,
  );
}

/** A constant of real numbers. */
export type FloatConstant = TfConstant & { readonly data: Float32Array };

/** Reorders a row-major constant: dimension `i` of the result is dimension `order[i]` of the source. */
export function permute({ shape, data }: TfConstant, order: readonly number[]): FloatConstant {
  const outShape = order.map((axis) => shape[axis]!);
  const strides = shape.map((_, axis) =>
    shape.slice(axis + 1).reduce((product, length) => product * length, 1),
  );
  const out = new Float32Array(data.length);
  const index = new Array<number>(order.length).fill(0);
  for (let at = 0; at < out.length; at++) {
    let from = 0;
    for (let i = 0; i < order.length; i++) from += index[i]! * strides[order[i]!]!;
    out[at] = data[from]!;
    for (let i = order.length - 1; i >= 0 && ++index[i]! === outShape[i]; i--) index[i] = 0;
  }
  return { shape: outShape, data: out };
}
