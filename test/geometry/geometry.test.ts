import { describe, expect, it } from '@jest/globals';
import {
  analysisSize,
  boxIou,
  clipBox,
  intersection,
  letterbox,
  suppressOverlaps,
  toSourceBox,
} from '../../src/geometry/index.js';

describe('boxIou', () => {
  it.each([
    ['the same box', [0, 0, 10, 10], [0, 0, 10, 10], 1],
    ['half of it', [0, 0, 10, 10], [0, 0, 5, 10], 0.5],
    ['boxes that touch', [0, 0, 10, 10], [10, 0, 20, 10], 0],
    ['boxes apart', [0, 0, 10, 10], [50, 50, 60, 60], 0],
    ['a quarter shared', [0, 0, 10, 10], [5, 5, 15, 15], 25 / 175],
    ['two empty boxes', [3, 3, 3, 3], [3, 3, 3, 3], 0],
  ] as const)('of %s', (_, a, b, expected) => {
    expect(boxIou(a, b)).toBeCloseTo(expected, 6);
  });
});

describe('intersection', () => {
  it('is what two boxes have in common, and nothing where they touch or lie apart', () => {
    expect(intersection([0, 0, 10, 10], [5, -5, 15, 5])).toEqual([5, 0, 10, 5]);
    expect(intersection([0, 0, 10, 10], [10, 0, 20, 10])).toBeUndefined();
    expect(intersection([0, 0, 10, 10], [50, 50, 60, 60])).toBeUndefined();
  });
});

describe('suppressOverlaps', () => {
  it('keeps the best of each label where boxes overlap', () => {
    const kept = suppressOverlaps(
      [
        { label: 'car', score: 0.5, box: [0, 0, 10, 10] },
        { label: 'car', score: 0.9, box: [1, 0, 11, 10] },
        { label: 'bus', score: 0.4, box: [1, 0, 11, 10] },
        { label: 'car', score: 0.3, box: [100, 0, 110, 10] },
      ],
      0.5,
    );
    expect(kept.map(({ label, score }) => [label, score])).toEqual([['car', 0.9], ['bus', 0.4], ['car', 0.3]]); // prettier-ignore
  });
});

describe('analysis size and letterbox', () => {
  it.each([
    [
      '16:9',
      { widthPx: 1920, heightPx: 1080 },
      { widthPx: 512, heightPx: 288 },
      { widthPx: 512, heightPx: 288 },
    ],
    [
      '4:3',
      { widthPx: 640, heightPx: 480 },
      { widthPx: 512, heightPx: 384 },
      { widthPx: 512, heightPx: 384 },
    ],
    [
      'upright',
      { widthPx: 1080, heightPx: 1920 },
      { widthPx: 288, heightPx: 512 },
      { widthPx: 288, heightPx: 512 },
    ],
    [
      'odd',
      { widthPx: 768, heightPx: 431 },
      { widthPx: 512, heightPx: 288 },
      { widthPx: 512, heightPx: 288 },
    ],
    [
      'not a multiple',
      { widthPx: 480, heightPx: 360 },
      { widthPx: 512, heightPx: 384 },
      { widthPx: 512, heightPx: 384 },
    ],
    [
      'wide',
      { widthPx: 1000, heightPx: 300 },
      { widthPx: 512, heightPx: 154 },
      { widthPx: 512, heightPx: 160 },
    ],
  ])('keeps the aspect of a %s source, with even sides and a padded input', (_, source, frame, input) => {
    expect(analysisSize(source, 512, 32)).toEqual({ frame, input });
  });

  it('maps a box in the input back to the source, clipped to it', () => {
    const source = { widthPx: 1000, heightPx: 300 };
    const placed = letterbox(source, { widthPx: 500, heightPx: 150 }, { widthPx: 512, heightPx: 160 });
    expect([placed.padX, placed.padY]).toEqual([6, 4]);
    expect(toSourceBox([6, 4, 506, 154], placed)).toEqual([0, 0, 1000, 300]);
    expect(toSourceBox([56, 29, 106, 54], placed)).toEqual([100, 50, 200, 100]);
    expect(toSourceBox([-50, -50, 600, 600], placed)).toEqual([0, 0, 1000, 300]);
    expect(clipBox([-1, 5, 2000, 6], source)).toEqual([0, 5, 1000, 6]);
  });
});
