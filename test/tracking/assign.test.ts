import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { assign } from '../../src/tracking/index.js';

/** The highest sum of gains, by trying everything. */
function best(gains: readonly (readonly number[])[], row = 0, taken = 0): number {
  if (row === gains.length) return 0;
  return gains[row]!.reduce(
    (highest, gain, column) =>
      gain <= 0 || (taken >> column) & 1
        ? highest
        : Math.max(highest, gain + best(gains, row + 1, taken | (1 << column))),
    best(gains, row + 1, taken),
  );
}

describe('assign', () => {
  const matrix = fc.integer({ min: 1, max: 6 }).chain((columns) =>
    fc.array(
      fc.array(fc.oneof(fc.integer({ min: -1, max: 3 }), fc.double({ min: 0, max: 1, noNaN: true })), {
        minLength: columns,
        maxLength: columns,
      }),
      { minLength: 1, maxLength: 6 },
    ),
  );

  it('finds the matching of highest gain, and uses each row and column once', () => {
    fc.assert(
      fc.property(matrix, (gains) => {
        const pairs = gains.flatMap((line, row) => line.map((gain, column) => ({ row, column, gain })));
        const chosen = assign(pairs, gains.length, gains[0]!.length);
        expect(new Set(chosen.map(({ row }) => row)).size).toBe(chosen.length);
        expect(new Set(chosen.map(({ column }) => column)).size).toBe(chosen.length);
        expect(chosen.reduce((sum, { gain }) => sum + gain, 0)).toBeCloseTo(best(gains), 9);
      }),
      { numRuns: 500 },
    );
  });

  it('gives a match up for two better ones', () => {
    const pairs = [
      { row: 0, column: 0, gain: 0.9 },
      { row: 0, column: 1, gain: 0.8 },
      { row: 1, column: 0, gain: 0.8 },
    ];
    expect(assign(pairs, 2, 2).map(({ row, column }) => [row, column])).toEqual([[0, 1], [1, 0]]); // prettier-ignore
  });

  it('matches nothing where there is nothing to gain', () => {
    expect(assign([], 0, 0)).toEqual([]);
    expect(assign([{ row: 1, column: 2, gain: 0 }], 2, 3)).toEqual([]);
  });
});
