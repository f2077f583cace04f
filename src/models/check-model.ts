import { fromBinary } from '@bufbuild/protobuf';
import { AppError, messageOf } from '../base/index.js';
import {
  ModelProtoSchema,
  TensorProto_DataLocation as DataLocation,
  TensorProto_DataType as DataType,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from './onnx/gen/onnx_pb.js';

/** Largest model file that is opened, bytes. */
export const MODEL_BYTES_MAX = 512 * 1024 * 1024;

/** An input or output of a model. A dimension that is open has its name, or `?`. */
export interface TensorDescription {
  readonly name: string;
  /** ONNX's name of the element type in lower case: `float`, `uint8`, `int64`, … */
  readonly type: string;
  readonly dims: readonly (number | string)[];
}

/** What a model file says of itself. */
export interface ModelDescription {
  readonly inputs: readonly TensorDescription[];
  readonly outputs: readonly TensorDescription[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Types of the graph's operators, each once, sorted: they tell apart exports whose tensors look the same. */
  readonly operators: readonly string[];
}

/**
 * Checks that bytes are a self-contained ONNX model, without running it, and describes its inputs and outputs.
 *
 * @throws {AppError} `model/too-large` above {@link MODEL_BYTES_MAX}; `model/invalid` for anything that is not a whole ONNX model;
 *   `model/external-data-forbidden` when it would read weights from other files
 */
export function checkModel(bytes: Uint8Array): ModelDescription {
  if (bytes.byteLength > MODEL_BYTES_MAX)
    throw new AppError(
      'model/too-large',
      'input',
      `The model has ${bytes.byteLength} bytes; ${MODEL_BYTES_MAX} (512 MiB) are the limit.`,
    );
  const model = parse(bytes);
  const { graph } = model;
  if (
    graph === undefined ||
    graph.node.length === 0 ||
    graph.output.length === 0 ||
    model.opsetImport.length === 0
  )
    throw invalid('it holds no graph with operators and outputs');
  refuseExternalData(model);
  const weights = new Set(graph.initializer.map((tensor) => tensor.name));
  return {
    inputs: graph.input.filter((input) => !weights.has(input.name)).map(describe),
    outputs: graph.output.map(describe),
    metadata: Object.fromEntries(model.metadataProps.map(({ key, value }) => [key, value])),
    operators: [...new Set(graph.node.map(({ opType }) => opType))].sort(),
  };
}

/** The error for a file that is not a usable ONNX model. */
export function invalid(why: string, cause?: unknown): AppError {
  return new AppError(
    'model/invalid',
    'input',
    `The model file is not a valid ONNX model: ${why}. Download or export it again.`,
    { cause },
  );
}

function parse(bytes: Uint8Array): ModelProto {
  if (bytes.byteLength === 0) throw invalid('it is empty');
  try {
    return fromBinary(ModelProtoSchema, bytes);
  } catch (error) {
    throw invalid(`it is truncated or no protocol buffer (${messageOf(error)})`, error);
  }
}

function describe({ name, type }: ValueInfoProto): TensorDescription {
  if (type?.value.case !== 'tensorType') return { name, type: 'not a tensor', dims: [] };
  const tensor = type.value.value;
  const dims = (tensor.shape?.dim ?? []).map(({ value }) =>
    value.case === 'dimValue' ? Number(value.value) : value.case === 'dimParam' ? value.value : '?',
  );
  return { name, type: (DataType[tensor.elemType] ?? 'undefined').toLowerCase(), dims };
}

/** Weights in other files would let a model name any path of this machine. */
function refuseExternalData(model: ModelProto): void {
  const graphs = model.trainingInfo.flatMap((info) => [info.initialization, info.algorithm]);
  for (const graph of [model.graph, ...graphs]) if (graph !== undefined) refuseInGraph(graph);
  for (const made of model.functions) made.node.forEach(refuseInNode);
}

function refuseInGraph(graph: GraphProto): void {
  graph.initializer.forEach(refuseInTensor);
  for (const { values, indices } of graph.sparseInitializer) [values, indices].forEach(refuseInTensor);
  graph.node.forEach(refuseInNode);
}

function refuseInNode(node: NodeProto): void {
  for (const attribute of node.attribute) {
    [attribute.t, ...attribute.tensors].forEach(refuseInTensor);
    for (const sparse of [attribute.sparseTensor, ...attribute.sparseTensors])
      [sparse?.values, sparse?.indices].forEach(refuseInTensor);
    for (const graph of [attribute.g, ...attribute.graphs]) if (graph !== undefined) refuseInGraph(graph);
  }
}

function refuseInTensor(tensor: TensorProto | undefined): void {
  if (tensor === undefined) return;
  if (tensor.dataLocation !== DataLocation.EXTERNAL && tensor.externalData.length === 0) return;
  throw new AppError(
    'model/external-data-forbidden',
    'input',
    `The model keeps weights ("${tensor.name}") in other files, which is not allowed. Save it as one file.`,
  );
}
