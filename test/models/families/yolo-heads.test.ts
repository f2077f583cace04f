import { describe, expect, it } from '@jest/globals';
import { foundBy, recognised, rowsWith, type PublishedModel } from './published.js';

const SOURCE = { widthPx: 128, heightPx: 96 };
const logit = (share: number) => Math.log(share / (1 - share));
const EMPTY = [0, 0, 0, 0, -20, 0, 0];

/** Second anchor, cell (1, 2) of stride 16, in its middle, as large as the anchor. */
function model(extra: Partial<PublishedModel> = {}, order = [8, 16, 32]): PublishedModel {
  const outputs = order.map((stride) => {
    const cells = (64 / stride) ** 2;
    const row = [0, 0, 0, 0, logit(0.9), logit(0.1), logit(0.8)];
    const all = Object.fromEntries(Array.from({ length: 3 * cells }, (_, index) => [index, EMPTY]));
    const data = rowsWith(3 * cells, 7, stride === 16 ? { ...all, [cells + 2 * 4 + 1]: row } : all);
    return [`head${stride}`, { dims: [1, 3, 64 / stride, 64 / stride, 7], data }] as const;
  });
  return { outputs: Object.fromEntries(outputs), ...extra };
}

describe('yolo-heads', () => {
  it.each<[string, PublishedModel, readonly [number, number]]>([
    ['YOLOv7', model(), [76, 55]],
    ['YOLOv7 with its outputs in another order', model({}, [32, 8, 16]), [76, 55]],
    ['YOLOv5, by its metadata', model({ metadata: { stride: '32' } }), [62, 45]],
    ['YOLOv7-tiny, by its activations', model({ operators: ['LeakyRelu'] }), [62, 45]],
  ])('decodes the feature maps of %s with its anchors', async (_, published, [width, height]) => {
    expect(recognised(published)).toMatchObject({ family: 'yolo-heads' });
    const found = await foundBy(published, SOURCE);
    expect(found).toMatchObject([{ label: 'class 1', score: expect.closeTo(0.72, 4) }]);
    // The cell's middle is at input (24, 40): at source (48, 64), the border of 8 px taken off; clipped to the frame.
    const box = [48 - width, 64 - height, 48 + width, 64 + height];
    const clipped = box.map((side, index) => Math.min(Math.max(side, 0), index % 2 === 0 ? 128 : 96));
    expect(found[0]!.box.map((side) => Math.round(side))).toEqual(clipped);
  });

  it('finds nothing in numbers that are none', async () => {
    const outputs = Object.fromEntries(
      Object.entries(model().outputs).map(([name, { dims, data }]) => [
        name,
        { dims, data: new Float32Array(data.length).fill(NaN) },
      ]),
    );
    expect(await foundBy({ outputs }, SOURCE)).toEqual([]);
  });
});
