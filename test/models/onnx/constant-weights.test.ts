import { describe, expect, it } from '@jest/globals';
import { fromBinary } from '@bufbuild/protobuf';
import { makeWeightsConstant } from '../../../src/models/onnx/constant-weights.js';
import { ModelProtoSchema } from '../../../src/models/onnx/gen/onnx_pb.js';
import { GraphBuilder } from '../../../src/models/onnx/graph-builder.js';

describe('makeWeightsConstant', () => {
  it('takes weights out of the inputs of a file of IR version 3, and leaves other inputs', () => {
    const builder = new GraphBuilder();
    builder.input('image', 'float32', [1, 3]);
    const weights = builder.floats([1], Float32Array.of(2));
    builder.input(weights, 'float32', [1]);
    builder.node('Mul', ['image', weights], {}, 'twice');
    builder.output('twice', [1, 3]);
    const model = fromBinary(ModelProtoSchema, builder.build('old'));
    model.irVersion = 3n;
    makeWeightsConstant(model);
    expect(model.graph!.input.map(({ name }) => name)).toEqual(['image']);
    expect(model.irVersion).toBe(4n);
  });
});
