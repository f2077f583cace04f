import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { checkModel, MODEL_BYTES_MAX } from '../../src/models/index.js';
import {
  AttributeProtoSchema,
  SparseTensorProtoSchema,
  ModelProtoSchema,
  TensorProtoSchema,
  TensorProto_DataLocation as DataLocation,
  type ModelProto,
} from '../../src/models/onnx/gen/onnx_pb.js';
import { tinyModel } from './tiny-model.js';

const good = tinyModel({});

describe('checkModel', () => {
  it('describes the inputs, outputs, metadata and operators of a model', () => {
    expect(checkModel(good)).toEqual({
      inputs: [{ name: 'image', type: 'uint8', dims: [1, 'height', 'width', 3] }],
      outputs: [{ name: 'pixels', type: 'float', dims: [1, 'height', 'width', 3] }],
      metadata: { 'sightline.name': 'tiny' },
      operators: ['Cast'],
      precision: 'float32',
      outputsVary: false,
    });
  });

  it('refuses an empty file, random bytes, text, and a model cut off at any byte', () => {
    const random = Uint8Array.from({ length: 4096 }, (_, i) => (i * 48271 + 11) % 251);
    const cuts = Array.from({ length: good.length - 1 }, (_, at) => good.subarray(0, at + 1));
    // Behind the operator set only metadata follows, which a model may do without.
    const whole = good.length - metadataBytes();
    for (const bytes of [
      new Uint8Array(),
      random,
      Buffer.from('{"model":1}'),
      ...cuts.filter((cut) => cut.length < whole),
    ])
      expect(() => checkModel(bytes)).toThrow(expect.objectContaining({ code: 'model/invalid' }));
  });

  it.each<[string, (model: ModelProto) => void]>([
    ['weights', (model) => model.graph!.initializer.push(external())],
    [
      'a constant within an operator',
      (model) =>
        model.graph!.node[0]!.attribute.push(create(AttributeProtoSchema, { name: 'value', t: external() })),
    ],
    [
      'a branch of an operator',
      (model) =>
        model.graph!.node[0]!.attribute.push(
          create(AttributeProtoSchema, { name: 'then_branch', g: { name: 'g', initializer: [external()] } }),
        ),
    ],
    [
      'a sparse tensor',
      (model) => model.graph!.sparseInitializer.push(create(SparseTensorProtoSchema, { values: external() })),
    ],
    ['a location without the flag', (model) => model.graph!.initializer.push(external(DataLocation.DEFAULT))],
  ])('refuses %s in another file', (_, spoil) => {
    const model = fromBinary(ModelProtoSchema, good);
    spoil(model);
    expect(() => checkModel(toBinary(ModelProtoSchema, model))).toThrow(
      expect.objectContaining({ code: 'model/external-data-forbidden' }),
    );
  });

  it('refuses more than 512 MiB before reading any of it', () => {
    const huge = new Uint8Array(MODEL_BYTES_MAX + 1);
    expect(() => checkModel(huge)).toThrow(expect.objectContaining({ code: 'model/too-large' }));
  });
});

function external(dataLocation = DataLocation.EXTERNAL) {
  const externalData = [{ key: 'location', value: '../../etc/passwd' }];
  return create(TensorProtoSchema, { name: 'outside', dataLocation, externalData });
}

function metadataBytes(): number {
  const model = fromBinary(ModelProtoSchema, good);
  model.metadataProps = [];
  return good.length - toBinary(ModelProtoSchema, model).length;
}
