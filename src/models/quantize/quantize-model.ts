import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  ModelProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataType as DataType,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
  type ModelProto,
} from '../onnx/gen/onnx_pb.js';
import { foldGraph, dropUnusedWeights } from './fold-graph.js';
import { GraphView } from './graph-view.js';
import { insertQdq, type Int8Format } from './insert-qdq.js';
import {
  planOne,
  planQuantisation,
  quantisableConvs,
  type KeepFloat,
  type QuantisationPlan,
} from './plan-quantisation.js';
import type { ValueRange } from './value-range.js';

export type { Int8Format } from './insert-qdq.js';
export type { ActivationType } from './int8-values.js';
export type { KeepFloat, QuantisationPlan } from './plan-quantisation.js';

/** A convolution that can work on int8. */
export interface QuantisableConv {
  readonly name: string;
  readonly output: string;
  /** Of its weights: output channels, input channels of each group, height, width. */
  readonly dims: readonly number[];
}

/** A model made ready for quantisation, see `foldGraph`; its outputs are those of the source but for rounding. */
export function foldModel(model: Uint8Array): Uint8Array {
  const proto = fromBinary(ModelProtoSchema, model);
  foldGraph(proto);
  dropUnusedWeights(proto.graph!);
  return toBinary(ModelProtoSchema, proto);
}

/** What a folded model has in convolutions that int8 is for. */
export function convolutionsOf(folded: Uint8Array): QuantisableConv[] {
  const view = viewOf(folded);
  return quantisableConvs(view).map(({ name, input, output }) => ({
    name,
    output: output[0]!,
    dims: view.weights.get(input[1]!)!.dims.map(Number),
  }));
}

/** What of a folded model becomes int8, see `planQuantisation`. */
export function planModel(folded: Uint8Array, keepFloat?: KeepFloat): QuantisationPlan {
  return planQuantisation(viewOf(folded), keepFloat);
}

/** The same with one convolution, named by its output, in int8 and all else in float. */
export function planConvolution(folded: Uint8Array, output: string): QuantisationPlan {
  const view = viewOf(folded);
  return planOne(view, view.makerOf(output)!);
}

/** A model that also puts out float32 values from within. */
export function withOutputs(model: Uint8Array, values: readonly string[]): Uint8Array {
  const proto = fromBinary(ModelProtoSchema, model);
  const graph = proto.graph!;
  const known = new Set([...graph.output, ...graph.input].map(({ name }) => name));
  const elemType = DataType.FLOAT;
  for (const name of values.filter((value) => !known.has(value)))
    graph.output.push(
      create(ValueInfoProtoSchema, {
        name,
        type: create(TypeProtoSchema, {
          value: { case: 'tensorType', value: create(TypeProto_TensorSchema, { elemType }) },
        }),
      }),
    );
  return toBinary(ModelProtoSchema, proto);
}

/** A folded model with a plan's nodes in int8, see `insertQdq`. Inputs and outputs stay as they are. */
export function quantizeModel(
  folded: Uint8Array,
  plan: QuantisationPlan,
  ranges: ReadonlyMap<string, ValueRange>,
  format: Int8Format,
): Uint8Array {
  const proto = fromBinary(ModelProtoSchema, folded);
  insertQdq(proto, plan, ranges, format);
  return toBinary(ModelProtoSchema, proto);
}

/** A model under another `sightline.name`, with what was done to it as `sightline.quantised`. */
export function markQuantised(model: Uint8Array, name: string, facts: object): Uint8Array {
  const proto = fromBinary(ModelProtoSchema, model);
  setMetadata(proto, 'sightline.name', name);
  setMetadata(proto, 'sightline.quantised', JSON.stringify(facts));
  return toBinary(ModelProtoSchema, proto);
}

function setMetadata(proto: ModelProto, key: string, value: string): void {
  proto.metadataProps = [
    ...proto.metadataProps.filter((entry) => entry.key !== key),
    create(StringStringEntryProtoSchema, { key, value }),
  ];
}

function viewOf(model: Uint8Array): GraphView {
  return new GraphView(fromBinary(ModelProtoSchema, model).graph!);
}
