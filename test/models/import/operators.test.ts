import { describe, expect, it } from '@jest/globals';
import * as ort from 'onnxruntime-node';
import { runTfjs } from '../../../src/cli/tfjs-reference.js';
import type { RawTensor } from '../../../src/inference/index.js';
import { openSession } from '../../../src/inference/session.js';
import { importTfjs } from '../../../src/models/index.js';
import { OPERATORS } from '../../../src/models/import/operators.js';
import { attr, ints, mixed, one, tinyGraph, type TinyConstant, type TinyNode } from './tiny-graph.js';

interface Case {
  /** Shapes of the inputs x and y; whole numbers where `isInt`. */
  readonly x: readonly number[];
  readonly y?: readonly number[];
  readonly isInt?: true;
  readonly constants?: Readonly<Record<string, TinyConstant>>;
  /** Without output names the last node is the output. */
  readonly nodes: readonly TinyNode[];
  readonly outputs?: readonly string[];
}

const IMAGE = [1, 5, 6, 3] as const;
const nhwc = { data_format: attr.text('NHWC') };
const conv = (strides: number, padding: string, more = {}) => ({
  ...nhwc,
  strides: attr.ints(1, strides, strides, 1),
  dilations: attr.ints(1, 1, 1, 1),
  padding: attr.text(padding),
  ...more,
});
const resize = (alignCorners: boolean, halfPixel: boolean) => ({
  align_corners: attr.flag(alignCorners),
  half_pixel_centers: attr.flag(halfPixel),
});

function masks({ begin = 0, end = 0, shrink = 0 }: { begin?: number; end?: number; shrink?: number }) {
  return {
    ...{ begin_mask: attr.int(begin), end_mask: attr.int(end), shrink_axis_mask: attr.int(shrink) },
    ...{ ellipsis_mask: attr.int(0), new_axis_mask: attr.int(0) },
  };
}

function unaries(x: readonly number[], ...ops: string[]): [string, Case][] {
  return ops.map((op) => [op, { x, nodes: [['o', op, ['x']]] }]);
}

function binaries(isInt: boolean, ...ops: string[]): [string, Case][] {
  return ops.map((op) => [
    `${op} of ${isInt ? 'whole numbers' : 'numbers'}`,
    { x: [1, 2, 3, 4], y: [3, 4], ...(isInt && { isInt }), nodes: [['o', op, ['x', 'y']]] },
  ]);
}

function reduced(op: string, keepDims: boolean, ...axes: number[]): [string, Case] {
  return [
    `${op} over ${axes.join()}${keepDims ? ', kept' : ''}`,
    {
      x: IMAGE,
      constants: { a: ints(...axes) },
      nodes: [['o', op, ['x', 'a'], { keep_dims: attr.flag(keepDims) }]],
    },
  ];
}

const truths: TinyNode[] = [
  ['p', 'Greater', ['x', 'zero']],
  ['q', 'Less', ['x', 'one']],
];
const zeroOne = { zero: one(0, 'float32'), one: one(1, 'float32') };

const CASES: readonly [string, Case][] = [
  ...unaries(
    IMAGE,
    'Relu',
    'Relu6',
    'Elu',
    'Selu',
    'Sigmoid',
    'Tanh',
    'Softplus',
    'Erf',
    'Softmax',
    'LogSoftmax',
  ),
  ...unaries(
    IMAGE,
    'Exp',
    'Square',
    'Neg',
    'Abs',
    'Sign',
    'Reciprocal',
    'Floor',
    'Ceil',
    'Round',
    'Sin',
    'Cos',
  ),
  ...['Log', 'Sqrt', 'Rsqrt'].map((op): [string, Case] => [
    op,
    {
      x: IMAGE,
      nodes: [
        ['s', 'Square', ['x']],
        ['o', op, ['s']],
      ],
    },
  ]),
  ...['Identity', 'StopGradient', 'Snapshot'].map((op): [string, Case] => [
    op,
    {
      x: IMAGE,
      nodes: [
        ['n', 'Neg', ['x']],
        ['o', op, ['n']],
      ],
    },
  ]),
  ['LeakyRelu', { x: IMAGE, nodes: [['o', 'LeakyRelu', ['x'], { alpha: attr.float(0.3) }]] }],
  ['Prelu', { x: IMAGE, constants: { w: mixed(1, 1, 3) }, nodes: [['o', 'Prelu', ['x', 'w']]] }],
  ...binaries(false, 'Add', 'AddV2', 'Sub', 'Mul', 'RealDiv', 'Div', 'FloorMod', 'Mod', 'Maximum'),
  ...binaries(false, 'Minimum', 'SquaredDifference', 'Equal', 'NotEqual', 'Greater', 'GreaterEqual', 'Less'),
  ...binaries(false, 'LessEqual'),
  ...binaries(
    true,
    'AddV2',
    'Sub',
    'Mul',
    'RealDiv',
    'FloorDiv',
    'FloorMod',
    'Equal',
    'LessEqual',
    'Maximum',
  ),
  ['Pow', { x: IMAGE, constants: { w: one(2, 'float32') }, nodes: [['o', 'Pow', ['x', 'w']]] }],
  ['AddN', { x: IMAGE, y: IMAGE, nodes: [['o', 'AddN', ['x', 'y', 'x']]] }],
  [
    'ClipByValue',
    {
      x: IMAGE,
      constants: { a: one(-0.5, 'float32'), b: one(0.4, 'float32') },
      nodes: [['o', 'ClipByValue', ['x', 'a', 'b']]],
    },
  ],
  ['Cast', { x: IMAGE, nodes: [['o', 'Cast', ['x'], { DstT: attr.type('DT_INT32') }]] }],
  ...['LogicalAnd', 'LogicalOr'].map((op): [string, Case] => [
    op,
    { x: IMAGE, constants: zeroOne, nodes: [...truths, ['o', op, ['p', 'q']]] },
  ]),
  ['LogicalNot', { x: IMAGE, constants: zeroOne, nodes: [...truths, ['o', 'LogicalNot', ['p']]] }],
  ...['Select', 'SelectV2'].map((op): [string, Case] => [
    op,
    { x: IMAGE, y: IMAGE, constants: zeroOne, nodes: [...truths, ['o', op, ['p', 'x', 'y']]] },
  ]),
  ...['All', 'Any'].map((op): [string, Case] => [
    op,
    { x: IMAGE, constants: { ...zeroOne, a: ints(1) }, nodes: [...truths, ['o', op, ['q', 'a']]] },
  ]),

  ...['SAME', 'VALID'].flatMap((padding): [string, Case][] => [
    [
      `Conv2D ${padding}`,
      {
        x: IMAGE,
        constants: { w: mixed(3, 3, 3, 5) },
        nodes: [['o', 'Conv2D', ['x', 'w'], conv(2, padding)]],
      },
    ],
    [
      `DepthwiseConv2dNative ${padding}`,
      {
        x: IMAGE,
        constants: { w: mixed(3, 3, 3, 2) },
        nodes: [['o', 'DepthwiseConv2dNative', ['x', 'w'], conv(1, padding)]],
      },
    ],
    [
      `MaxPool ${padding}`,
      { x: IMAGE, nodes: [['o', 'MaxPool', ['x'], conv(2, padding, { ksize: attr.ints(1, 3, 3, 1) })]] },
    ],
    [
      `AvgPool ${padding}`,
      { x: IMAGE, nodes: [['o', 'AvgPool', ['x'], conv(2, padding, { ksize: attr.ints(1, 3, 3, 1) })]] },
    ],
  ]),
  [
    '_FusedConv2D read by convolutions, which is padded to a multiple of 4 channels',
    {
      x: IMAGE,
      constants: { w: mixed(1, 1, 3, 5), b: mixed(5), d: mixed(3, 3, 5, 1), v: mixed(1, 1, 5, 2) },
      nodes: [
        [
          'c',
          '_FusedConv2D',
          ['x', 'w', 'b'],
          conv(1, 'SAME', { num_args: attr.int(1), fused_ops: attr.texts('BiasAdd', 'Relu') }),
        ],
        [
          'e',
          'FusedDepthwiseConv2dNative',
          ['c', 'd', 'b'],
          conv(1, 'SAME', { num_args: attr.int(1), fused_ops: attr.texts('BiasAdd', 'Relu6') }),
        ],
        ['o', 'Conv2D', ['e', 'v'], conv(1, 'SAME')],
      ],
      outputs: ['c', 'o'],
    },
  ],
  ...(
    [
      ['SAME', 10, 12],
      ['SAME', 9, 11],
      ['VALID', 11, 13],
    ] as const
  ).map(([padding, height, width]): [string, Case] => [
    `Conv2DBackpropInput ${padding} to ${height}×${width}`,
    {
      x: IMAGE,
      constants: { s: ints(1, height, width, 2), w: mixed(3, 3, 2, 3) },
      nodes: [['o', 'Conv2DBackpropInput', ['s', 'w', 'x'], conv(2, padding)]],
    },
  ]),
  ['BiasAdd', { x: IMAGE, constants: { b: mixed(3) }, nodes: [['o', 'BiasAdd', ['x', 'b'], nhwc]] }],
  ...['FusedBatchNorm', 'FusedBatchNormV2', 'FusedBatchNormV3'].map((op): [string, Case] => [
    op,
    {
      x: IMAGE,
      constants: { s: mixed(3), b: mixed(3), m: mixed(3), v: { shape: [3], values: [0.5, 1, 2] } },
      nodes: [['o', op, ['x', 's', 'b', 'm', 'v'], { ...nhwc, epsilon: attr.float(0.001) }]],
    },
  ]),
  [
    'MatMul',
    {
      x: [2, 3],
      constants: { w: mixed(4, 3) },
      nodes: [['o', 'MatMul', ['x', 'w'], { transpose_b: attr.flag(true) }]],
    },
  ],
  ['MatMul of computed values', { x: [2, 3], y: [3, 4], nodes: [['o', 'MatMul', ['x', 'y']]] }],
  [
    '_FusedMatMul',
    {
      x: [2, 3],
      constants: { w: mixed(3, 4), b: mixed(4) },
      nodes: [
        [
          'o',
          '_FusedMatMul',
          ['x', 'w', 'b'],
          { num_args: attr.int(1), fused_ops: attr.texts('BiasAdd', 'Relu') },
        ],
      ],
    },
  ],
  ...['BatchMatMul', 'BatchMatMulV2'].map((op): [string, Case] => [
    op,
    { x: [1, 2, 3, 4], y: [1, 2, 5, 4], nodes: [['o', op, ['x', 'y'], { adj_y: attr.flag(true) }]] },
  ]),

  ...['Mean', 'Sum', 'Prod', 'Max', 'Min'].flatMap((op) => [
    reduced(op, true, 1, 2),
    reduced(op, false, 1, 2),
    reduced(op, false, -1),
    reduced(op, true, 3),
    reduced(op, false, 0),
  ]),
  ...['ArgMax', 'ArgMin'].map((op): [string, Case] => [
    op,
    { x: IMAGE, constants: { a: one(2) }, nodes: [['o', op, ['x', 'a']]] },
  ]),
  [
    'TopKV2',
    {
      x: [2, 9],
      constants: { k: one(3) },
      nodes: [
        ['t', 'TopKV2', ['x', 'k'], { sorted: attr.flag(true) }],
        ['o', 'Neg', ['t']],
        ['i', 'Identity', ['t:1']],
      ],
      outputs: ['o', 'i'],
    },
  ],

  ...[resize(false, false), resize(true, false), resize(false, true)].flatMap((rule): [string, Case][] =>
    ['ResizeBilinear', 'ResizeNearestNeighbor'].map((op) => [
      `${op} ${JSON.stringify(rule)}`,
      { x: [1, 4, 3, 2], constants: { s: ints(8, 9) }, nodes: [['o', op, ['x', 's'], rule]] },
    ]),
  ),
  [
    'DepthToSpace',
    { x: [1, 2, 3, 8], nodes: [['o', 'DepthToSpace', ['x'], { ...nhwc, block_size: attr.int(2) }]] },
  ],
  ['Reshape', { x: IMAGE, constants: { s: ints(1, 10, -1) }, nodes: [['o', 'Reshape', ['x', 's']]] }],
  ['Squeeze', { x: [1, 4, 1, 3], nodes: [['o', 'Squeeze', ['x'], { squeeze_dims: attr.ints(2) }]] }],
  ['ExpandDims', { x: [2, 3, 4], constants: { a: one(-1) }, nodes: [['o', 'ExpandDims', ['x', 'a']]] }],
  ['Transpose', { x: IMAGE, constants: { a: ints(0, 3, 1, 2) }, nodes: [['o', 'Transpose', ['x', 'a']]] }],
  [
    'ConcatV2 with a constant',
    {
      x: IMAGE,
      constants: { c: mixed(1, 5, 6, 2), a: one(-1) },
      nodes: [['o', 'ConcatV2', ['x', 'c', 'a'], { N: attr.int(2) }]],
    },
  ],
  [
    'Pack',
    { x: [2, 3, 4], y: [2, 3, 4], nodes: [['o', 'Pack', ['x', 'y'], { axis: attr.int(1), N: attr.int(2) }]] },
  ],
  [
    'Unpack',
    {
      x: [1, 2, 3, 4],
      nodes: [
        ['u', 'Unpack', ['x'], { axis: attr.int(2), num: attr.int(3) }],
        ['o', 'Sub', ['u:2', 'u']],
      ],
    },
  ],
  [
    'Split',
    {
      x: IMAGE,
      constants: { a: one(3) },
      nodes: [
        ['s', 'Split', ['a', 'x'], { num_split: attr.int(3) }],
        ['o', 'Sub', ['s:1', 's']],
      ],
    },
  ],
  [
    'SplitV',
    {
      x: IMAGE,
      constants: { n: ints(2, -1), a: one(2) },
      nodes: [
        ['s', 'SplitV', ['x', 'n', 'a'], { num_split: attr.int(2) }],
        ['o', 'Neg', ['s:1']],
      ],
    },
  ],
  [
    'Slice',
    {
      x: IMAGE,
      constants: { b: ints(0, 1, 2, 0), s: ints(1, 3, -1, 2) },
      nodes: [['o', 'Slice', ['x', 'b', 's']]],
    },
  ],
  [
    'StridedSlice with masks, backwards',
    {
      x: IMAGE,
      constants: { b: ints(0, -1, 1, 1), e: ints(0, 0, -1, 2), s: ints(1, -2, 2, 1) },
      nodes: [['o', 'StridedSlice', ['x', 'b', 'e', 's'], masks({ begin: 1, end: 3 })]],
    },
  ],
  [
    'StridedSlice that drops a dimension',
    {
      x: IMAGE,
      constants: { b: ints(0, 1, -1), e: ints(0, 4, 0), s: ints(1, 1, 1) },
      nodes: [['o', 'StridedSlice', ['x', 'b', 'e', 's'], masks({ begin: 1, end: 1, shrink: 4 })]],
    },
  ],
  [
    'FloorDiv of numbers, which TF.js gives as whole ones',
    {
      x: IMAGE,
      y: IMAGE,
      nodes: [
        ['f', 'FloorDiv', ['x', 'y']],
        ['o', 'Cast', ['f'], { DstT: attr.type('DT_INT32') }],
      ],
    },
  ],
  ...['GatherV2'].map((op): [string, Case] => [
    op,
    {
      x: IMAGE,
      constants: { i: ints(3, 0, 3), a: one(1) },
      nodes: [['o', op, ['x', 'i', 'a'], { batch_dims: attr.int(0) }]],
    },
  ]),
  [
    'GatherNd',
    {
      x: IMAGE,
      constants: { i: { shape: [2, 3], values: [0, 1, 2, 0, 4, 5], dtype: 'int32' } },
      nodes: [['o', 'GatherNd', ['x', 'i']]],
    },
  ],
  ['Tile', { x: [1, 2, 3, 2], constants: { n: ints(1, 2, 1, 3) }, nodes: [['o', 'Tile', ['x', 'n']]] }],
  [
    'BroadcastTo',
    { x: [1, 2, 1, 3], constants: { s: ints(1, 2, 4, 3) }, nodes: [['o', 'BroadcastTo', ['x', 's']]] },
  ],
  [
    'Pad',
    {
      x: IMAGE,
      constants: { p: { shape: [4, 2], values: [0, 0, 1, 2, 0, 3, 1, 0], dtype: 'int32' } },
      nodes: [['o', 'Pad', ['x', 'p']]],
    },
  ],
  [
    'PadV2',
    {
      x: IMAGE,
      constants: {
        p: { shape: [4, 2], values: [0, 0, 1, 2, 0, 3, 0, 0], dtype: 'int32' },
        v: one(-2, 'float32'),
      },
      nodes: [['o', 'PadV2', ['x', 'p', 'v']]],
    },
  ],
  [
    'MirrorPad',
    {
      x: IMAGE,
      constants: { p: { shape: [4, 2], values: [0, 0, 1, 2, 2, 1, 0, 0], dtype: 'int32' } },
      nodes: [['o', 'MirrorPad', ['x', 'p'], { mode: attr.text('reflect') }]],
    },
  ],

  [
    'a flattening by Shape, StridedSlice and Pack, as Keras models have it',
    {
      x: IMAGE,
      constants: { b: ints(0), e: ints(1), s: ints(1), rest: one(-1) },
      nodes: [
        ['n', 'Neg', ['x']],
        ['h', 'Shape', ['n']],
        ['d', 'StridedSlice', ['h', 'b', 'e', 's'], masks({ shrink: 1 })],
        ['k', 'Pack', ['d', 'rest'], { axis: attr.int(0), N: attr.int(2) }],
        ['o', 'Reshape', ['n', 'k']],
      ],
    },
  ],
  [
    'hard-swish and its gate with 1/6 as float16 holds it, read by a convolution and by others',
    {
      x: IMAGE,
      constants: {
        three: one(3, 'float32'),
        sixth: one(0.16662598, 'float32'),
        w: mixed(1, 1, 3, 4),
        a: ints(1, 2),
      },
      nodes: [
        ['p', 'AddV2', ['x', 'three']],
        ['r', 'Relu6', ['p']],
        ['g', 'Mul', ['r', 'sixth']],
        ['h', 'Mul', ['x', 'g']],
        ['m', 'Mean', ['h', 'a'], { keep_dims: attr.flag(true) }],
        ['q', 'Mul', ['h', 'm']],
        ['c', 'Conv2D', ['q', 'w'], conv(1, 'SAME')],
        ['o', 'AddV2', ['h', 'g']],
      ],
      outputs: ['c', 'o', 'm'],
    },
  ],
];

function values(shape: readonly number[], isInt: boolean, shift: number): RawTensor {
  const { values: list } = mixed(...shape);
  const data = list.map((value, i) => (isInt ? ((i * 7 + shift) % 11) - 5 || 3 : value + shift * 0.37));
  return isInt
    ? { type: 'int32', dims: shape, data: Int32Array.from(data) }
    : { type: 'float32', dims: shape, data: Float32Array.from(data) };
}

describe('an imported operator', () => {
  it.each(CASES)('gives what TF.js gives: %s', async (_, { x, y, isInt, constants, nodes, outputs }) => {
    const feeds: Record<string, RawTensor> = { x: values(x, isInt === true, 0) };
    if (y !== undefined) feeds['y'] = values(y, isInt === true, 1);
    const type = isInt === true ? 'DT_INT32' : 'DT_FLOAT';
    const inputs = Object.fromEntries(
      Object.entries(feeds).map(([name, { dims }]) => [name, { shape: dims, type }]),
    );
    const files = tinyGraph({ inputs, nodes, ...(constants && { constants }), outputs: outputs ?? ['o'] });
    const names = outputs ?? ['o'];

    const expected = (await runTfjs(files, [feeds], names)).outputs[0]!;
    const session = await openSession(importTfjs(files.model));
    const tensors = Object.entries(feeds).map(([name, t]) => [name, new ort.Tensor(t.type, t.data, t.dims)]);
    const made = await session.run(Object.fromEntries(tensors) as ort.InferenceSession.FeedsType);

    for (const name of names) {
      expect({ dims: made[name]!.dims, type: made[name]!.type }).toEqual({
        dims: expected[name]!.dims,
        type: expected[name]!.type,
      });
      const [actual, wanted] = [made[name]!.data as Float32Array, expected[name]!.data];
      wanted.forEach((value, i) => {
        // Equal infinities have no difference that is a number.
        const error = Object.is(actual[i], value) ? 0 : Math.abs(actual[i]! - value);
        expect(error).toBeLessThanOrEqual(2e-5 * Math.max(1, Math.abs(value)));
      });
    }
  });

  it('has a case here for each that the importer knows', () => {
    const tried = new Set(CASES.flatMap(([, { nodes }]) => nodes.map(([, op]) => op)));
    // TF.js itself knows Gather by its second version alone.
    expect(Object.keys(OPERATORS).filter((op) => !tried.has(op) && op !== 'Gather')).toEqual([]);
  });
});
