import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { makeWeightsConstant } from '../onnx/constant-weights.js';
import {
  GraphProtoSchema,
  ModelProtoSchema,
  TensorProto_DataType as DataType,
  ValueInfoProtoSchema,
  type GraphProto,
  type ModelProto,
  type ValueInfoProto,
} from '../onnx/gen/onnx_pb.js';
import { GraphBuilder } from '../onnx/graph-builder.js';
import { invalid } from '../model-errors.js';
import { FOLLOWER_TENSORS, type FollowerDescription } from './follower-spec.js';

/** The two models of a prepared pair, see {@link FollowerDescription}. */
export interface PreparedFollower {
  readonly template: Uint8Array;
  readonly search: Uint8Array;
}

/** The first opset in which Softmax works along one axis alone. */
const SOFTMAX_OPSET = 13n;
const { crop, kernel, score, ltrb } = FOLLOWER_TENSORS;

/**
 * Gives a pair the one layout that following knows. Ours has it; NanoTrack's backbone is declared for the template's size, and once
 * more joined with the head, whose logits become a score (softmax) within the graph.
 *
 * @param first bytes that `checkModel` accepted, like `second`; both only read
 * @throws {AppError} `model/invalid` when the two cannot be joined
 */
export function prepareFollower(
  first: Uint8Array,
  second: Uint8Array,
  description: FollowerDescription,
): PreparedFollower {
  if (description.family === 'sightline') return { template: first, search: second };
  return { template: backboneAlone(first, description), search: joined(first, second, description) };
}

function backboneAlone(bytes: Uint8Array, { geometry, kernel: shape }: FollowerDescription): Uint8Array {
  const model = read(bytes);
  const graph = model.graph!;
  rename(
    graph,
    new Map([
      [graph.input[0]!.name, crop],
      [graph.output[0]!.name, kernel],
    ]),
  );
  graph.input = [tensor(crop, [1, 3, geometry.templatePx, geometry.templatePx])];
  graph.output = [tensor(kernel, [1, ...shape])];
  // Shapes within are those of the search crop.
  graph.valueInfo = [];
  return toBinary(ModelProtoSchema, model);
}

function joined(
  backboneBytes: Uint8Array,
  headBytes: Uint8Array,
  { geometry, kernel: shape }: FollowerDescription,
): Uint8Array {
  const backbone = read(backboneBytes);
  const head = read(headBytes);
  const opset = opsetOf(backbone);
  if (opset !== opsetOf(head) || opset < SOFTMAX_OPSET)
    throw invalid(
      `backbone and head have the opsets ${opset} and ${opsetOf(head)}; both need the same, 13 or newer`,
    );
  const [body, top] = [backbone.graph!, head.graph!];
  const [features, logits] = ['backbone/features', 'head/logits'];
  rename(
    body,
    new Map([
      [body.input[0]!.name, crop],
      [body.output[0]!.name, features],
    ]),
    'backbone/',
  );
  rename(
    top,
    new Map([
      [top.input[0]!.name, kernel],
      [top.input[1]!.name, features],
      [top.output[0]!.name, logits],
      [top.output[1]!.name, ltrb],
    ]),
    'head/',
  );
  const tail = new GraphBuilder('sightline_');
  const object = tail.int64s([1]);
  tail.node(
    'Gather',
    [tail.node('Softmax', [logits], { axis: { int: 1 } }), object],
    { axis: { int: 1 } },
    score,
  );
  const end = fromBinary(ModelProtoSchema, tail.build('tail')).graph!;
  const { searchPx, gridCells } = geometry;
  const graph = create(GraphProtoSchema, {
    name: 'nanotrack',
    node: [...body.node, ...top.node, ...end.node],
    initializer: [...body.initializer, ...top.initializer, ...end.initializer],
    input: [tensor(crop, [1, 3, searchPx, searchPx]), tensor(kernel, [1, ...shape])],
    output: [tensor(score, [1, 1, gridCells, gridCells]), tensor(ltrb, [1, 4, gridCells, gridCells])],
  });
  return toBinary(ModelProtoSchema, { ...backbone, graph });
}

function read(bytes: Uint8Array): ModelProto {
  const model = fromBinary(ModelProtoSchema, bytes);
  makeWeightsConstant(model);
  return model;
}

/** Gives values other names, all others a prefix. NanoTrack's graphs hold no graphs within operators. */
function rename(graph: GraphProto, names: ReadonlyMap<string, string>, prefix = ''): void {
  const renamed = (name: string) => names.get(name) ?? (name === '' ? '' : `${prefix}${name}`);
  for (const node of graph.node) {
    node.name = `${prefix}${node.name}`;
    node.input = node.input.map(renamed);
    node.output = node.output.map(renamed);
  }
  for (const weights of graph.initializer) weights.name = renamed(weights.name);
}

function opsetOf({ opsetImport }: ModelProto): bigint {
  return opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 0n;
}

function tensor(name: string, dims: readonly number[]): ValueInfoProto {
  const dim = dims.map((length) => ({ value: { case: 'dimValue', value: BigInt(length) } as const }));
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: 'tensorType', value: { elemType: DataType.FLOAT, shape: { dim } } } },
  });
}
