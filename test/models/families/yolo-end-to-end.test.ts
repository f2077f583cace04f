import { describe, expect, it } from '@jest/globals';
import { decodeMask } from '../../../src/geometry/index.js';
import { foundBy, recognised, rowsWith, type PublishedModel } from './published.js';

const SOURCE = { widthPx: 128, heightPx: 96 };
const NAMES = { names: "{0: 'fox', 1: 'owl'}" };
const BOX = [48, 40, 80, 56];
/** Two that overlap, which the model has kept, and one below the score asked for; x1 y1 x2 y2 score class. */
const ROWS = { 0: [24, 28, 40, 36, 0.9, 1], 1: [24, 28, 40, 35, 0.8, 1], 2: [0, 20, 9, 29, 0.1, 0] };

describe('yolo-end-to-end', () => {
  it.each<[string, PublishedModel]>([
    ['YOLOv10, YOLO26 and nms=True', { outputs: { o: { dims: [1, 300, 6], data: rowsWith(300, 6, ROWS) } } }],
    [
      'the same with an open number of rows',
      {
        outputs: { o: { dims: [1, 300, 6], declared: ['batch', 'n', 6], data: rowsWith(300, 6, ROWS) } },
        operators: ['TopK'],
      },
    ],
  ])('reads %s without suppressing anything again', async (_, model) => {
    const named = { ...model, metadata: NAMES };
    if (model.operators === undefined) {
      const found = await foundBy(named, SOURCE);
      expect(found.map(({ label, score }) => [label, score.toFixed(1)])).toEqual([
        ['owl', '0.9'],
        ['owl', '0.8'],
      ]);
      expect(found[0]!.box.map(Math.round)).toEqual(BOX);
    }
    expect(recognised(named)).toMatchObject({ family: 'yolo-end-to-end', classes: ['fox', 'owl'] });
  });

  it("reads YOLOv7's [n, 7] with the class before the score, and YOLO-NAS' flat format with it behind", async () => {
    const model = (name: string, row: number[]): PublishedModel => ({
      outputs: { [name]: { dims: [1, 7], declared: ['n', 7], data: row } },
    });
    for (const [name, row] of [
      ['output', [0, 24, 28, 40, 36, 2, 0.9]],
      ['graph2_flat_predictions', [0, 24, 28, 40, 36, 0.9, 2]],
    ] as const) {
      const found = await foundBy(model(name, [...row]), SOURCE);
      expect(found).toMatchObject([{ label: 'car', score: expect.closeTo(0.9, 5) }]);
      expect(found[0]!.box.map(Math.round)).toEqual(BOX);
    }
  });

  it('makes masks out of the coefficients behind each row', async () => {
    const rows = { 1: [24, 28, 40, 36, 0.9, 1, 1, ...new Array<number>(31).fill(0)] };
    const [found] = await foundBy(
      {
        outputs: {
          o: { dims: [1, 300, 38], data: rowsWith(300, 38, rows) },
          p: { dims: [1, 32, 16, 16], data: new Float32Array(32 * 256).fill(1) },
        },
      },
      SOURCE,
    );
    expect(decodeMask(found!.mask!).reduce((sum, pixel) => sum + pixel, 0)).toBe(32 * 16);
  });

  it('finds nothing in rows that hold no numbers, or no class', async () => {
    const rows = { 0: [24, 28, 40, 36, NaN, 1], 1: [NaN, 28, 40, 35, 0.8, 1], 2: [24, 28, 40, 36, 0.9, -1], 3: [24, 28, Infinity, 36, 0.9, Infinity] }; // prettier-ignore
    expect(
      await foundBy({ outputs: { o: { dims: [1, 300, 6], data: rowsWith(300, 6, rows) } } }, SOURCE),
    ).toEqual([]);
  });
});
