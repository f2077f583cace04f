import { describe, expect, it } from '@jest/globals';
import { agreement } from '../../src/evaluation/index.js';
import type { Detection } from '../../src/geometry/index.js';

const person = (x: number, score = 0.9): Detection => ({ label: 'person', score, box: [x, 0, x + 10, 20] });

describe('agreement', () => {
  it('is 1 when both found the same', () => {
    const found = [[person(0), person(50)], []];
    expect(agreement(found, found)).toEqual({ f1: 1, iou: 1, counts: [2, 2] });
  });

  it('counts what only one of them found against both', () => {
    const { f1, counts } = agreement([[person(0), person(50)]], [[person(0), person(100)]]);
    expect(f1).toBe(0.5);
    expect(counts).toEqual([2, 2]);
  });

  it('takes another label, or less than half an overlap, for another object', () => {
    expect(agreement([[person(0)]], [[{ ...person(0), label: 'dog' }]]).f1).toBe(0);
    expect(agreement([[person(0)]], [[person(6)]]).f1).toBe(0);
  });

  it('matches each detection once', () => {
    expect(agreement([[person(0), person(1, 0.8)]], [[person(0)]]).f1).toBeCloseTo(2 / 3);
  });
});
