import { describe, expect, it } from '@jest/globals';
import type { GraphBuilder } from '../../../src/models/onnx/graph-builder.js';
import { detectAll, exported, matrix, recognised, type Layout } from './exported.js';

const SOURCE = { widthPx: 1280, heightPx: 720 };
const STRETCHED = {
  size: { widthPx: 640, heightPx: 640 },
  fit: 'stretch',
  order: 'rgb',
  mean: [0, 0, 0],
  std: [255, 255, 255],
};

/** As `tools/export_onnx.py` of RT-DETR and `tools/deployment/export_onnx.py` of D-FINE: only the batch is open. */
const layout: Layout = {
  inputs: {
    images: ['float32', ['N', 3, 640, 640]],
    orig_target_sizes: ['int64', ['N', 2]],
  },
  outputs: {
    labels: { shape: [1, 3], values: [0, 16, 79], type: 'int64', dims: ['Gatherlabels_dim_0', 3] },
    scores: { shape: [1, 3], values: [0.9, 0.6, 0.1], dims: ['Gatherlabels_dim_0', 3] },
  },
  more: scaledBoxes,
};

/** The exporter's last step: boxes as shares, scaled by (width, height) twice. */
function scaledBoxes(builder: GraphBuilder): void {
  const shares = [0.25, 0.5, 0.5, 1, 0, 0, 0.1, 0.2, 0, 0, 1, 1];
  const sizes = builder.node('Cast', ['orig_target_sizes'], { to: { int: 1 } });
  const twice = builder.node('Concat', [sizes, sizes], { axis: { int: 1 } });
  builder.node('Mul', [builder.floats([1, 3, 4], Float32Array.from(shares)), twice], {}, 'boxes');
  builder.output('boxes', ['N', 3, 4]);
}

describe('rt-detr', () => {
  it('stretches the picture, tells the model its size, and takes boxes back to the source', async () => {
    const model = exported(layout);
    expect(recognised(model)).toMatchObject({
      family: 'rt-detr',
      input: STRETCHED,
      constants: [{ name: 'orig_target_sizes', type: 'int64', dims: [1, 2], values: [640, 640] }],
    });
    const [found] = await detectAll(model, SOURCE);
    expect(found).toEqual([
      {
        label: 'person',
        score: expect.closeTo(0.9),
        box: [320, 360, 640, 720].map((v) => expect.closeTo(v, 2)),
      },
      { label: 'dog', score: expect.closeTo(0.6), box: [0, 0, 128, 144].map((v) => expect.closeTo(v, 2)) },
    ]);
  });

  it('gives a size that is not square as width and height, and takes 640×640 for one that is open', () => {
    const inputs = (height: number | string, width: number | string): Layout['inputs'] => ({
      ...layout.inputs,
      images: ['float32', ['N', 3, height, width]],
    });
    const wide = recognised(exported({ ...layout, inputs: inputs(384, 640) }));
    expect(wide.constants[0]!.values).toEqual([640, 384]);
    expect(recognised(exported({ ...layout, inputs: inputs('h', 'w') })).input).toMatchObject(STRETCHED);
  });

  it('reads half precision and the class names of the metadata', async () => {
    const model = exported({
      inputs: { images: ['float16', [1, 3, 64, 64]], orig_target_sizes: ['int64', [1, 2]] },
      outputs: {
        labels: { shape: [1, 2], values: [1, 7], type: 'int64' },
        boxes: { shape: [1, 2, 4], values: [0, 0, 32, 64, 1, 1, 2, 2], type: 'float16' },
        scores: { shape: [1, 2], values: [0.75, 0.5], type: 'float16' },
      },
      metadata: { names: "{0: 'fork', 1: 'lift'}" },
    });
    const [found] = await detectAll(model, { widthPx: 640, heightPx: 480 });
    expect(found).toEqual([
      { label: 'lift', score: 0.75, box: [0, 0, 320, 480] },
      { label: 'class 7', score: 0.5, box: [10, 7.5, 20, 15] },
    ]);
  });

  it('finds nothing in outputs that are not numbers, and goes on', async () => {
    const model = exported({
      ...layout,
      outputs: {
        labels: { shape: [1, 3], values: [0, 1, 2], type: 'int64' },
        scores: { shape: [1, 3], values: [NaN, 0.9, NaN] },
        boxes: { shape: [1, 3, 4], values: new Array<number>(12).fill(NaN) },
      },
      more: () => undefined,
    });
    expect(await detectAll(model, SOURCE, [() => undefined, () => undefined])).toEqual([[], []]);
  });
});

describe('rt-detr-ultralytics', () => {
  const rows = matrix(300, 84, 0, [
    [5, 0, 0.5],
    [5, 1, 0.5],
    [5, 2, 0.5],
    [5, 3, 0.25],
    [5, 4 + 2, 0.8],
    [5, 4 + 7, 0.7],
  ]);
  const published: Layout = {
    inputs: { images: ['float32', [1, 3, 640, 640]] },
    outputs: { output0: { shape: [1, 300, 84], values: rows } },
    metadata: { description: 'Ultralytics RT-DETR-l model', task: 'detect', stride: '32' },
  };

  it('takes the best class of each query, whose box is in shares of the stretched picture', async () => {
    const model = exported(published);
    expect(recognised(model)).toMatchObject({ family: 'rt-detr-ultralytics', input: STRETCHED });
    const [found] = await detectAll(model, SOURCE);
    expect(found).toEqual([{ label: 'car', score: expect.closeTo(0.8), box: [320, 270, 960, 450] }]);
  });

  it('leaves rows of six to others, unless the metadata says RT-DETR and names two classes', () => {
    const six: Layout = {
      ...published,
      outputs: { output0: { shape: [1, 300, 6], values: matrix(300, 6, 0, []) } },
    };
    expect(recognised(exported({ ...six, metadata: {} })).family).toBe('yolo-end-to-end');
    const two = { description: 'Ultralytics RT-DETR-l model', names: "{0: 'a', 1: 'b'}" };
    expect(recognised(exported({ ...six, metadata: two })).classes).toEqual(['a', 'b']);
  });
});
