import { describe, expect, it } from '@jest/globals';
import { decodeMask, maskArea } from '../../../src/geometry/index.js';
import type { GraphBuilder } from '../../../src/models/onnx/graph-builder.js';
import { detectAll, exported, recognised, type Layout } from './exported.js';

const SOURCE = { widthPx: 32, heightPx: 16 };
const PUBLISHED = { mean: [0, 0, 0], std: [255, 255, 255], order: 'rgb', size: 'dynamic' };

/** One "dog" for each bright pixel, a box of 2×2 at it: as many rows as the picture says, as behind a suppression. */
function brightPixels(builder: GraphBuilder): void {
  const brightest = builder.node('ReduceMax', ['image.1'], { axes: { ints: [0] }, keepdims: { int: 0 } });
  const bright = builder.node('Greater', [brightest, builder.floats([1], Float32Array.of(0.9))]);
  const places = builder.node('NonZero', [builder.node('Cast', [bright], { to: { int: 1 } })]);
  const rows = builder.node('Transpose', [places], { perm: { ints: [1, 0] } });
  const swapped = builder.node('Gather', [rows, builder.int64s([1, 0])], { axis: { int: 1 } });
  const xy = builder.node('Cast', [swapped], { to: { int: 1 } });
  const two = builder.floats([1], Float32Array.of(2));
  const sum = builder.node('ReduceMax', [xy], { axes: { ints: [1] }, keepdims: { int: 0 } });
  const zero = builder.node('Mul', [sum, builder.floats([1], Float32Array.of(0))]);
  // In the order of FCOS and RetinaNet, under names that the exporter made up.
  builder.node('Add', [zero, builder.floats([1], Float32Array.of(0.75))], {}, '2770');
  const label = builder.node('Add', [zero, builder.floats([1], Float32Array.of(18))]);
  builder.node('Cast', [label], { to: { int: 7 } }, '2771');
  builder.node('Concat', [xy, builder.node('Add', [xy, two])], { axis: { int: 1 } }, '2769');
  builder.output('2770', ['Gather2770_dim_0']);
  builder.output('2771', ['Gather2770_dim_0'], 'int64');
  builder.output('2769', ['Gather2770_dim_0', 4]);
}

const set =
  (...places: readonly (readonly [number, number])[]) =>
  (luma: Uint8Array) => {
    for (const [x, y] of places)
      for (const dy of [0, 1]) luma.fill(235, (y + dy) * 32 + x, (y + dy) * 32 + x + 2);
  };

describe('torchvision', () => {
  it('reads as many detections as each picture has, from a picture without a batch', async () => {
    const model = exported({
      inputs: { 'image.1': ['float32', [3, 'height', 'width']] },
      outputs: {},
      more: brightPixels,
    });
    expect(recognised(model)).toMatchObject({
      family: 'torchvision',
      input: { ...PUBLISHED, layout: 'chw' },
      outputsVary: true,
    });
    const found = await detectAll(model, SOURCE, [set([4, 2]), set([8, 8], [20, 6]), set(), set([0, 0])]);
    expect(found.map(({ length }) => length)).toEqual([4, 8, 0, 4]);
    expect(found[0]![0]).toEqual({ label: 'dog', score: 0.75, box: [4, 2, 6, 4] });
    expect(found[3]![3]).toEqual({ label: 'dog', score: 0.75, box: [1, 1, 3, 3] });
  });

  const named: Layout = {
    inputs: { input: ['float32', [1, 3, 'h', 'w']] },
    outputs: {
      boxes: { shape: [2, 4], values: [4, 2, 12, 10, 0, 0, 32, 16] },
      labels: { shape: [2], values: [90, 12], type: 'int64' },
      scores: { shape: [2], values: [0.9, 0.8] },
    },
  };

  it('numbers classes as COCO does, with gaps, or after the background where the metadata names them', async () => {
    const [coco] = await detectAll(exported(named), SOURCE);
    expect(coco).toEqual([{ label: 'toothbrush', score: expect.closeTo(0.9, 5), box: [4, 2, 12, 10] }]);
    const outputs = { ...named.outputs, labels: { shape: [2], values: [1, 2], type: 'int64' as const } };
    for (const names of ["['bolt', 'nut']", "['__background__', 'bolt', 'nut']"]) {
      const [own] = await detectAll(exported({ ...named, outputs, metadata: { names } }), SOURCE);
      expect(own!.map(({ label }) => label)).toEqual(['bolt', 'nut']);
    }
  });

  it('pastes the small masks of Mask R-CNN into their boxes, and takes masks of the whole picture as they are', async () => {
    const side = 28;
    const topHalf = Array.from({ length: side * side }, (_, at) => (at < (side * side) / 2 ? 0.9 : 0.1));
    const small = { shape: [2, 1, side, side], values: [...topHalf, ...topHalf] };
    const inSmall = await maskOf(exported({ ...named, outputs: { ...named.outputs, masks: small } }));
    // An 8×8 box, of which the upper half is covered.
    expect([inSmall.area, inSmall.at(4, 2), inSmall.at(11, 5), inSmall.at(11, 6)]).toEqual([32, 1, 1, 0]);
    const whole = Array.from({ length: 2 * 16 * 32 }, (_, at) => (at % 32 >= 8 ? 1 : 0));
    const full = { shape: [2, 1, 16, 32], values: whole };
    const inFull = await maskOf(exported({ ...named, outputs: { ...named.outputs, masks: full } }));
    expect([inFull.area, inFull.at(7, 4), inFull.at(8, 4)]).toEqual([32, 0, 1]);
  });

  async function maskOf(model: Uint8Array) {
    const [[found] = []] = await detectAll(model, SOURCE);
    const pixels = decodeMask(found!.mask!);
    return { area: maskArea(found!.mask!), at: (x: number, y: number) => pixels[y * 32 + x] };
  }

  it('is not a model of which one output is missing or another is there', () => {
    const { scores, ...rest } = named.outputs;
    const more = {
      ...named.outputs,
      keypoints: { shape: [2, 17, 3], values: new Array<number>(102).fill(0) },
    };
    for (const outputs of [rest, more, { ...rest, scores: { ...scores!, shape: [1, 2] } }])
      expect(() => recognised(exported({ ...named, outputs }))).toThrow(/no detector/);
  });
});

describe('maskrcnn-benchmark', () => {
  it('reads the R-CNN models of the ONNX zoo: blue first, their own means, 80 classes from 1', async () => {
    const model = exported({
      inputs: { image: ['float32', [3, 'height', 'width']] },
      outputs: {
        '6379': { shape: [1, 4], values: [4, 2, 12, 10], dims: ['nbox', 4] },
        '6381': { shape: [1], values: [80], type: 'int64', dims: ['nbox'] },
        '6383': { shape: [1], values: [0.9], dims: ['nbox'] },
      },
    });
    expect(recognised(model)).toMatchObject({
      family: 'maskrcnn-benchmark',
      input: {
        order: 'bgr',
        layout: 'chw',
        stridePx: 32,
        mean: [102.9801, 115.9465, 122.7717],
        std: [1, 1, 1],
      },
    });
    const [found] = await detectAll(model, { widthPx: 64, heightPx: 32 });
    expect(found).toEqual([{ label: 'toothbrush', score: expect.closeTo(0.9, 5), box: [4, 2, 12, 10] }]);
  });
});
