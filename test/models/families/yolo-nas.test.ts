import { describe, expect, it } from '@jest/globals';
import { foundBy, recognised, rowsWith } from './published.js';

const CELLS = 84;
const SOURCE = { widthPx: 128, heightPx: 96 };
const BOX = [48, 40, 80, 56];

describe('yolo-nas', () => {
  it('reads corners and class scores of every cell, and suppresses', async () => {
    const box = [24, 28, 40, 36];
    const model = {
      outputs: {
        '913': { dims: [1, CELLS, 4], data: rowsWith(CELLS, 4, { 5: box, 6: box }) },
        '904': { dims: [1, CELLS, 2], data: rowsWith(CELLS, 2, { 5: [0, 0.9], 6: [0, 0.8] }) },
      },
    };
    expect(recognised(model)).toMatchObject({ family: 'yolo-nas', input: { std: [255, 255, 255] } });
    const found = await foundBy(model, SOURCE);
    expect(found).toMatchObject([{ label: 'class 1', score: expect.closeTo(0.9, 5) }]);
    expect(found[0]!.box.map(Math.round)).toEqual(BOX);
  });

  it('reads as many rows of the batch format as it counts', async () => {
    const model = {
      outputs: {
        graph2_num_predictions: { dims: [1, 1], data: [1] },
        graph2_pred_boxes: { dims: [1, 2, 4], data: [24, 28, 40, 36, 0, 0, 30, 30] },
        graph2_pred_scores: { dims: [1, 2], data: [0.9, 0.8] },
        graph2_pred_classes: { dims: [1, 2], data: [2, 0] },
      },
    };
    const found = await foundBy(model, SOURCE);
    expect(found).toMatchObject([{ label: 'car', score: expect.closeTo(0.9, 5) }]);
    expect(found[0]!.box.map(Math.round)).toEqual(BOX);
  });

  it('finds nothing in numbers that are none', async () => {
    const nothing = (width: number) => new Float32Array(CELLS * width).fill(NaN);
    const outputs = {
      boxes: { dims: [1, CELLS, 4], data: nothing(4) },
      scores: { dims: [1, CELLS, 2], data: nothing(2) },
    };
    expect(await foundBy({ outputs }, SOURCE)).toEqual([]);
  });
});
