import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  ModelProtoSchema,
  TensorProtoSchema,
  TensorProto_DataType as DataType,
  type GraphProto,
  type NodeProto,
  type ValueInfoProto,
} from './onnx/gen/onnx_pb.js';
import { int64s } from './onnx/int64s.js';
import { PLANES } from './prepare-detector.js';

const BATCH = 'sightline_batch';

/**
 * Lets a prepared detector take several pictures in one run: the first dimension of its inputs and outputs, where it is 1, becomes
 * open, and reshapes that say 1 there keep what they are given instead. Whether the model then does with each picture what it does
 * with one alone is not known from the graph: it has to be tried.
 *
 * @param prepared bytes from `prepareDetector`; only read
 * @returns the bytes of the changed model; undefined where an output has no dimension for pictures
 */
export function openBatch(prepared: Uint8Array): Uint8Array | undefined {
  const proto = fromBinary(ModelProtoSchema, prepared);
  const graph = proto.graph!;
  const planes = new Set<string>(PLANES);
  const opened = [...graph.input.filter(({ name }) => planes.has(name)), ...graph.output];
  if (!opened.every(openFirst)) return undefined;
  // What the exporter inferred holds for one picture; the runtime infers anew.
  graph.valueInfo = [];
  openReshapes(graph);
  return toBinary(ModelProtoSchema, proto);
}

/** False where the first dimension has a length other than 1. */
function openFirst({ type }: ValueInfoProto): boolean {
  if (type?.value.case !== 'tensorType') return false;
  const dims = type.value.value.shape?.dim;
  // A shape that is not told is not in the way.
  if (dims === undefined) return true;
  const [first] = dims;
  if (first === undefined) return false;
  if (first.value.case !== 'dimValue') return true;
  if (first.value.value !== 1n) return false;
  first.value = { case: 'dimParam', value: BATCH };
  return true;
}

function openReshapes(graph: GraphProto): void {
  const weights = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  const constants = new Map(weights);
  for (const { opType, attribute, output } of graph.node) {
    const value = attribute.find(({ name }) => name === 'value')?.t;
    if (opType === 'Constant' && value !== undefined && output[0] !== undefined)
      constants.set(output[0], value);
  }
  let made = 0;
  for (const node of graph.node) {
    if (node.opType !== 'Reshape' || zeroIsLength(node) || constants.has(node.input[0] ?? '')) continue;
    const shape = constants.get(node.input[1] ?? '');
    const lengths = int64s(shape);
    if (shape === undefined || lengths[0] !== 1n) continue;
    // Of its own: other nodes may take the same shape.
    const name = `${BATCH}_shape_${made++}`;
    const int64Data = [0n, ...lengths.slice(1)];
    const { dims } = shape;
    graph.initializer.push(create(TensorProtoSchema, { name, dims, dataType: DataType.INT64, int64Data }));
    node.input[1] = name;
  }
}

/** By default 0 stands for the length that the input has there. */
function zeroIsLength({ attribute }: NodeProto): boolean {
  return attribute.some(({ name, i }) => name === 'allowzero' && i !== 0n);
}
