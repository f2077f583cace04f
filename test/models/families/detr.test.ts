import { describe, expect, it } from '@jest/globals';
import type { Dim } from '../../../src/models/onnx/graph-builder.js';
import { decodeMask } from '../../../src/geometry/index.js';
import { detectAll, exported, matrix, recognised, type Layout } from './exported.js';

const SOURCE = { widthPx: 400, heightPx: 200 };
const OPEN: readonly Dim[] = ['batch_size', 'num_channels', 'height', 'width'];
const QUERY_BOX = [0.5, 0.5, 0.5, 0.5];
const MIDDLE = [100, 50, 300, 150];

/** Logits and boxes as Hugging Face's models have them, with something in query 3. */
function queries(
  count: number,
  columns: number,
  fill: number,
  cells: readonly (readonly [number, number])[],
) {
  const boxes = new Array<number[]>(count).fill(QUERY_BOX).flat();
  const values = matrix(
    count,
    columns,
    fill,
    cells.map(([column, value]) => [3, column, value]),
  );
  return {
    logits: { shape: [1, count, columns], values, dims: ['batch_size', count, columns] },
    pred_boxes: { shape: [1, count, 4], values: boxes, dims: ['batch_size', count, 4] },
  } satisfies Layout['outputs'];
}

const softmax = (chosen: number, others: readonly number[]) =>
  Math.exp(chosen) / [chosen, ...others].reduce((sum, logit) => sum + Math.exp(logit), 0);

describe('detr', () => {
  it('reads DETR: any size, a mask of ones, softmax with no object last, ids of COCO', async () => {
    const none = new Array(100).fill(0).map((_, query) => [query, 91, 9] as const);
    const model = exported({
      inputs: { pixel_values: ['float32', OPEN], pixel_mask: ['int64', ['batch_size', 64, 64]] },
      outputs: {
        ...queries(100, 92, 0, []),
        logits: {
          shape: [1, 100, 92],
          values: matrix(100, 92, 0, [...none, [3, 91, 1], [3, 90, 8], [3, 1, 6]]),
        },
      },
    });
    const description = recognised(model);
    expect(description).toMatchObject({
      family: 'detr',
      input: { size: 'dynamic', mean: [123.675, 116.28, 103.53].map((v) => expect.closeTo(v, 3)) },
      facts: { activation: 'softmax', numbering: 'coco-ids' },
    });
    expect(description.constants).toEqual([
      { name: 'pixel_mask', type: 'int64', dims: [1, 64, 64], values: new Array(4096).fill(1) },
    ]);
    const [found] = await detectAll(model, SOURCE);
    const score = softmax(8, [6, 1, ...new Array<number>(89).fill(0)]);
    expect(found).toEqual([{ label: 'toothbrush', score: expect.closeTo(score, 5), box: MIDDLE }]);
  });

  it('takes a last column for no object where the metadata names one class fewer than there are columns', () => {
    const of = (columns: number, names: string) =>
      recognised(
        exported({
          inputs: { pixel_values: ['float32', OPEN] },
          outputs: queries(300, columns, 0, []),
          metadata: { id2label: names },
        }),
      );
    const names = '{"0": "table", "1": "table rotated"}';
    expect(of(3, names)).toMatchObject({
      classes: ['table', 'table rotated'],
      facts: { activation: 'softmax', classColumns: 2 },
      input: { size: 'dynamic' },
    });
    expect(of(2, names)).toMatchObject({ facts: { activation: 'sigmoid', classColumns: 2 } });
  });

  it.each([
    ['RT-DETR and D-FINE', 80, OPEN, 640, [255, 255, 255]],
    ['RT-DETR of a fixed size', 80, [1, 3, 640, 640], 640, [255, 255, 255]],
    ['RF-DETR', 91, [1, 3, 384, 384], 384, [58.395, 57.12, 57.375]],
  ] as const)('reads %s: sigmoid, stretched', async (_, columns, dims, sidePx, std) => {
    const model = exported({
      inputs: { pixel_values: ['float32', dims] },
      outputs: queries(300, columns, -9, [
        [columns === 91 ? 18 : 16, 2],
        [0, columns === 91 ? 5 : -9],
      ]),
    });
    expect(recognised(model).input).toMatchObject({
      size: { widthPx: sidePx, heightPx: sidePx },
      fit: 'stretch',
      std: std.map((v) => expect.closeTo(v, 3)),
    });
    const [found] = await detectAll(model, SOURCE);
    // The id 0 is none of COCO's.
    expect(found).toEqual([{ label: 'dog', score: expect.closeTo(1 / (1 + Math.exp(-2)), 5), box: MIDDLE }]);
  });

  it('reads 20 classes as those of Pascal VOC, and unknown ones by number', () => {
    const classes = (columns: number) =>
      recognised(
        exported({ inputs: { pixel_values: ['float32', OPEN] }, outputs: queries(300, columns, 0, []) }),
      ).classes;
    expect(classes(20)[14]).toBe('person');
    expect(classes(3)).toEqual(['class 0', 'class 1', 'class 2']);
  });

  it('finds nothing in logits that are not numbers', async () => {
    for (const columns of [80, 92]) {
      const model = exported({
        inputs: { pixel_values: ['float32', OPEN] },
        outputs: queries(100, columns, NaN, []),
      });
      expect(await detectAll(model, SOURCE)).toEqual([[]]);
    }
  });
});

describe('rf-detr', () => {
  const native = (columns: number, masks: Layout['outputs'] = {}): Layout => {
    const { logits, pred_boxes: boxes } = queries(300, columns, -9, [[columns === 91 ? 3 : 1, 3]]);
    return {
      inputs: { input: ['float32', [1, 3, 560, 560]] },
      outputs: {
        dets: { ...boxes, dims: [1, 300, 4] },
        labels: { ...logits, dims: [1, 300, columns] },
        ...masks,
      },
    };
  };

  it('reads its own export: 91 columns are the ids of COCO', async () => {
    expect(recognised(exported(native(91)))).toMatchObject({
      family: 'rf-detr',
      input: { fit: 'stretch', std: [58.395, 57.12, 57.375].map((v) => expect.closeTo(v, 3)) },
    });
    const [found] = await detectAll(exported(native(91)), SOURCE);
    expect(found).toEqual([{ label: 'car', score: expect.closeTo(0.953, 3), box: MIDDLE }]);
  });

  it('has one column more than classes when trained on others, and takes the names of its metadata', () => {
    expect(recognised(exported(native(4))).classes).toEqual(['class 0', 'class 1', 'class 2']);
    const metadata = { rfdetr_inference: '{"class_id_to_name": {"0": "bolt", "1": "nut"}}' };
    expect(recognised(exported({ ...native(3), metadata }))).toMatchObject({
      classes: ['bolt', 'nut'],
      facts: { classColumns: 2 },
    });
  });

  it('delivers masks of models that segment, in pixels of the source', async () => {
    const side = 8;
    // The left half of the picture, for every query.
    const half = Array.from({ length: side * side }, (_, at) => (at % side < side / 2 ? 4 : -4));
    const values = new Array<number[]>(300).fill(half).flat();
    const model = exported(native(91, { masks: { shape: [1, 300, side, side], values } }));
    const [[found] = []] = await detectAll(model, SOURCE);
    const pixels = decodeMask(found!.mask!);
    expect(found!.mask!.size).toEqual([200, 400]);
    const inside = (x: number, y: number) => pixels[y * 400 + x];
    expect([inside(101, 100), inside(199, 51), inside(201, 100), inside(99, 100), inside(150, 49)]).toEqual([
      1, 1, 0, 0, 0,
    ]);
  });
});
