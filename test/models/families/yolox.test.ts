import { existsSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { sharedDir } from '../../support/shared-data.js';
import {
  annotated,
  bestIou,
  foundBy,
  RealModel,
  recognised,
  rowsWith,
  type PublishedModel,
} from './published.js';

const CELLS = 84;
const SOURCE = { widthPx: 128, heightPx: 96 };
const describeWithModels = existsSync(`${sharedDir}/models`) ? describe : describe.skip;

const rows = (row: readonly number[], count = CELLS): PublishedModel['outputs'] => ({
  // The second cell of the fifth row of stride 16, as told by its centre (24, 72 / 16 …).
  output: { dims: [1, count, 7], data: rowsWith(count, 7, { [64 + 2 * 4 + 1]: row }) },
});
/** Cell (1, 2) of stride 16: centre 0.5 and 0.25 cells in, twice and half as large as a cell. */
const RAW = [0.5, 0.25, Math.log(2), Math.log(0.5), 0.9, 0, 0.8];
const DECODED = [24, 36, 32, 8, 0.9, 0, 0.8];
/** In the top left corner, at half its size. */
const BOX = [16, 64, 80, 80];

describe('yolox', () => {
  it.each<[string, PublishedModel]>([
    ['as it leaves the network', { outputs: rows(RAW) }],
    ['decoded in the graph', { outputs: rows(DECODED), operators: ['Exp', 'Add', 'Mul'] }],
  ])('reads rows %s', async (_, model) => {
    expect(recognised(model)).toMatchObject({
      family: 'yolox',
      input: { order: 'bgr', mean: [0, 0, 0], std: [1, 1, 1], anchor: 'top-left', border: 114 },
    });
    const [found, ...more] = await foundBy(model, SOURCE);
    expect(more).toEqual([]);
    expect([found!.label, found!.score.toFixed(2)]).toEqual(['class 1', '0.72']);
    expect(found!.box.map(Math.round)).toEqual(BOX);
  });

  it.each<[string, PublishedModel]>([
    ['three rows a cell (v5, v7)', { outputs: rows(RAW, 3 * CELLS) }],
    ['distances (v6)', { outputs: rows(RAW), operators: ['Sub'] }],
    ['squares (v5)', { outputs: rows(RAW), operators: ['Pow'] }],
    ['metadata of Ultralytics', { outputs: rows(RAW), metadata: { stride: '32', names: "['a', 'b']" } }],
  ])('leaves models with %s to YOLO', (_, model) => {
    expect(recognised(model).family).toBe('yolo');
  });

  it('finds nothing in numbers that are none, or that overflow', async () => {
    const overflowing = [0.5, 0.25, 1e4, 1e4, 0.9, 0, 0.8];
    const data = new Float32Array(CELLS * 7).fill(NaN);
    expect(await foundBy({ outputs: rows(overflowing) }, SOURCE)).toEqual([]);
    expect(await foundBy({ outputs: { output: { dims: [1, CELLS, 7], data } } }, SOURCE)).toEqual([]);
  });

  describeWithModels('with YOLOX-Nano', () => {
    it.each([
      ['000000000036', 'person'],
      ['000000000071', 'train'],
    ])('finds what picture %s shows, where it is', async (name, label) => {
      const model = await RealModel.open('yolox_nano_416x416.onnx');
      expect(model.description).toMatchObject({ family: 'yolox', facts: { isDecoded: false } });
      const { file, objects } = await annotated(name);
      const truth = objects.find((object) => object.label === label)!;
      expect(bestIou(await model.look(file), label, truth.box)).toBeGreaterThan(0.6);
    });
  });
});
