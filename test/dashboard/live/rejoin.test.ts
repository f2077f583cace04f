import { describe, expect, it } from '@jest/globals';
import { Rejoin } from '../../../dashboard/src/live/rejoin.js';

/** The times at which it was due, asked every quarter of a second. */
function dueTimes(untilMs: number, lateMsAt: (nowMs: number) => number | undefined): number[] {
  const rejoin = new Rejoin();
  const due: number[] = [];
  for (let nowMs = 0; nowMs <= untilMs; nowMs += 250)
    if (rejoin.isDue(nowMs, lateMsAt(nowMs))) due.push(nowMs);
  return due;
}

describe('Rejoin', () => {
  it('joins nothing anew while pictures come in time', () => {
    expect(dueTimes(30_000, () => undefined)).toEqual([]);
  });

  it('lets a burst be caught up with: late for less than a second', () => {
    expect(dueTimes(30_000, (nowMs) => (nowMs % 5000 < 1000 ? 3000 : undefined))).toEqual([]);
  });

  it('joins anew what stays late, and again not before ten seconds', () => {
    expect(dueTimes(22_000, () => 3000)).toEqual([1000, 11_000, 21_000]);
  });
});
