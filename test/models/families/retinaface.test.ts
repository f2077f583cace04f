import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { boxIou } from '../../../src/geometry/index.js';
import { sharedDir } from '../../support/shared-data.js';
import { foundBy, RealModel, recognised, rowsWith, type PublishedModel } from './published.js';

/** Two priors for each cell of 64×64. */
const PRIORS = 168;
const SOURCE = { widthPx: 128, heightPx: 96 };
const describeWithModels = existsSync(`${sharedDir}/models`) ? describe : describe.skip;

/** The larger prior (128 px) of cell (1, 2) of stride 16, moved and made smaller. */
function model(points: number, conf: readonly number[], batch: readonly number[] = [1]): PublishedModel {
  const row = (64 + 9) * 2 + 1;
  const loc = [0.625, -0.625, Math.log(1 / 8) / 0.2, Math.log(1 / 16) / 0.2];
  return {
    outputs: {
      loc: { dims: [...batch, PRIORS, 4], data: rowsWith(PRIORS, 4, { [row]: loc }) },
      conf: { dims: [...batch, PRIORS, 2], data: rowsWith(PRIORS, 2, { [row]: conf }) },
      landms: { dims: [...batch, PRIORS, points], data: new Float32Array(PRIORS * points) },
    },
    operators: ['Softmax'],
  };
}

describe('retinaface', () => {
  it.each([
    [10, 'face', [1]],
    [8, 'licence plate', []],
  ])('decodes priors; %i coordinates of points make it a %s', async (points, label, batch) => {
    const published = model(points, [0.1, 0.9], batch);
    expect(recognised(published)).toMatchObject({
      family: 'retinaface',
      classes: [label],
      input: { order: 'bgr', mean: [104, 117, 123] },
    });
    const found = await foundBy(published, SOURCE);
    expect(found).toMatchObject([{ label, score: expect.closeTo(0.9, 5) }]);
    // Middle (24, 40) moved by 8 px right and up: (32, 32), 16 × 8 px.
    const [top, bottom] = label === 'face' ? [40, 56] : [42, 54];
    expect(found[0]!.box.map(Math.round)).toEqual([48, top, 80, bottom]);
  });

  it('takes the softmax of scores where the graph does not', async () => {
    const { operators: _, ...logits } = model(10, [-1, 1]);
    const [found] = await foundBy(logits, SOURCE, 0.6);
    expect(found!.score).toBeCloseTo(1 / (1 + Math.exp(-2)), 4);
  });

  it('finds nothing in numbers that are none', async () => {
    expect(await foundBy(model(10, [NaN, NaN]), SOURCE)).toEqual([]);
  });

  describeWithModels('with a plate detector', () => {
    it('finds the plate of a picture', async () => {
      const real = await RealModel.open('hpc203_mnet_plate_det.onnx');
      const [found] = await real.look(path.join(sharedDir, 'data/ocr/plates/eu/eu1.jpg'));
      expect(found!.label).toBe('licence plate');
      // A detector of Chinese plates: its boxes overlap those of these European ones by 0.47 in the mean of 14 scenes.
      expect(boxIou(found!.box, [396, 340, 599, 386])).toBeGreaterThan(0.4);
    });
  });
});
