import { existsSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { decodeMask, letterbox, type Box } from '../../../src/geometry/index.js';
import { decoderOf } from '../../../src/models/index.js';
import { sharedDir } from '../../support/shared-data.js';
import {
  annotated,
  bestIou,
  foundBy,
  published,
  RealModel,
  recognised,
  rowsWith,
  transposed,
  type PublishedModel,
} from './published.js';
import { checkModel, recogniseDetector } from '../../../src/models/index.js';

/** Cells of the strides 8, 16 and 32 of 64×64. */
const CELLS = 84;
const NAMES = { names: "{0: 'fox', 1: \"owl's nest\"}", stride: '32', task: 'detect' };
/** Shown at half its size with 8 px of border above and below. */
const SOURCE = { widthPx: 128, heightPx: 96 };
/** The box of 16×8 in the middle of the input, in source pixels. */
const BOX = [48, 40, 80, 56];
const describeWithModels = existsSync(`${sharedDir}/models`) ? describe : describe.skip;

const v8 = (rows: Parameters<typeof rowsWith>[2], width = 6, metadata = NAMES): PublishedModel => ({
  outputs: { output0: { dims: [1, width, CELLS], data: transposed(rowsWith(CELLS, width, rows), width) } },
  metadata,
});
const v5 = (count: number, metadata?: Record<string, string>): PublishedModel => ({
  outputs: {
    output: { dims: [1, count, 7], data: rowsWith(count, 7, { 9: [32, 32, 16, 8, 0.9, 0.1, 0.8] }) },
  },
  operators: ['Sub'],
  ...(metadata === undefined ? {} : { metadata }),
});

describe('yolo', () => {
  it('reads YOLOv8, 9, 11 and 12: [1, 4 + classes, cells], with the names of the metadata', async () => {
    const model = v8({
      10: [32, 32, 16, 8, 0.2, 0.9],
      11: [33, 32, 16, 8, 0, 0.6],
      12: [10, 20, 4, 4, 0.25, 0],
    });
    expect(recognised(model)).toMatchObject({
      family: 'yolo',
      classes: ['fox', "owl's nest"],
      input: { order: 'rgb', std: [255, 255, 255], fit: 'letterbox', anchor: 'centre', border: 114 },
    });
    expect(await foundBy(model, SOURCE)).toEqual([
      { label: "owl's nest", score: expect.closeTo(0.9, 5), box: BOX.map((side) => expect.closeTo(side, 3)) },
    ]);
  });

  it('reads the same with rows and channels exchanged', async () => {
    const data = rowsWith(CELLS, 6, { 10: [32, 32, 16, 8, 0.9, 0] });
    const model = { outputs: { out: { dims: [1, CELLS, 6], data } }, metadata: NAMES, operators: ['Sub'] };
    expect(recognised(model).facts).toMatchObject({ layout: 'rows', hasObjectness: false });
    expect(await foundBy(model, SOURCE)).toMatchObject([{ label: 'fox', score: expect.closeTo(0.9, 5) }]);
  });

  it.each([
    ['YOLOv5 and v7, three rows a cell', v5(3 * CELLS)],
    ['YOLOv6, one row a cell', v5(CELLS)],
    ['names in the metadata', v5(3 * CELLS, NAMES)],
  ])('multiplies objectness and class score: %s', async (_, model) => {
    expect(recognised(model)).toMatchObject({ family: 'yolo', facts: { hasObjectness: true } });
    const found = await foundBy(model, SOURCE);
    expect(found.map(({ score }) => score)).toEqual([expect.closeTo(0.72, 5)]);
    expect(found[0]!.box.map(Math.round)).toEqual(BOX);
  });

  it('reads models whose size and batch are open, in multiples of the stated stride', () => {
    const { outputs, ...rest } = v8({ 10: [32, 32, 16, 8, 0.9, 0] }, 6, { ...NAMES, stride: '64' });
    const open: PublishedModel = {
      ...rest,
      input: ['height', 'width'],
      outputs: { output0: { ...outputs['output0']!, declared: ['batch', 6, 'anchors'] } },
      operators: ['ConvTranspose'],
    };
    const description = recogniseDetector(checkModel(published(open)));
    expect(description).toMatchObject({ family: 'yolo', input: { size: 'dynamic', stridePx: 64 } });
  });

  it('gives every class of a row that is scored high enough, and suppresses within each', async () => {
    const model = v8({ 3: [32, 32, 16, 8, 0.7, 0.5], 4: [32, 32, 15, 8, 0.6, 0.2] });
    const found = await foundBy(model, SOURCE);
    expect(found.map(({ label, score }) => [label, score.toFixed(1)])).toEqual([
      ['fox', '0.7'],
      ["owl's nest", '0.5'],
    ]);
  });

  it('takes the classes of a pose model from its names, and leaves turned boxes to others', () => {
    const pose = v8({}, 4 + 1 + 51, { ...NAMES, names: "{0: 'person'}", task: 'pose' });
    expect(recognised(pose).classes).toEqual(['person']);
    expect(() => recognised(v8({}, 7, { ...NAMES, task: 'obb' }))).toThrow(
      'no detector that Sightline knows',
    );
  });

  it('finds nothing in numbers that are none, or infinite, and does not fail', async () => {
    for (const value of [NaN, Infinity, -Infinity]) {
      const data = new Float32Array(6 * CELLS).fill(value);
      const model = { outputs: { output0: { dims: [1, 6, CELLS], data } }, metadata: NAMES };
      expect(await foundBy(model, SOURCE)).toEqual([]);
    }
  });

  it.each(['columns', 'rows'])('makes masks out of prototypes, within the box alone (%s)', async (layout) => {
    const width = layout === 'rows' ? 7 + 32 : 6 + 32;
    const score = layout === 'rows' ? [1, 0.9, 0] : [0.9, 0];
    // Prototype 0 is the distance from column 8 to the right, 1 is one everywhere: right of column 7.25.
    const row = [32, 32, 24, 16, ...score, 1, 0.75, ...new Array<number>(30).fill(0)];
    const prototypes = Float32Array.from({ length: 32 * 256 }, (_, at) =>
      at < 256 ? (at % 16) - 8 : at < 512 ? 1 : 7,
    );
    const rows = rowsWith(layout === 'rows' ? 3 * CELLS : CELLS, width, { 20: row });
    const output0 =
      layout === 'rows'
        ? { dims: [1, 3 * CELLS, width], data: rows }
        : { dims: [1, width, CELLS], data: transposed(rows, width) };
    const model = {
      outputs: { output0, output1: { dims: [1, 32, 16, 16], data: prototypes } },
      metadata: NAMES,
    };
    const [found] = await foundBy(model, SOURCE);
    expect(found!.mask!.size).toEqual([96, 128]);
    const pixels = decodeMask(found!.mask!);
    // Column 7.25 of the prototypes, counted from pixel middles, is at input 31, source 62.
    const expected = Uint8Array.from({ length: 96 * 128 }, (_, at) => {
      const [x, y] = [at % 128, Math.floor(at / 128)];
      return x >= 62 && x < 88 && y >= 32 && y < 64 ? 1 : 0;
    });
    expect(pixels).toEqual(expected);
  });

  it('follows a slanting edge to the pixel, as interpolation of every pixel does', () => {
    const weights = [1, -0.7, 0.3];
    const prototypes = new Float32Array(32 * 256);
    for (let at = 0; at < 256; at++) {
      prototypes[at] = (at % 16) - 7.3;
      prototypes[256 + at] = Math.floor(at / 16) - 6.1;
      prototypes[512 + at] = Math.sin(at / 5) * 6;
    }
    const row = [32, 32, 50, 40, 0.9, 0, ...weights, ...new Array<number>(29).fill(0)];
    const data = transposed(rowsWith(CELLS, 38, { 20: row }), 38);
    const source = { widthPx: 301, heightPx: 203 };
    const placed = letterbox(source, { widthPx: 64, heightPx: 44 }, { widthPx: 64, heightPx: 64 });
    const model: PublishedModel = {
      outputs: { o: { dims: [1, 38, CELLS], data }, p: { dims: [1, 32, 16, 16], data: prototypes } },
      metadata: NAMES,
    };
    const description = recognised(model);
    const outputs = {
      o: { data, dims: [1, 38, CELLS] },
      p: { data: prototypes, dims: [1, 32, 16, 16] },
    };
    const options = { scoreMin: 0.3, iouMax: 0.6, countMax: 10 };
    const [found] = decoderOf(description)(outputs, placed, options, description);
    const field = Array.from({ length: 256 }, (_, at) =>
      weights.reduce((sum, weight, channel) => sum + weight * prototypes[channel * 256 + at]!, 0),
    );
    const pixels = decodeMask(found!.mask!);
    const differing = [...pixels.keys()].filter((at) => {
      const [x, y] = [at % source.widthPx, Math.floor(at / source.widthPx)];
      const u = ((x + 0.5) * placed.scaleX + placed.padX) / 4 - 0.5;
      const v = ((y + 0.5) * placed.scaleY + placed.padY) / 4 - 0.5;
      const value = bilinear(field, Math.min(Math.max(u, 0), 15), Math.min(Math.max(v, 0), 15));
      return pixels[at] !== (value > 0 && isWithin(x, y, found!.box) ? 1 : 0) && Math.abs(value) > 1e-4;
    });
    expect(pixels.filter((pixel) => pixel === 1).length).toBeGreaterThan(1000);
    expect(differing).toEqual([]);
  });

  describeWithModels('with YOLOv8n of 320 px in INT8', () => {
    it.each([
      ['000000000036', 'person'],
      ['000000000071', 'train'],
    ])('finds what picture %s shows, where it is', async (name, label) => {
      const model = await RealModel.open('agpl_yolov8n_int8.onnx');
      expect(model.description).toMatchObject({ family: 'yolo', facts: { layout: 'columns' } });
      const { file, objects } = await annotated(name);
      const truth = objects.find((object) => object.label === label)!;
      expect(bestIou(await model.look(file), label, truth.box)).toBeGreaterThan(0.6);
    });
  });
});

function bilinear(field: readonly number[], u: number, v: number): number {
  const [x, y] = [Math.min(Math.floor(u), 14), Math.min(Math.floor(v), 14)];
  const at = (column: number, row: number) => field[row * 16 + column]!;
  const upper = at(x, y) * (1 - u + x) + at(x + 1, y) * (u - x);
  const lower = at(x, y + 1) * (1 - u + x) + at(x + 1, y + 1) * (u - x);
  return upper * (1 - v + y) + lower * (v - y);
}

const isWithin = (x: number, y: number, [x1, y1, x2, y2]: Box) =>
  x >= Math.round(x1) && x < Math.round(x2) && y >= Math.round(y1) && y < Math.round(y2);
