import { existsSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { sharedDir } from '../../support/shared-data.js';
import { annotated, bestIou, foundBy, RealModel, recognised, rowsWith } from './published.js';

/** Cells of the strides 8, 16, 32 and 64 of 64×64. */
const CELLS = 85;
const SOURCE = { widthPx: 128, heightPx: 96 };
const describeWithModels = existsSync(`${sharedDir}/models`) ? describe : describe.skip;
const bin = (index: number) => Array.from({ length: 8 }, (_, at) => (at === index ? 40 : 0));

describe('nanodet', () => {
  it('reads the single output of NanoDet-Plus, whose points lie in the corners of their cells', async () => {
    // Cell (1, 2) of stride 16: one cell to the left, none up, one to the right, one down.
    const row = [0, 0.9, 0, ...bin(1), ...bin(0), ...bin(1), ...bin(1)];
    const data = rowsWith(CELLS, 35, { [64 + 9]: row });
    const model = { outputs: { output: { dims: [1, CELLS, 35], data } } };
    expect(recognised(model)).toMatchObject({
      family: 'nanodet',
      input: { order: 'bgr', fit: 'stretch', mean: [103.53, 116.28, 123.675] },
    });
    const found = await foundBy(model, SOURCE);
    expect(found).toMatchObject([{ label: 'class 1', score: expect.closeTo(0.9, 5) }]);
    expect(found[0]!.box.map(Math.round)).toEqual([0, 48, 64, 72]);
  });

  it('leaves YOLO models with a fourth stride alone', () => {
    const outputs = { output: { dims: [1, CELLS, 38], data: new Float32Array(CELLS * 38) } };
    expect(recognised({ outputs, operators: ['Sub'] }).family).toBe('yolo');
  });

  it('finds nothing in numbers that are none', async () => {
    const data = new Float32Array(CELLS * 35).fill(NaN);
    data[64 * 35 + 1] = 0.9;
    expect(await foundBy({ outputs: { output: { dims: [1, CELLS, 35], data } } }, SOURCE)).toEqual([]);
  });

  describeWithModels('with NanoDet-m', () => {
    it.each([
      ['000000000036', 'person'],
      ['000000000071', 'train'],
    ])('finds what picture %s shows, where it is', async (name, label) => {
      const model = await RealModel.open('nanodet_m_416.onnx');
      expect(model.description.family).toBe('nanodet');
      const { file, objects } = await annotated(name);
      const truth = objects.find((object) => object.label === label)!;
      expect(bestIou(await model.look(file), label, truth.box)).toBeGreaterThan(0.7);
    });
  });
});
