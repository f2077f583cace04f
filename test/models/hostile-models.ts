import { create, fromBinary, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import {
  FunctionProtoSchema,
  ModelProtoSchema,
  TensorProtoSchema,
  type ModelProto,
} from '../../src/models/onnx/gen/onnx_pb.js';
import { GraphBuilder } from '../../src/models/onnx/graph-builder.js';
import { exported } from './families/exported.js';

/** A detector that the tests spoil. */
export const sound = exported({
  inputs: { images: ['float32', [1, 3, 64, 64]], orig_target_sizes: ['int64', [1, 2]] },
  outputs: {
    labels: { shape: [1, 1], values: [0], type: 'int64' },
    boxes: { shape: [1, 1, 4], values: [8, 8, 32, 32] },
    scores: { shape: [1, 1], values: [0.9] },
  },
});

/** The sound detector with weights that are to be read from another file. */
export function withExternalData(): Uint8Array {
  const externalData = [{ key: 'location', value: '../../etc/passwd' }];
  return spoilt((model) =>
    model.graph!.initializer.push(
      create(TensorProtoSchema, { name: 'outside', dataLocation: 1, externalData }),
    ),
  );
}

const FLOAT = 1;
const INT64 = 7;

/** The sound detector, changed. */
export function spoilt(change: (model: ModelProto) => void): Uint8Array {
  const model = fromBinary(ModelProtoSchema, sound);
  change(model);
  return toBinary(ModelProtoSchema, model);
}

/** Bytes whose graphs lie within operators within graphs, so many deep. */
export function nested(depth: number): Uint8Array {
  let graph: Uint8Array = new Uint8Array();
  for (let i = 0; i < depth; i++) graph = field(1, field(5, field(6, graph)));
  return field(7, graph);
}

/** Functions of one domain, by the operators that each calls; the graph calls the first. */
export function withFunctions(calls: Readonly<Record<string, readonly string[]>>): Uint8Array {
  return spoilt((model) => {
    model.functions = Object.entries(calls).map(([name, callees]) =>
      create(FunctionProtoSchema, {
        name,
        domain: 'own',
        input: ['x'],
        output: ['y'],
        opsetImport: [
          { domain: '', version: 17n },
          { domain: 'own', version: 1n },
        ],
        node: callees.map((opType, i) => ({
          opType,
          domain: opType in calls ? 'own' : '',
          input: [i === 0 ? 'x' : `v${i}`],
          output: [i === callees.length - 1 ? 'y' : `v${i + 1}`],
        })),
      }),
    );
    model.opsetImport.push(
      create(ModelProtoSchema, { opsetImport: [{ domain: 'own', version: 1n }] }).opsetImport[0]!,
    );
    model.graph!.node.push(...fromBinary(ModelProtoSchema, callOf(Object.keys(calls)[0]!)).graph!.node);
  });
}

/** A chain of functions, each of which calls the next twice: 2 to the power of `length` operators. */
export function doubling(length: number): Uint8Array {
  const names = Array.from({ length }, (_, i) => `f${i}`);
  return withFunctions(
    Object.fromEntries(
      names.map((name, i) => {
        const callee = names[i + 1] ?? 'Relu';
        return [name, [callee, callee]];
      }),
    ),
  );
}

/** Weights that say they have another shape than they hold data for. */
export function claiming(dims: readonly bigint[]): Uint8Array {
  return spoilt((model) =>
    model.graph!.initializer.push(tensor({ dims: [...dims], rawData: new Uint8Array(4) })),
  );
}

/** An operator that makes a constant of any shape out of nothing, when the model is loaded. */
export function conjuring(dims: readonly bigint[]): Uint8Array {
  return spoilt((model) => {
    const { graph } = model;
    graph!.initializer.push(
      create(TensorProtoSchema, {
        name: 'far',
        dataType: INT64,
        dims: [BigInt(dims.length)],
        int64Data: [...dims],
      }),
    );
    const builder = new GraphBuilder('conjured_');
    builder.node('ReduceMax', [builder.node('ConstantOfShape', ['far'])], {}, 'conjured');
    graph!.node.push(...fromBinary(ModelProtoSchema, builder.build('x')).graph!.node);
  });
}

function tensor(fields: Omit<MessageInitShape<typeof TensorProtoSchema>, '$typeName'>) {
  return create(TensorProtoSchema, { name: 'weights', dataType: FLOAT, ...fields });
}

function callOf(name: string): Uint8Array {
  const builder = new GraphBuilder();
  builder.node(name, ['scores'], {}, 'called');
  const model = fromBinary(ModelProtoSchema, builder.build('call'));
  model.graph!.node[0]!.domain = 'own';
  return toBinary(ModelProtoSchema, model);
}

/** A length-delimited field of a protocol buffer. */
function field(number: number, bytes: Uint8Array): Uint8Array {
  const head = [(number << 3) | 2];
  let rest = bytes.length;
  for (; rest > 127; rest = Math.floor(rest / 128)) head.push((rest % 128) | 128);
  return Buffer.concat([Uint8Array.from([...head, rest]), bytes]);
}
