import { graphsOf, tensorsOf } from './graph-walk.js';
import { invalid, tooComplex } from './model-errors.js';
import {
  TensorProto_DataType as DataType,
  type GraphProto,
  type ModelProto,
  type TensorProto,
  type ValueInfoProto,
} from './onnx/gen/onnx_pb.js';
import { int64s } from './onnx/int64s.js';

/** Most elements that one input, output or constant may have: 256 MiB of float32, five times a 4096×4096 picture. */
const ELEMENTS_MAX = 2n ** 26n;

/** Bits of one element in raw data. */
const BITS: Readonly<Partial<Record<DataType, bigint>>> = {
  [DataType.FLOAT]: 32n,
  [DataType.UINT8]: 8n,
  [DataType.INT8]: 8n,
  [DataType.UINT16]: 16n,
  [DataType.INT16]: 16n,
  [DataType.INT32]: 32n,
  [DataType.INT64]: 64n,
  [DataType.BOOL]: 8n,
  [DataType.FLOAT16]: 16n,
  [DataType.DOUBLE]: 64n,
  [DataType.UINT32]: 32n,
  [DataType.UINT64]: 64n,
  [DataType.BFLOAT16]: 16n,
  [DataType.UINT4]: 4n,
  [DataType.INT4]: 4n,
};

/**
 * Refuses tensors that say they are larger than the data that come with them, or larger than anything that a detector needs: a few
 * bytes would have the runtime allocate any amount of memory.
 *
 * @throws {AppError} `model/invalid`, `model/too-complex`
 */
export function refuseFalseClaims(model: ModelProto): void {
  for (const tensor of tensorsOf(model)) refuseFalseSize(tensor);
  for (const graph of graphsOf(model)) {
    for (const { dims, values } of graph.sparseInitializer)
      if (elements(dims) > ELEMENTS_MAX) throw tooLarge(`the sparse tensor "${values?.name ?? ''}"`, dims);
    for (const value of [...graph.input, ...graph.output]) refuseHugeValue(value);
    refuseHugeConstants(graph);
  }
}

function refuseFalseSize(tensor: TensorProto): void {
  const { name, dims, dataType, rawData } = tensor;
  if (dims.some((length) => length < 0n)) throw invalid(`its tensor "${name}" has a negative length`);
  const claimed = elements(dims);
  const bits = BITS[dataType as DataType];
  if (rawData.byteLength > 0) {
    if (bits === undefined || BigInt(rawData.byteLength) === (claimed * bits + 7n) / 8n) return;
  } else if (claimed <= BigInt(listed(tensor))) return;
  throw invalid(`its tensor "${name}" claims the shape [${dims.join(', ')}] and holds other data`);
}

/** Elements kept outside of raw data; two to an entry is the densest that ONNX knows. */
function listed({ dataType, ...tensor }: TensorProto): number {
  const { floatData, int32Data, int64Data, doubleData, uint64Data, stringData } = tensor;
  const entries = Math.max(
    ...[floatData, int32Data, int64Data, doubleData, uint64Data, stringData].map(({ length }) => length),
  );
  return BITS[dataType as DataType] === 4n ? entries * 2 : entries;
}

function refuseHugeValue({ name, type }: ValueInfoProto): void {
  if (type?.value.case !== 'tensorType') return;
  const dims = (type.value.value.shape?.dim ?? []).flatMap(({ value }) =>
    value.case === 'dimValue' ? [value.value] : [],
  );
  if (elements(dims) > ELEMENTS_MAX) throw tooLarge(`"${name}"`, dims);
}

/** Constants that are not in the file but made when it is loaded: `ConstantOfShape` and `Expand` of a shape that is known. */
function refuseHugeConstants(graph: GraphProto): void {
  const known = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  for (const { opType, attribute, output } of graph.node) {
    const value = attribute.find(({ name }) => name === 'value')?.t;
    if (opType === 'Constant' && value !== undefined && output[0] !== undefined) known.set(output[0], value);
  }
  for (const { opType, input } of graph.node) {
    const shape = opType === 'ConstantOfShape' ? input[0] : opType === 'Expand' ? input[1] : undefined;
    const dims = shape === undefined ? [] : int64s(known.get(shape));
    if (elements(dims) > ELEMENTS_MAX) throw tooLarge(`a constant ("${shape ?? ''}")`, dims);
  }
}

function elements(dims: readonly bigint[]): bigint {
  return dims.reduce((product, length) => product * length, 1n);
}

function tooLarge(what: string, dims: readonly bigint[]) {
  return tooComplex(
    `${what} would have the shape [${dims.join(', ')}]; ${ELEMENTS_MAX} elements are the limit`,
  );
}
