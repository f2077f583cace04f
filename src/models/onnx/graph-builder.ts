import { create, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProto_DataType as DataType,
  TensorProtoSchema,
  ValueInfoProtoSchema,
  type AttributeProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from './gen/onnx_pb.js';

/** Opset of every model that we write: 17 is the newest that all operators used here agree on. */
const OPSET = 17n;
/** The IR version that belongs to opset 17. */
const IR_VERSION = 8n;

/** A node's attribute; the key says its type, which a bare JavaScript number would not. */
export type Attribute =
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly text: string };

/** A dimension: a fixed length, or the name of one that is known only at run time. */
export type Dim = number | string;

/** Element types that the builder writes. */
export type ElementType = 'float32' | 'float16' | 'int32' | 'int64' | 'uint8' | 'bool';

const DATA_TYPES: Readonly<Record<ElementType, DataType>> = {
  float32: DataType.FLOAT,
  float16: DataType.FLOAT16,
  int32: DataType.INT32,
  int64: DataType.INT64,
  uint8: DataType.UINT8,
  bool: DataType.BOOL,
};

/** ONNX's number of a type, for Cast. */
export function typeNumber(type: ElementType): number {
  return DATA_TYPES[type];
}

/** Collects nodes and weights of one ONNX graph and writes the model. Nodes must be added in the order in which they run. */
export class GraphBuilder {
  readonly #nodes: NodeProto[] = [];
  readonly #weights: TensorProto[] = [];
  readonly #inputs: ValueInfoProto[] = [];
  readonly #outputs: ValueInfoProto[] = [];
  readonly #prefix: string;
  #made = 0;

  /** @param prefix of the names that are made up here, where the graph becomes part of another */
  constructor(prefix = '') {
    this.#prefix = prefix;
  }

  /** A name that no other value of this graph has. */
  unique(stem: string): string {
    return `${this.#prefix}${stem}_${this.#made++}`;
  }

  /** Adds an operator with one output, named `output` or made up, and returns that name. */
  node(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    output = this.unique(operator),
  ): string {
    this.#add(operator, inputs, attributes, [output]);
    return output;
  }

  /** Adds an operator with several outputs and returns their names, which are made up. */
  nodes(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>>,
    count: number,
  ): string[] {
    const outputs = Array.from({ length: count }, () => this.unique(operator));
    this.#add(operator, inputs, attributes, outputs);
    return outputs;
  }

  #add(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>>,
    outputs: readonly string[],
  ): void {
    this.#nodes.push(
      create(NodeProtoSchema, {
        name: outputs[0]!,
        opType: operator,
        input: [...inputs],
        output: [...outputs],
        attribute: Object.entries(attributes).map(([name, value]) => attributeProto(name, value)),
      }),
    );
  }

  /** Adds float32 weights, row-major, and returns their name. The data are copied when the model is written. */
  floats(dims: readonly number[], data: Float32Array, stem = 'weights'): string {
    return this.#weight(
      DataType.FLOAT,
      dims,
      new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
      stem,
    );
  }

  /** Adds a vector of int64 (shapes, axes, pads) and returns its name. */
  int64s(values: readonly number[], stem = 'ints'): string {
    const data = BigInt64Array.from(values, (value) => BigInt(value));
    return this.#weight(DataType.INT64, [values.length], new Uint8Array(data.buffer), stem);
  }

  /** Adds a value of any shape under a name of the caller's. */
  constant(
    name: string,
    type: 'float32' | 'int32' | 'int64',
    dims: readonly number[],
    values: readonly number[],
  ): void {
    const data = {
      float32: () => Float32Array.from(values),
      int32: () => Int32Array.from(values),
      int64: () => BigInt64Array.from(values, (value) => BigInt(value)),
    }[type]();
    const dataType = { float32: DataType.FLOAT, int32: DataType.INT32, int64: DataType.INT64 }[type];
    const rawData = new Uint8Array(data.buffer);
    this.#weights.push(create(TensorProtoSchema, { name, dataType, dims: dims.map(BigInt), rawData }));
  }

  /** Adds weights of a type that holds small integers, row-major, and returns their name; bool is 0 or 1. */
  integers(type: 'int32' | 'bool', dims: readonly number[], data: Int32Array, stem = 'weights'): string {
    const raw = type === 'int32' ? new Uint8Array(Int32Array.from(data).buffer) : Uint8Array.from(data);
    return this.#weight(DATA_TYPES[type], dims, raw, stem);
  }

  input(name: string, type: ElementType, dims: readonly Dim[]): void {
    this.#inputs.push(valueInfo(name, DATA_TYPES[type], dims));
  }

  /** Declares an output that a node has already made under this name. */
  output(name: string, dims: readonly Dim[], type: ElementType = 'float32'): void {
    this.#outputs.push(valueInfo(name, DATA_TYPES[type], dims));
  }

  /** The model as the bytes of an `.onnx` file, `metadata` in its metadata properties. */
  build(graphName: string, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
    const model = create(ModelProtoSchema, {
      irVersion: IR_VERSION,
      producerName: 'sightline',
      opsetImport: [{ domain: '', version: OPSET }],
      metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
      graph: create(GraphProtoSchema, {
        name: graphName,
        node: this.#nodes,
        initializer: this.#weights,
        input: this.#inputs,
        output: this.#outputs,
      }),
    });
    return toBinary(ModelProtoSchema, model);
  }

  #weight(dataType: DataType, dims: readonly number[], rawData: Uint8Array, stem: string): string {
    const name = this.unique(stem);
    this.#weights.push(create(TensorProtoSchema, { name, dataType, dims: dims.map(BigInt), rawData }));
    return name;
  }
}

function attributeProto(name: string, value: Attribute): AttributeProto {
  const message = (fields: MessageInitShape<typeof AttributeProtoSchema>) =>
    create(AttributeProtoSchema, { ...fields, name });
  if ('int' in value) return message({ type: AttributeType.INT, i: BigInt(value.int) });
  if ('ints' in value) return message({ type: AttributeType.INTS, ints: value.ints.map(BigInt) });
  if ('float' in value) return message({ type: AttributeType.FLOAT, f: value.float });
  if ('floats' in value) return message({ type: AttributeType.FLOATS, floats: [...value.floats] });
  return message({ type: AttributeType.STRING, s: new TextEncoder().encode(value.text) });
}

function valueInfo(name: string, elemType: DataType, dims: readonly Dim[]): ValueInfoProto {
  const dim = dims.map((length) => ({
    value:
      typeof length === 'number'
        ? ({ case: 'dimValue', value: BigInt(length) } as const)
        : ({ case: 'dimParam', value: length } as const),
  }));
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: 'tensorType', value: { elemType, shape: { dim } } } },
  });
}
