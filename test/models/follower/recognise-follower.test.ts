import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { checkModel, prepareFollower, recogniseFollower } from '../../../src/models/index.js';
import { sharedDir } from '../../support/shared-data.js';
import { tinyModel } from '../tiny-model.js';
import { TINY_METADATA, tinyFollower } from './tiny-follower.js';

const described = ({ template, search }: { template: Uint8Array; search: Uint8Array }) =>
  recogniseFollower(checkModel(template), checkModel(search));

describe('recogniseFollower', () => {
  it('describes a pair of our own by its metadata and shapes', () => {
    expect(described(tinyFollower())).toEqual({
      family: 'sightline',
      geometry: { templatePx: 32, searchPx: 60, gridCells: 15, stridePx: 4, firstCellPx: 2, context: 0.5 },
      tuning: { penaltyK: 0.1, windowInfluence: 0.35, sizeRate: 0.4 },
      order: 'rgb',
      kernel: [3, 1, 1],
      embeddingLength: 3,
      batchMax: 8,
    });
  });

  it('takes the tuning that the metadata name, and one crop at a time where the batch is fixed', () => {
    const template = { ...TINY_METADATA, penalty_k: '0.02', window_influence: '0.5', size_rate: '0.3' };
    expect(described(tinyFollower({ batch: 1, template }))).toMatchObject({
      tuning: { penaltyK: 0.02, windowInfluence: 0.5, sizeRate: 0.3 },
      batchMax: 1,
    });
  });

  it.each<[string, Parameters<typeof tinyFollower>[0], RegExp]>([
    ['a layout to come', { template: { ...TINY_METADATA, 'sightline.follower': '2' } }, /layout is "2"/],
    ['sizes that differ', { search: { ...TINY_METADATA, grid: '17' } }, /differ in "grid": 15 and 17/],
    ['a grid that is none', { template: { ...TINY_METADATA, grid: 'x' } }, /"grid" is "x"/],
    [
      'a size that is not that of the crop',
      { template: { ...TINY_METADATA, template_px: '31' } },
      /"crop" has the shape \[batch, 3, 32, 32\]/,
    ],
    [
      'a search crop smaller than the template',
      { template: { ...TINY_METADATA, search_px: '20' } },
      /"search_px" is "20"/,
    ],
    [
      'no stride',
      { template: Object.fromEntries(Object.entries(TINY_METADATA).filter(([key]) => key !== 'stride')) },
      /"stride" is missing/,
    ],
    ['batches of 4', { batch: 4 }, /batch must be open, or 1/],
  ])('refuses %s, and says what is wrong', (_, changes, message) => {
    expect(() => described(tinyFollower(changes))).toThrow(message);
    expect(() => described(tinyFollower(changes))).toThrow(expect.objectContaining({ code: 'model/shape' }));
  });

  it('refuses files that are no pair, and lists what they have', () => {
    const other = { template: tinyModel({}), search: tinyModel({}) };
    expect(() => described(other)).toThrow(/NanoTrack v2 or v3.*image uint8/);
    const { template, search } = tinyFollower({ template: {} });
    expect(() => described({ template, search })).toThrow(expect.objectContaining({ code: 'model/shape' }));
  });
});

const models = path.join(sharedDir, 'models');
const describeWith = existsSync(path.join(models, 'nanotrackv2_nanotrack_backbone_sim.onnx'))
  ? describe
  : describe.skip;
describeWith('NanoTrack', () => {
  it.each([
    [
      'v2',
      '_backbone_sim',
      '_head_sim',
      { gridCells: 16, firstCellPx: -0.5, kernel: [48, 8, 8], rate: 0.385 },
    ],
    ['v3', '_backbone', '_head', { gridCells: 15, firstCellPx: 15.5, kernel: [96, 8, 8], rate: 0.348 }],
  ])('%s is known by its shapes, and prepared for one layout', (version, backbone, head, expected) => {
    const read = (part: string) =>
      readFileSync(path.join(models, `nanotrack${version}_nanotrack${part}.onnx`));
    const [first, second] = [read(backbone), read(head)];
    const description = recogniseFollower(checkModel(first), checkModel(second));
    const { gridCells, firstCellPx, kernel, rate } = expected;
    expect(description).toMatchObject({
      family: 'nanotrack',
      geometry: { templatePx: 127, searchPx: 255, gridCells, firstCellPx, stridePx: 16, context: 0.5 },
      tuning: { sizeRate: rate },
      order: 'bgr',
      kernel,
      embeddingLength: 0,
      batchMax: 1,
    });
    const { template, search } = prepareFollower(first, second, description);
    const shapes = (tensors: readonly { name: string; dims: readonly (number | string)[] }[]) =>
      Object.fromEntries(tensors.map(({ name, dims }) => [name, dims]));
    const [ofTemplate, ofSearch] = [checkModel(template), checkModel(search)];
    expect(shapes(ofTemplate.inputs)).toEqual({ crop: [1, 3, 127, 127] });
    expect(shapes(ofTemplate.outputs)).toEqual({ kernel: [1, ...kernel] });
    expect(shapes(ofSearch.inputs)).toEqual({ crop: [1, 3, 255, 255], kernel: [1, ...kernel] });
    expect(shapes(ofSearch.outputs)).toEqual({
      score: [1, 1, gridCells, gridCells],
      ltrb: [1, 4, gridCells, gridCells],
    });
  });

  it('is refused with the head of another version', () => {
    const read = (name: string) => checkModel(readFileSync(path.join(models, name)));
    const mixed = () =>
      recogniseFollower(
        read('nanotrackv2_nanotrack_backbone_sim.onnx'),
        read('nanotrackv3_nanotrack_head.onnx'),
      );
    expect(mixed).toThrow(expect.objectContaining({ code: 'model/shape' }));
  });
});
