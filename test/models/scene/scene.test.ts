import { describe, expect, it } from '@jest/globals';
import {
  checkModel,
  decodeScene,
  recogniseScene,
  type ModelDescription,
  type SceneModel,
} from '../../../src/models/index.js';
import { streetModel } from './street-model.js';

type Dims = readonly (number | string)[];
const described = (input: Dims, ...outputs: readonly Dims[]): ModelDescription => ({
  inputs: [{ name: 'in', type: 'float', dims: input }],
  outputs: outputs.map((dims, at) => ({ name: `out${at}`, type: 'float', dims })),
  metadata: {},
  operators: [],
  precision: 'float32',
});

describe('a network that segments scenes', () => {
  it.each<[string, ModelDescription, Partial<SceneModel['input']> & { family: string; order: string; set: string }]>([
    ['Intel’s roads, rows of pixels', described([1, 512, 896, 3], [1, 512, 896, 4]), { family: 'road-segmentation', order: 'bgr', set: 'road-4', layout: 'nhwc', size: { widthPx: 896, heightPx: 512 } }],
    ['Intel’s roads, planes', described([1, 3, 512, 896], [1, 4, 512, 896]), { family: 'road-segmentation', order: 'bgr', set: 'road-4', layout: 'nchw', size: { widthPx: 896, heightPx: 512 } }],
    ['TensorFlow’s DeepLab', described([1, 257, 257, 3], [1, 257, 257, 21]), { family: 'deeplab-v3', order: 'rgb', set: 'voc-21', layout: 'nhwc', size: { widthPx: 257, heightPx: 257 } }],
    ['torchvision’s DeepLab, with its second head', described(['n', 3, 'h', 'w'], ['n', 21, 'h', 'w'], ['n', 21, 'h', 'w']), { family: 'imagenet', order: 'rgb', set: 'voc-21', layout: 'nchw', size: 'dynamic' }],
    ['one of ADE20K at a quarter of the size', described([1, 3, 512, 512], [1, 150, 128, 128]), { family: 'imagenet', order: 'rgb', set: 'ade20k-150', layout: 'nchw', size: { widthPx: 512, heightPx: 512 } }],
    ['one of Cityscapes, a whole file', checkModel(streetModel()), { family: 'imagenet', order: 'rgb', set: 'cityscapes-19', layout: 'nchw', size: 'dynamic' }],
  ])('is recognised by its tensors: %s', (_, model, { family, order, set, ...input }) => {
    const found = recogniseScene(model);
    expect({ ...found, classSet: found.classSet.name }).toMatchObject({ family, order, classSet: set, input });
    expect(found.output.name).toBe(model.outputs[0]?.name);
  }); // prettier-ignore

  it.each<[string, ModelDescription]>([
    ['another number of classes', described([1, 3, 64, 64], [1, 7, 64, 64])],
    ['labels in place of channels', described([1, 3, 64, 64], [1, 64, 64])],
    ['no picture', described([1, 1, 64, 64], [1, 19, 64, 64])],
    ['a batch', described([8, 3, 64, 64], [8, 19, 64, 64])],
    ['nothing at all', { ...described([1]), inputs: [], outputs: [] }],
  ])('is refused with what was expected and what there is: %s', (_, model) => {
    expect(() => recogniseScene(model)).toThrow(
      expect.objectContaining({ code: 'model/shape', message: expect.stringMatching(/19 \(cityscapes-19\).*Got: in /) }),
    );
  }); // prettier-ignore

  it('is refused where its pictures would be larger than any machine wants', () => {
    const huge = described([1, 3, 8192, 64], [1, 19, 8192, 64]);
    expect(() => recogniseScene(huge)).toThrow(expect.objectContaining({ code: 'model/input-size' }));
  });
});

const ROADS = recogniseScene(described([1, 2, 2, 3], [1, 2, 2, 4]));

describe('its answer', () => {
  it('becomes a probability for each kind of zone and the rest: markings are road', () => {
    const pixels = [[0.1, 0.5, 0.1, 0.3], [1, 0, 0, 0], [0.25, 0.25, 0.25, 0.25], [0, 0, 1, 0]]; // prettier-ignore
    const map = decodeScene({ data: Float32Array.from(pixels.flat()), dims: [1, 2, 2, 4] }, ROADS);
    expect(map.classes).toEqual(['road', 'kerb']);
    expect(map.size).toEqual({ widthPx: 2, heightPx: 2 });
    const expected = [0.1, 1, 0.25, 0, 0.8, 0, 0.5, 0, 0.1, 0, 0.25, 1];
    expected.forEach((value, at) => expect(map.probabilities[at]).toBeCloseTo(value, 5));
  });

  it('is the same for logits, by planes as by rows of pixels', () => {
    const byRows = Float32Array.from([0, 2, 0, 1, 9, 0, 0, 0, 1, 1, 1, 1, -800, -800, 800, -800]);
    const byPlanes = Float32Array.from({ length: 16 }, (_, at) => byRows[(at % 4) * 4 + Math.floor(at / 4)]!);
    const planes = recogniseScene(described([1, 3, 2, 2], [1, 4, 2, 2]));
    const rows = decodeScene({ data: byRows, dims: [1, 2, 2, 4] }, ROADS);
    expect(decodeScene({ data: byPlanes, dims: [1, 4, 2, 2] }, planes)).toEqual(rows);
    const total = Math.exp(0) * 2 + Math.exp(2) + Math.exp(1);
    expect(rows.probabilities[4]).toBeCloseTo((Math.exp(2) + Math.exp(1)) / total, 5);
    expect([rows.probabilities[3], rows.probabilities[11]]).toEqual([0, 1]);
  });

  it('has cells of several pixels where there are many, each with all of its planes', () => {
    const [width, height] = [448, 224];
    const data = new Float32Array(width * height * 4);
    for (let at = 0; at < width * height; at++) data[at * 4 + (at % width < width / 2 ? 1 : 0)] = 1;
    const { size, probabilities } = decodeScene({ data, dims: [1, height, width, 4] }, ROADS);
    expect(size).toEqual({ widthPx: 224, heightPx: 112 });
    const cells = size.widthPx * size.heightPx;
    const roadOf = (row: number) => [...probabilities.subarray(cells + row * 224, cells + (row + 1) * 224)];
    expect(roadOf(50)).toEqual([...new Array<number>(112).fill(1), ...new Array<number>(112).fill(0)]);
    for (let cell = 0; cell < cells; cell += 97)
      expect(probabilities[cell]! + probabilities[cells + cell]! + probabilities[2 * cells + cell]!).toBeCloseTo(1, 5);
  }); // prettier-ignore

  it.each<[string, number[], number[]]>([
    ['other channels than promised', [1, 2, 2, 5], new Array<number>(20).fill(0.2)],
    ['less than it says', [1, 2, 2, 4], [1]],
    ['NaN', [1, 2, 2, 4], new Array<number>(16).fill(NaN)],
  ])('is refused with %s', (_, dims, values) => {
    expect(() => decodeScene({ data: Float32Array.from(values), dims }, ROADS)).toThrow(
      expect.objectContaining({ code: 'model/output-shape' }),
    );
  });
});
