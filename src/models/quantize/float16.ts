import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { AppError } from '../../base/index.js';
import {
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProto_DataType as DataType,
  type GraphProto,
  type NodeProto,
  type TensorProto,
} from '../onnx/gen/onnx_pb.js';
import { foldGraph } from './fold-graph.js';
import { floatsOf, wholeAttribute } from './graph-view.js';

// As numbers, since types come from files and may be ones that the enumeration does not know.
const FLOAT32: number = DataType.FLOAT;
const FLOAT16: number = DataType.FLOAT16;

/** Operators that stay float32: runtimes lack float16 forms of them, or they count further than float16 can. */
const FLOAT32_ONLY: ReadonlySet<string> = new Set([
  'Resize',
  'Upsample',
  'NonMaxSuppression',
  'TopK',
  'RoiAlign',
  'Range',
  'CumSum',
  'Min',
  'Max',
  'ReduceMax',
]);
/** Operators whose outputs are not of the type of their first input. */
const MADE_TYPE: Readonly<Record<string, number>> = {
  Shape: DataType.INT64,
  Size: DataType.INT64,
  NonZero: DataType.INT64,
  ArgMax: DataType.INT64,
  ArgMin: DataType.INT64,
  NonMaxSuppression: DataType.INT64,
  Greater: DataType.BOOL,
  GreaterOrEqual: DataType.BOOL,
  Less: DataType.BOOL,
  LessOrEqual: DataType.BOOL,
  Equal: DataType.BOOL,
  Not: DataType.BOOL,
  And: DataType.BOOL,
  Or: DataType.BOOL,
};
/** Where the value whose type an output has is not the first input. */
const TYPE_FROM: Readonly<Record<string, number>> = { Where: 1 };
const LARGEST = 65504;

/**
 * A model with weights and arithmetic in float16 and inputs and outputs in float32, half the size.
 * @throws {AppError} `model/quantise-unsupported` for models with branches or loops
 */
export function toFloat16(model: Uint8Array): Uint8Array {
  const proto = fromBinary(ModelProtoSchema, model);
  const graph = proto.graph!;
  foldGraph(proto);
  const nested = graph.node.find(({ attribute }) =>
    attribute.some(({ g, graphs }) => g !== undefined || graphs.length > 0),
  );
  if (nested !== undefined)
    throw new AppError(
      'model/quantise-unsupported',
      'input',
      `Node "${nested.name}" (${nested.opType}) holds graphs of its own, which float16 is not made for. Export the model without it.`,
    );
  new Float16Writer(graph).rewrite();
  return toBinary(ModelProtoSchema, proto);
}

class Float16Writer {
  readonly #types = new Map<string, number>();
  readonly #nodes: NodeProto[] = [];
  /** Names of the other form of values of which both were needed. */
  readonly #casts = new Map<string, string>();

  constructor(private readonly graph: GraphProto) {}

  rewrite(): void {
    const { graph } = this;
    for (const weights of graph.initializer) this.#types.set(weights.name, weights.dataType);
    const floatOnly = this.#readByFloat32Alone();
    for (const weights of graph.initializer)
      if (weights.dataType === FLOAT32 && !floatOnly.has(weights.name)) {
        halve(weights);
        this.#types.set(weights.name, FLOAT16);
      }
    for (const { name, type } of graph.input)
      if (!this.#types.has(name) && type?.value.case === 'tensorType')
        this.#types.set(name, type.value.value.elemType);
    const outputs = new Set(graph.output.map(({ name }) => name));
    for (const node of graph.node) this.#convert(node, outputs);
    graph.node = this.#nodes;
    graph.valueInfo = [];
  }

  #convert(node: NodeProto, outputs: ReadonlySet<string>): void {
    const wanted = FLOAT32_ONLY.has(node.opType) ? FLOAT32 : FLOAT16;
    node.input = node.input.map((value) => (value === '' ? value : this.#as(value, wanted)));
    for (const attribute of node.attribute) {
      if (node.opType === 'Cast' && attribute.name === 'to' && Number(attribute.i) === FLOAT32)
        attribute.i = BigInt(FLOAT16);
      if (attribute.t?.dataType === FLOAT32 && wanted === FLOAT16) halve(attribute.t);
    }
    const from = this.#types.get(node.input[TYPE_FROM[node.opType] ?? 0] ?? '') ?? wanted;
    const made =
      node.opType === 'Cast' ? wholeAttribute(node, 'to', FLOAT16) : (MADE_TYPE[node.opType] ?? from);
    const later: NodeProto[] = [];
    node.output = node.output.map((value) => {
      this.#types.set(value, made);
      if (made !== FLOAT16 || !outputs.has(value)) return value;
      // The graph's own outputs stay float32: the node's result gets another name, which all others read.
      const half = `${value}_float16`;
      this.#types.set(half, FLOAT16);
      this.#types.set(value, FLOAT32);
      this.#casts.set(`${value}:${FLOAT16}`, half);
      later.push(cast(half, value, FLOAT32));
      return half;
    });
    this.#nodes.push(node, ...later);
  }

  /** The value in the wanted form; values that are not real numbers as they are. */
  #as(value: string, wanted: number): string {
    const type = this.#types.get(value);
    if (type === wanted || (type !== FLOAT32 && type !== FLOAT16)) return value;
    const key = `${value}:${wanted}`;
    const known = this.#casts.get(key);
    if (known !== undefined) return known;
    const name = `${value}_as_${wanted === FLOAT32 ? 'float32' : 'float16'}`;
    this.#casts.set(key, name);
    this.#types.set(name, wanted);
    this.#nodes.push(cast(value, name, wanted));
    return name;
  }

  /** Weights that only float32 operators read, such as the scales of a resize. */
  #readByFloat32Alone(): Set<string> {
    const read = new Map<string, boolean>();
    for (const node of this.graph.node)
      for (const value of node.input)
        read.set(value, (read.get(value) ?? true) && FLOAT32_ONLY.has(node.opType));
    return new Set([...read].filter(([, only]) => only).map(([value]) => value));
  }
}

function cast(from: string, to: string, type: number): NodeProto {
  return create(NodeProtoSchema, {
    name: `cast_to_${to}`, // another node may be named for the value
    opType: 'Cast',
    input: [from],
    output: [to],
    attribute: [create(AttributeProtoSchema, { name: 'to', type: AttributeType.INT, i: BigInt(type) })],
  });
}

function halve(weights: TensorProto): void {
  const halves = Uint16Array.from(floatsOf(weights), float16Bits);
  weights.dataType = FLOAT16;
  weights.floatData = [];
  weights.rawData = new Uint8Array(halves.buffer);
}

const single = new Float32Array(1);
const singleBits = new Uint32Array(single.buffer);

/** The bits of the float16 nearest to a number, ties to even; what is too large becomes the largest. */
export function float16Bits(value: number): number {
  single[0] = Math.min(LARGEST, Math.max(-LARGEST, value));
  const bits = singleBits[0]!;
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 0xff) - 112;
  const fraction = bits & 0x7fffff;
  if (Number.isNaN(value)) return sign | 0x7e00;
  if (exponent <= 0) {
    // Below 2^-14 the steps are of 2^-24.
    const steps = Math.abs(single[0]) * 2 ** 24;
    return sign | roundToEven(steps);
  }
  return sign | roundToEven((exponent << 10) + fraction / 8192);
}

function roundToEven(value: number): number {
  const low = Math.floor(value);
  const rest = value - low;
  if (rest !== 0.5) return Math.round(value);
  return low % 2 === 0 ? low : low + 1;
}
