import { existsSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { sharedDir } from '../../support/shared-data.js';
import { annotated, foundBy, RealModel, rowsWith } from './published.js';

const describeWithModels = existsSync(`${sharedDir}/models`) ? describe : describe.skip;

/** A face at cell (1, 2) of stride 16: its middle half a cell in, one and two cells large. */
function outputs(score: number) {
  return Object.fromEntries(
    [8, 16, 32].flatMap((stride) => {
      const cells = (64 / stride) ** 2;
      const values = {
        cls: [score],
        obj: [0.64],
        bbox: [0.5, 0.5, 0, Math.log(2)],
        kps: new Array<number>(10).fill(0),
      };
      return Object.entries(values).map(([name, row]) => {
        const rows = stride === 16 ? { 9: row } : {};
        return [
          `${name}_${stride}`,
          { dims: [1, cells, row.length], data: rowsWith(cells, row.length, rows) },
        ] as const;
      });
    }),
  );
}

describe('yunet', () => {
  it('reads faces at the geometric mean of their two scores, in the top left corner of its input', async () => {
    const found = await foundBy({ outputs: outputs(1) }, { widthPx: 128, heightPx: 96 });
    expect(found).toMatchObject([{ label: 'face', score: expect.closeTo(0.8, 5) }]);
    expect(found[0]!.box.map(Math.round)).toEqual([32, 48, 64, 96]);
    expect(await foundBy({ outputs: outputs(NaN) }, { widthPx: 128, heightPx: 96 })).toEqual([]);
  });

  describeWithModels('as published, with open sizes', () => {
    it("finds a face in the upper part of a person's box", async () => {
      const model = await RealModel.open('yunet_n_dynamic.onnx');
      expect(model.description).toMatchObject({ family: 'yunet', input: { size: 'dynamic' } });
      const { file, objects } = await annotated(FACE_PICTURE);
      const person = objects.find(({ label }) => label === 'person')!.box;
      const [face] = await model.look(file, 0.6);
      const [x, y] = [(face!.box[0] + face!.box[2]) / 2, (face!.box[1] + face!.box[3]) / 2];
      expect(face!.label).toBe('face');
      expect(x > person[0] && x < person[2]).toBe(true);
      expect(y > person[1] && y < person[1] + (person[3] - person[1]) / 2).toBe(true);
    });
  });
});

const FACE_PICTURE = '000000000036';
