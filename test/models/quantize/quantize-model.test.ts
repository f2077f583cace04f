import { describe, expect, it } from '@jest/globals';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  checkModel,
  convolutionsOf,
  foldModel,
  markQuantised,
  planConvolution,
  planModel,
  quantizeModel,
  toFloat16,
} from '../../../src/models/index.js';
import { ModelProtoSchema, type GraphProto } from '../../../src/models/onnx/gen/onnx_pb.js';
import { GraphBuilder } from '../../../src/models/onnx/graph-builder.js';

/** Channels of the inner convolutions: enough for int8. */
const WIDTH = 24;

/** A convolution over a picture, hard-swish, three more convolutions with batch normalisation and hard-swish between; decoding behind. */
function network(): Uint8Array {
  const builder = new GraphBuilder();
  builder.input('image', 'float32', [1, 3, 'h', 'w']);
  const ramp = (length: number) => Float32Array.from({ length }, (_, i) => (i % 7) / 7 - 0.4);
  const weights = (to: number, from: number) => builder.floats([to, from, 1, 1], ramp(to * from));
  const first = builder.node('Conv', ['image', weights(WIDTH, 3)], {}, 'first');
  const swish = builder.node('HardSwish', [first], {}, 'swish');
  const bias = builder.floats([WIDTH], new Float32Array(WIDTH).fill(1));
  const second = builder.node('Conv', [swish, weights(WIDTH, WIDTH), bias], {}, 'second');
  const norm = [1, 2, 3, 4].map((value) => builder.floats([WIDTH], new Float32Array(WIDTH).fill(value)));
  const relu = builder.node(
    'Relu',
    [builder.node('BatchNormalization', [second, ...norm], {}, 'norm')],
    {},
    'relu',
  );
  const third = builder.node('Conv', [relu, weights(WIDTH, WIDTH)], {}, 'third');
  const swish2 = builder.node('HardSwish', [third], {}, 'swish2');
  const fourth = builder.node('Conv', [swish2, weights(5, WIDTH)], {}, 'fourth');
  builder.node('Sigmoid', [fourth], {}, 'scores');
  builder.output('scores', [1, 5, 'h', 'w']);
  return builder.build('network', { 'sightline.name': 'network' });
}

const graphOf = (model: Uint8Array): GraphProto => fromBinary(ModelProtoSchema, model).graph!;
const types = (model: Uint8Array) => graphOf(model).node.map(({ opType }) => opType);
const FORMAT = { activations: 'u8', weightBits: 8 } as const;

function int8(): Uint8Array {
  const folded = foldModel(network());
  const plan = planModel(folded);
  const ranges = new Map(plan.activations.map((value) => [value, { min: -2, max: 6 }]));
  return quantizeModel(folded, plan, ranges, FORMAT);
}

describe('checkModel', () => {
  it('tells what a model computes in', () => {
    expect(checkModel(network()).precision).toBe('float32');
    expect(checkModel(int8()).precision).toBe('int8');
    expect(checkModel(toFloat16(network())).precision).toBe('float16');
  });
});

describe('foldModel', () => {
  it('folds batch normalisation into the convolution before it', () => {
    const folded = foldModel(Buffer.from(network()));
    expect(types(folded)).not.toContain('BatchNormalization');
    const second = graphOf(folded).node.find(
      ({ opType, input }) => opType === 'Conv' && input[0] === 'swish',
    )!;
    const bias = graphOf(folded).initializer.find(({ name }) => name === second.input[2])!;
    const values = new Float32Array(bias.rawData.slice().buffer);
    // beta + (bias - mean) · gamma / √(variance + ε)
    expect(values[0]).toBeCloseTo(2 + (1 - 3) * (1 / Math.sqrt(4 + 1e-5)), 4);
  });
});

describe('planModel', () => {
  it('leaves the first convolution over a picture, and what lies behind the last one, in float', () => {
    const { nodes } = planModel(foldModel(network()));
    expect(nodes).toEqual(new Set(['norm', 'relu', 'third', 'swish2', 'fourth']));
  });

  it('keeps what it is told to keep', () => {
    const { nodes } = planModel(foldModel(network()), ({ name }) => name === 'fourth');
    expect(nodes.has('fourth')).toBe(false);
    // Nothing behind the third is int8, so its hard-swish belongs to the float part.
    expect(nodes.has('swish2')).toBe(false);
    expect(nodes.has('third')).toBe(true);
  });

  it('takes one convolution alone with the cut-off that is fused into it', () => {
    const folded = foldModel(network());
    const [conv] = convolutionsOf(folded);
    expect(planConvolution(folded, conv!.output).nodes).toEqual(new Set([conv!.output, 'relu']));
  });
});

describe('quantizeModel', () => {
  it('stores weights as int8 with a scale for each output channel', () => {
    const graph = graphOf(int8());
    const weights = graph.initializer.find(({ name }) => name === 'third_int8_w')!;
    const scales = graph.initializer.find(({ name }) => name === 'third_int8_w_scale')!;
    expect(weights.rawData).toHaveLength(WIDTH ** 2);
    expect(scales.dims).toEqual([BigInt(WIDTH)]);
    const stored = new Int8Array(weights.rawData.slice().buffer);
    expect(Math.max(...stored.map(Math.abs))).toBe(127);
  });

  it('writes hard-swish as a table and an int8 product, and leaves no float operator between int8 ones', () => {
    const after = types(int8());
    expect(after.filter((type) => type === 'HardSwish')).toHaveLength(1);
    expect(after).toEqual(expect.arrayContaining(['LeakyRelu', 'Mul']));
  });

  it('keeps inputs, outputs and name', () => {
    const before = checkModel(network());
    const after = checkModel(markQuantised(int8(), 'network-int8', { precision: 'int8' }));
    expect(after.inputs).toEqual(before.inputs);
    expect(after.outputs).toEqual(before.outputs);
    expect(after.metadata).toEqual({
      'sightline.name': 'network-int8',
      'sightline.quantised': '{"precision":"int8"}',
    });
  });

  it('uses QuantizeLinear of ONNX from opset 13 on, and the one of Microsoft before', () => {
    expect(graphOf(int8()).node.every(({ domain }) => domain === '')).toBe(true);
    const old = fromBinary(ModelProtoSchema, foldModel(network()));
    old.opsetImport[0]!.version = 11n;
    const folded = toBinary(ModelProtoSchema, old);
    const made = quantizeModel(folded, planModel(folded), new Map(), FORMAT);
    const pairs = graphOf(made).node.filter(({ opType }) => opType.endsWith('QuantizeLinear'));
    expect(pairs.length).toBeGreaterThan(0);
    expect(pairs.every(({ domain }) => domain === 'com.microsoft')).toBe(true);
  });
});

describe('toFloat16', () => {
  it('halves the weights and keeps inputs and outputs in float32, of a file as Node.js reads it too', () => {
    const half = toFloat16(Buffer.from(network()));
    expect(checkModel(half).inputs).toEqual(checkModel(network()).inputs);
    expect(checkModel(half).outputs).toEqual(checkModel(network()).outputs);
    const [weights] = graphOf(half).initializer;
    expect(weights!.dataType).toBe(10);
    expect(weights!.rawData).toHaveLength(2 * 3 * WIDTH);
  });
});
