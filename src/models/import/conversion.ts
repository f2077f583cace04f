import { AppError } from '../../base/index.js';
import type { GraphBuilder } from '../onnx/graph-builder.js';
import { foldConstant } from './constant-folding.js';
import { damaged } from './model-json.js';
import { dataInputs, nodeName, outputIndex, type TfGraph, type TfNode, type TfType } from './tfjs-graph.js';
import type { TfConstant } from './tfjs-weights.js';

/**
 * A value of the ONNX graph being made. `shape` is the nominal one, in TensorFlow's order. Invariant: a value of rank 4 lies in NCHW
 * in the ONNX graph, every other in TensorFlow's own order.
 */
export interface Value {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: TfType;
  /** Channels in the ONNX graph where these are more than `shape` says; only convolutions read such a value. */
  readonly storedChannels?: number;
  /** A factor that is still to be applied; absent for 1. Only {@link Conversion.unscaledInput} gives such a value. */
  readonly scale?: number;
}

/** Turns one operator into ONNX nodes and returns its output, or its outputs. */
export type Emit = (node: TfNode, conversion: Conversion) => Value | readonly Value[];

/** A conversion under way: converts the nodes that are asked for, each once, inputs before users. */
export class Conversion {
  readonly graph: GraphBuilder;
  /** Whether height and width are left open, so that no size of a feature map may be written into the graph. */
  readonly isDynamic: boolean;
  readonly #source: TfGraph;
  readonly #constants: ReadonlyMap<string, TfConstant>;
  readonly #emitters: Readonly<Record<string, Emit>>;
  readonly #outputs: ReadonlySet<string>;
  readonly #values = new Map<string, Value>();
  readonly #scaled = new Map<string, Value>();
  readonly #folded = new Map<string, TfConstant | undefined>();
  readonly #readers = new Map<string, TfNode[]>();

  constructor(options: {
    graph: GraphBuilder;
    isDynamic: boolean;
    source: TfGraph;
    constants: ReadonlyMap<string, TfConstant>;
    emitters: Readonly<Record<string, Emit>>;
    /** What is converted in the end. */
    outputs: readonly string[];
  }) {
    this.graph = options.graph;
    this.isDynamic = options.isDynamic;
    this.#source = options.source;
    this.#constants = options.constants;
    this.#emitters = options.emitters;
    this.#outputs = new Set(options.outputs.map(nodeName));
    for (const node of options.source.nodes.values())
      for (const name of dataInputs(node).map(nodeName)) {
        const readers = this.#readers.get(name);
        if (readers === undefined) this.#readers.set(name, [node]);
        else readers.push(node);
      }
  }

  /** Says where a placeholder's value is found. */
  provide(name: string, value: Value): void {
    this.#values.set(name, value);
  }

  /** What a reference stands for, looking through `Identity`: equal for equal values. */
  resolve(reference: string): string {
    let at = canonical(reference);
    for (;;) {
      const node = this.#source.nodes.get(nodeName(at));
      const first = node?.op === 'Identity' ? dataInputs(node)[0] : undefined;
      if (first === undefined) return at;
      at = canonical(first);
    }
  }

  /** The node that makes an input, looking through `Identity`. */
  nodeOf(reference: string): TfNode | undefined {
    return this.#source.nodes.get(nodeName(this.resolve(reference)));
  }

  /** Whether a node's value is wanted as it is. */
  isOutput(node: TfNode): boolean {
    return this.#outputs.has(node.name);
  }

  /** The nodes that read a node's output. */
  readersOf(node: TfNode): readonly TfNode[] {
    return this.#readers.get(node.name) ?? [];
  }

  /** The constant behind an input, also one that follows from others and from shapes; undefined when it is computed. */
  constantOf(reference: string): TfConstant | undefined {
    const source = this.resolve(reference);
    const known = this.#constants.get(source) ?? this.#folded.get(source);
    if (known !== undefined || this.#folded.has(source)) return known;
    const node = this.#source.nodes.get(source);
    const folded = node === undefined ? undefined : foldConstant(node, this);
    this.#folded.set(source, folded);
    return folded;
  }

  /** The constant that an operator needs as its input `index`. */
  constant(node: TfNode, index: number): TfConstant {
    const found = this.constantOf(inputName(node, index));
    if (found === undefined) throw refused(node, `its input ${index} is not a constant`);
    return found;
  }

  /** The converted value of an input, which is made now where it is not yet. */
  value(reference: string): Value {
    const name = canonical(reference);
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    const { scale, ...raw } = this.#unscaled(name);
    const made = scale === undefined ? raw : { ...raw, name: this.#times(raw.name, scale) };
    this.#values.set(name, made);
    return made;
  }

  input(node: TfNode, index: number): Value {
    return this.value(inputName(node, index));
  }

  /** The same for an operator that applies the input's `scale` itself, or hands it on. */
  unscaledInput(node: TfNode, index: number): Value {
    const name = canonical(inputName(node, index));
    return this.#values.has(name) && !this.#scaled.has(name) ? this.value(name) : this.#unscaled(name);
  }

  #times(name: string, factor: number): string {
    return this.graph.node('Mul', [name, this.graph.floats([], Float32Array.of(factor))]);
  }

  #unscaled(name: string): Value {
    const known = this.#scaled.get(name);
    if (known !== undefined) return known;
    const constant = this.constantOf(name);
    const made = constant === undefined ? this.#convert(nodeName(name)) : [this.weights(constant, name)];
    made.forEach((value, index) =>
      this.#scaled.set(index === 0 ? nodeName(name) : `${nodeName(name)}:${index}`, value),
    );
    const value = made[outputIndex(name)];
    if (value === undefined) throw damaged(`there is no value "${name}", which others read`);
    return value;
  }

  #convert(name: string): readonly Value[] {
    const node = this.#source.nodes.get(name);
    if (node === undefined || node.op === 'Const')
      throw damaged(`there is no node or weights "${name}", which others read`);
    const emit = this.#emitters[node.op];
    if (emit === undefined)
      throw refused(node, 'its value does not follow from constants and fixed shapes alone');
    const made = emit(node, this);
    return 'name' in made ? [made] : made;
  }

  /** Writes a constant into the graph. */
  weights(constant: TfConstant, name = 'weights'): Value {
    const { shape, dtype } = constant;
    const { shape: dims, data } = shape.length === 4 ? permute(constant, [0, 3, 1, 2]) : constant;
    const written =
      data instanceof Float32Array
        ? this.graph.floats(dims, data, name)
        : this.graph.integers(dtype === 'bool' ? 'bool' : 'int32', dims, data, name);
    return { name: written, shape, dtype };
  }
}

/** A reference to a node's output in its one form: `name`, or `name:1` and up. */
function canonical(reference: string): string {
  return reference.replace(/^\^/, '').replace(/:0$/, '');
}

/** The name of a node's data input. */
export function inputName(node: TfNode, index: number): string {
  const name = dataInputs(node)[index];
  if (name === undefined) throw damaged(`node "${node.name}" (${node.op}) has no input ${index}`);
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

/** Reorders a row-major constant: dimension `i` of the result is dimension `order[i]` of the source. */
export function permute<T extends TfConstant>(constant: T, order: readonly number[]): T {
  const { shape, data } = constant;
  const outShape = order.map((axis) => shape[axis]!);
  const strides = shape.map((_, axis) =>
    shape.slice(axis + 1).reduce((product, length) => product * length, 1),
  );
  const out = data instanceof Float32Array ? new Float32Array(data.length) : new Int32Array(data.length);
  const index = new Array<number>(order.length).fill(0);
  for (let at = 0; at < out.length; at++) {
    let from = 0;
    for (let i = 0; i < order.length; i++) from += index[i]! * strides[order[i]!]!;
    out[at] = data[from]!;
    for (let i = order.length - 1; i >= 0 && ++index[i]! === outShape[i]; i--) index[i] = 0;
  }
  return { ...constant, shape: outShape, data: out };
}
