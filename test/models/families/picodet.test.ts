import { describe, expect, it } from '@jest/globals';
import {
  foundBy,
  recognised,
  rowsWith,
  transposed,
  type Published,
  type PublishedModel,
} from './published.js';

/** Stretched from 128×96 to 64×64. */
const SOURCE = { widthPx: 128, heightPx: 96 };
const BOX = [48, 42, 80, 54];
const SCALED = { im_shape: [1, 2], scale_factor: [1, 2] };

describe('picodet', () => {
  it('reads finished rows, and says that the picture was not scaled', async () => {
    const rows = [2, 0.9, 24, 28, 40, 36, -1, 0, 0, 0, 0, 0];
    const model: PublishedModel = {
      furtherInputs: SCALED,
      outputs: {
        rows: { dims: [2, 6], declared: ['n', 6], data: rows },
        number: { dims: [1], data: [2] },
      },
    };
    expect(recognised(model)).toMatchObject({
      family: 'picodet',
      input: { fit: 'stretch', order: 'rgb', mean: [0, 0, 0], std: [255, 255, 255] },
      constants: [
        { name: 'im_shape', values: [64, 64] },
        { name: 'scale_factor', values: [1, 1] },
      ],
    });
    const found = await foundBy(model, SOURCE);
    expect(found).toMatchObject([{ label: 'car', score: expect.closeTo(0.9, 5) }]);
    expect(found[0]!.box.map(Math.round)).toEqual(BOX);
  });

  it("normalises as ImageNet where PicoDet's hard swish is in the graph", () => {
    const model: PublishedModel = {
      furtherInputs: { scale_factor: [1, 2] },
      operators: ['HardSwish'],
      outputs: { rows: { dims: [1, 6], declared: ['n', 6], data: [0, 0, 0, 0, 0, 0] } },
    };
    expect(recognised(model).input).toMatchObject({ mean: [123.675, 116.28, 103.53], stridePx: 64 });
  });

  it('suppresses boxes and scores that come without suppression', async () => {
    const box = [24, 28, 40, 36];
    const scores = transposed(rowsWith(84, 3, { 5: [0, 0.9, 0], 6: [0, 0.8, 0] }), 3);
    const model: PublishedModel = {
      furtherInputs: { scale_factor: [1, 2] },
      outputs: {
        boxes: { dims: [1, 84, 4], data: rowsWith(84, 4, { 5: box, 6: box }) },
        scores: { dims: [1, 3, 84], data: scores },
      },
    };
    const found = await foundBy(model, SOURCE);
    expect(found).toMatchObject([{ label: 'class 1', score: expect.closeTo(0.9, 5) }]);
    expect(found[0]!.box.map(Math.round)).toEqual(BOX);
  });

  it('decodes the feature maps of four strides', async () => {
    const outputs = [8, 16, 32, 64].flatMap((stride) => {
      const cells = (64 / stride) ** 2;
      // Cell (1, 2) of stride 16; half a cell to the left, none up, one to the right, two down.
      const isHit = stride === 16;
      const sides = [...twoBins(0, 1), ...bin(0), ...bin(1), ...bin(2)];
      return [
        [`cls_${stride}`, { dims: [1, cells, 2], data: rowsWith(cells, 2, isHit ? { 9: [0, 0.9] } : {}) }],
        [`reg_${stride}`, { dims: [1, cells, 32], data: rowsWith(cells, 32, isHit ? { 9: sides } : {}) }],
      ] as const;
    });
    const model = { outputs: Object.fromEntries<Published>(outputs) };
    expect(recognised(model)).toMatchObject({
      family: 'picodet',
      input: { mean: [123.675, 116.28, 103.53] },
    });
    const found = await foundBy(model, SOURCE);
    expect(found).toMatchObject([{ label: 'class 1', score: expect.closeTo(0.9, 5) }]);
    // From its middle (24, 40): 16, 40, 40, 72 of the input, which ends at 64.
    expect(found[0]!.box.map(Math.round)).toEqual([32, 60, 80, 96]);
  });
});

/** Logits whose softmax is all on one bin. */
const bin = (index: number) => Array.from({ length: 8 }, (_, at) => (at === index ? 40 : 0));
/** On two in equal parts. */
const twoBins = (a: number, b: number) =>
  Array.from({ length: 8 }, (_, at) => (at === a || at === b ? 40 : 0));
