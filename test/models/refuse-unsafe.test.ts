import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import * as ort from 'onnxruntime-node';
import { checkModel } from '../../src/models/index.js';
import {
  AttributeProtoSchema,
  FunctionProtoSchema,
  OperatorSetIdProtoSchema,
  TensorProtoSchema,
  TensorProto_DataLocation as DataLocation,
  ValueInfoProtoSchema,
  type FunctionProto,
} from '../../src/models/onnx/gen/onnx_pb.js';
import { IR_VERSION_MAX, OPSET_MAX } from '../../src/models/refuse-unsafe.js';
import { claiming, conjuring, doubling, nested, sound, spoilt, withFunctions } from './hostile-models.js';

const opens = (model: Uint8Array) =>
  ort.InferenceSession.create(model, { logSeverityLevel: 4 }).then(
    () => true,
    () => false,
  );
const opset = (version: bigint) => spoilt((model) => (model.opsetImport[0]!.version = version));
const ofDomain = (domain: string) => spoilt((model) => (model.graph!.node[0]!.domain = domain));
const inputOf = (dims: readonly bigint[]) =>
  spoilt((model) => {
    const dim = dims.map((value) => ({ value: { case: 'dimValue', value } as const }));
    const type = { value: { case: 'tensorType', value: { elemType: 1, shape: { dim } } } } as const;
    model.graph!.input[0] = create(ValueInfoProtoSchema, { name: 'images', type });
  });

describe('refuseUnsafe', () => {
  it('lets a sound model pass, with functions of its own and with standard operators', () => {
    for (const model of [
      sound,
      withFunctions({ twice: ['once', 'once'], once: ['Relu'] }),
      doubling(8),
      ofDomain('ai.onnx'),
      conjuring([100n, 100n]),
      opset(BigInt(OPSET_MAX)),
    ])
      expect(checkModel(model).outputs).toHaveLength(3);
  });

  it.each<[string, Uint8Array, string, RegExp]>([
    ['graphs nested 3000 deep', nested(3000), 'model/invalid', /depth/],
    ['a function that calls itself', withFunctions({ f: ['f'] }), 'model/invalid', /own::f calls own::f/],
    [
      'functions that call each other in a circle',
      withFunctions({ a: ['b'], b: ['Relu', 'c'], c: ['a'] }),
      'model/invalid',
      /own::a calls own::b calls own::c calls own::a/,
    ],
    ['functions that double 40 times', doubling(40), 'model/too-complex', /operators/],
    [
      'functions that call one another 100 deep',
      withFunctions(
        Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`f${i}`, [i < 99 ? `f${i + 1}` : 'Relu']])),
      ),
      'model/too-complex',
      /deep/,
    ],
    ['operators of a library', ofDomain('com.example.ops'), 'model/unknown-domain', /"com\.example\.ops"/],
    ['an opset to come', opset(99n), 'model/opset', /opset 99;.* up to 26/],
    ['opset 0', opset(0n), 'model/invalid', /opset 0/],
    ['a format to come', spoilt((model) => (model.irVersion = 99n)), 'model/opset', /IR version 99/],
    [
      'weights of 4 bytes that claim a terabyte',
      claiming([500_000n, 500_000n]),
      'model/invalid',
      /claims the shape/,
    ],
    ['weights of a negative length', claiming([-1n]), 'model/invalid', /negative/],
    [
      'a constant of a terabyte, made on loading',
      conjuring([500_000n, 500_000n]),
      'model/too-complex',
      /500000/,
    ],
    ['a picture of a terabyte', inputOf([1n, 3n, 300_000n, 300_000n]), 'model/too-complex', /"images"/],
  ])('refuses %s', (_, model, code, message) => {
    const refused = () => checkModel(model);
    expect(refused).toThrow(expect.objectContaining({ code }));
    expect(refused).toThrow(message);
  });

  it('refuses external data in the body and in the defaults of a function', () => {
    const outside = create(TensorProtoSchema, {
      name: 'outside',
      dataLocation: DataLocation.EXTERNAL,
      externalData: [{ key: 'location', value: '../../etc/passwd' }],
    });
    const attribute = create(AttributeProtoSchema, { name: 'value', t: outside });
    for (const place of ['body', 'defaults'] as const) {
      const model = spoiltFunction((made) => {
        if (place === 'body') made.node[0]!.attribute.push(attribute);
        else made.attributeProto.push(attribute);
      });
      expect(() => checkModel(model)).toThrow(
        expect.objectContaining({ code: 'model/external-data-forbidden' }),
      );
    }
  });

  it('knows the newest opset and format of the runtime that is installed', async () => {
    const at = (version: number, ir: number) =>
      opens(
        spoilt((model) => {
          model.opsetImport = [create(OperatorSetIdProtoSchema, { domain: '', version: BigInt(version) })];
          model.irVersion = BigInt(ir);
        }),
      );
    expect(
      await Promise.all([at(OPSET_MAX, IR_VERSION_MAX), at(OPSET_MAX + 1, 8), at(17, IR_VERSION_MAX + 1)]),
    ).toEqual([true, false, false]);
  });
});

function spoiltFunction(change: (made: FunctionProto) => void): Uint8Array {
  return spoilt((model) => {
    const made = create(FunctionProtoSchema, { name: 'f', domain: 'own', node: [{ opType: 'Relu' }] });
    change(made);
    model.functions.push(made);
  });
}
