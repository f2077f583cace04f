import {
  TensorProto_DataType as DataType,
  type GraphProto,
  type NodeProto,
  type TensorProto,
} from '../onnx/gen/onnx_pb.js';

/** Who makes and who reads each value of a graph. A picture of the graph at one moment: made anew after a change. */
export class GraphView {
  readonly graph: GraphProto;
  readonly weights: ReadonlyMap<string, TensorProto>;
  readonly outputs: ReadonlySet<string>;
  readonly #makers = new Map<string, NodeProto>();
  readonly #readers = new Map<string, NodeProto[]>();

  constructor(graph: GraphProto) {
    this.graph = graph;
    this.weights = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
    this.outputs = new Set(graph.output.map(({ name }) => name));
    for (const node of graph.node) {
      for (const name of node.output) this.#makers.set(name, node);
      for (const name of new Set(node.input)) {
        const readers = this.#readers.get(name);
        if (readers === undefined) this.#readers.set(name, [node]);
        else readers.push(node);
      }
    }
  }

  /** The node that makes a value; undefined for inputs and weights of the graph. */
  makerOf(value: string): NodeProto | undefined {
    return this.#makers.get(value);
  }

  /** The nodes that read a value, each once. */
  readersOf(value: string): readonly NodeProto[] {
    return this.#readers.get(value) ?? [];
  }

  /** The only reader of a value that nobody else sees, outputs of the graph included. */
  onlyReaderOf(value: string): NodeProto | undefined {
    const readers = this.readersOf(value);
    return readers.length === 1 && !this.outputs.has(value) ? readers[0] : undefined;
  }

  /** The numbers of a float32 weight, a copy; undefined for a computed value and for other types. */
  floats(value: string | undefined): Float32Array | undefined {
    const tensor = value === undefined ? undefined : this.weights.get(value);
    return tensor?.dataType === DataType.FLOAT ? floatsOf(tensor) : undefined;
  }
}

/** The numbers of a float32 tensor, a copy. */
export function floatsOf(tensor: TensorProto): Float32Array {
  if (tensor.rawData.length === 0) return Float32Array.from(tensor.floatData);
  // A copy, since the bytes need not lie on a multiple of four. Not by slice(): those of a Node.js Buffer stay in its memory.
  return new Float32Array(new Uint8Array(tensor.rawData).buffer);
}

/** A node's attribute of one real number. */
export function realAttribute(node: NodeProto, name: string, otherwise: number): number {
  return node.attribute.find((attribute) => attribute.name === name)?.f ?? otherwise;
}

/** A node's attribute of one whole number. */
export function wholeAttribute(node: NodeProto, name: string, otherwise: number): number {
  const found = node.attribute.find((attribute) => attribute.name === name);
  return found === undefined ? otherwise : Number(found.i);
}

/** A node's attribute that is a word. */
export function textAttribute(node: NodeProto, name: string, otherwise: string): string {
  const found = node.attribute.find((attribute) => attribute.name === name);
  return found === undefined ? otherwise : new TextDecoder().decode(found.s);
}
