import { describe, expect, it } from '@jest/globals';
import { readOtbTruth, singleObjectMetrics } from '../../src/evaluation/index.js';
import type { Box } from '../../src/geometry/index.js';

const box = (x: number, y = 0): Box => [x, y, x + 10, y + 10];

describe('singleObjectMetrics', () => {
  it('counts 20 of 21 thresholds for equal boxes: none overlaps by more than 1', () => {
    expect(singleObjectMetrics([box(5), box(6)], [box(5), box(6)])).toEqual({
      frames: 2,
      auc: expect.closeTo(20 / 21, 9),
      success50: 1,
      precision20: 1,
    });
  });

  it('counts a box that is off by what it is', () => {
    // IoU 1/3: above 0, 0.05, …, 0.30.
    const third = singleObjectMetrics([box(5)], [box(0)]);
    expect(third).toMatchObject({ auc: expect.closeTo(7 / 21, 9), success50: 0, precision20: 1 });
    const missed = singleObjectMetrics([box(0)], [box(100)]);
    expect(missed).toMatchObject({ auc: 0, success50: 0, precision20: 0 });
  });

  it('takes a centre that is exactly 20 px off for near enough', () => {
    expect(singleObjectMetrics([box(12, 16)], [box(0)]).precision20).toBe(1);
    expect(singleObjectMetrics([box(12, 16.1)], [box(0)]).precision20).toBe(0);
  });

  it('does with frames without a truth what the toolkit does: no overlap, no error of the centre', () => {
    expect(singleObjectMetrics([box(0), box(0)], [box(0), undefined])).toEqual({
      frames: 2,
      auc: expect.closeTo(10 / 21, 9),
      success50: 0.5,
      precision20: 1,
    });
  });
});

describe('readOtbTruth', () => {
  it.each([
    ['commas', '11,21,30,40\n12,22,30,40\n'],
    ['tabs', '11\t21\t30\t40\r\n12\t22\t30\t40\r\n'],
    ['spaces', ' 11  21 30 40\n12 22 30 40'],
  ])('reads boxes with %s, counted from 1', (_, text) => {
    expect(readOtbTruth(text, 'a.txt')).toEqual([
      [10, 20, 40, 60],
      [11, 21, 41, 61],
    ]);
  });

  it('knows frames without a box', () => {
    expect(readOtbTruth('1 1 5 5\nNaN NaN NaN NaN\n0 0 0 0\n2 2 5 5', 'a.txt')).toEqual([
      [0, 0, 5, 5],
      undefined,
      undefined,
      [1, 1, 6, 6],
    ]);
  });

  it.each([
    ['a word', '1,1,5,5\n1,x,5,5', /a\.txt, line 2: "1,x,5,5"/],
    ['too few numbers', '1,1,5', /line 1/],
    ['no box in the first frame', 'NaN,NaN,NaN,NaN\n1,1,5,5', /line 1: the first frame/],
    ['nothing', '', /line 1/],
  ])('refuses %s, naming the line', (_, text, message) => {
    expect(() => readOtbTruth(text, 'a.txt')).toThrow(message);
  });
});
