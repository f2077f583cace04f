import { describe, expect, it } from '@jest/globals';
import { CoveredSteps } from '../../src/live/covered-steps.js';

/** Everything that the encoder is given for pictures at these times, and when it is shown. */
function given(times: readonly number[]) {
  const steps = new CoveredSteps();
  const all = times.map((ptsTicks) => steps.next(ptsTicks));
  const written = all.reduce((sum, { repeats }) => sum + repeats + 2, 0);
  return { all, written, shown: all.flatMap((one) => one.steps) };
}

describe('the times of a covered stream', () => {
  it('are those of its pictures, with one copy half way to the next where five come a second', () => {
    const { shown, all } = given([18_000, 36_000, 54_000]);
    expect(shown.map(({ ptsTicks }) => ptsTicks)).toEqual([18_000, 27_000, 36_000, 45_000, 54_000]);
    expect(all.map(({ repeats }) => repeats)).toEqual([0, 0, 0]);
  });

  it.each([
    ['a slow camera', [0, 90_000, 180_000]],
    ['pictures left out', [0, 18_000, 95_400, 113_400]],
    ['two pictures close to each other', [0, 16_200, 20_000, 36_000]],
    ['ten seconds without one', [0, 900_000]],
  ])('rise evenly, and no step begins later than twice the length of the one before: %s', (_, times) => {
    const { shown } = given(times);
    expect(shown.map(({ ptsTicks }) => ptsTicks)).toEqual(expect.arrayContaining(times));
    for (const [at, { ptsTicks }] of shown.slice(1).entries()) {
      const before = shown[at]!;
      expect(ptsTicks).toBeGreaterThan(before.ptsTicks);
      expect(ptsTicks - before.ptsTicks).toBeLessThan(2 * before.durationTicks);
    }
  });

  it('are one less than what the encoder is given: the last copy waits for the next picture', () => {
    for (const times of [[0], [0, 18_000], [0, 90_000, 91_000], [5, 400_000]]) {
      const { shown, written } = given(times);
      expect(shown).toHaveLength(written - 1);
    }
  });
});
