import { fromBinary } from '@bufbuild/protobuf';
import { AppError, messageOf } from '../base/index.js';
import { nodesOf } from './graph-walk.js';
import { precisionOf, type Precision } from './precision.js';
import { invalid } from './model-errors.js';
import {
  ModelProtoSchema,
  TensorProto_DataType as DataType,
  type ModelProto,
  type ValueInfoProto,
} from './onnx/gen/onnx_pb.js';
import { refuseUnsafe } from './refuse-unsafe.js';

/** Largest model file that is opened, bytes. */
export const MODEL_BYTES_MAX = 512 * 1024 * 1024;

/** An input or output of a model. A dimension that is open has its name, or `?`. */
export interface TensorDescription {
  readonly name: string;
  /** ONNX's name of the element type in lower case: `float`, `uint8`, `int64`, … */
  readonly type: string;
  readonly dims: readonly (number | string)[];
}

/** Operators whose output is as long as the values that they find, rather than as their input's shape says. */
const LENGTH_BY_VALUE = new Set(['NonMaxSuppression', 'NonZero', 'Compress', 'Unique', 'Loop', 'If']);

/** What a model file says of itself. */
export interface ModelDescription {
  readonly inputs: readonly TensorDescription[];
  readonly outputs: readonly TensorDescription[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Types of the graph's operators, each once, sorted: they tell apart exports whose tensors look the same. */
  readonly operators: readonly string[];
  readonly precision: Precision;
  /** How long outputs are may depend on what the picture shows. */
  readonly outputsVary?: boolean;
}

/**
 * Checks that bytes are a self-contained ONNX model, without running it, and describes its inputs and outputs.
 *
 * @throws {AppError} `model/too-large` above {@link MODEL_BYTES_MAX}; `model/invalid` for anything that is not a whole ONNX model;
 *   what `refuseUnsafe` throws for one that must not be run here
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
  refuseUnsafe(model);
  const weights = new Set(graph.initializer.map((tensor) => tensor.name));
  return {
    inputs: graph.input.filter((input) => !weights.has(input.name)).map(describe),
    outputs: graph.output.map(describe),
    metadata: Object.fromEntries(model.metadataProps.map(({ key, value }) => [key, value])),
    operators: [...new Set(graph.node.map(({ opType }) => opType))].sort(),
    precision: precisionOf(model),
    outputsVary: [...nodesOf(model)].some(({ opType }) => LENGTH_BY_VALUE.has(opType)),
  };
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
