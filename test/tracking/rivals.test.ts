import { describe, expect, it } from '@jest/globals';
import { Rivals } from '../../src/tracking/rivals.js';

function keptOf(gains: readonly number[], most: number) {
  const rivals = new Rivals();
  gains.forEach((gain, column) => rivals.add(column, gain));
  rivals.keepBest(most);
  return Array.from({ length: rivals.count }, (_, at) => [rivals.columns[at], rivals.gains[at]]);
}

describe('the detections that may be one track', () => {
  it('stay as they came where there are no more than may be kept', () => {
    expect(keptOf([0.2, 0.9, 0.5], 3)).toEqual([[0, 0.2], [1, 0.9], [2, 0.5]]); // prettier-ignore
  });

  it('are cut to the best, best first, and of equal ones to those that came first', () => {
    const gains = Array.from({ length: 40 }, (_, at) => ((at * 7) % 11) / 10);
    const sorted = gains.map((gain, column) => [column, gain]).sort(([, a], [, b]) => b! - a!);
    expect(keptOf(gains, 12)).toEqual(sorted.slice(0, 12));
  });

  it('are those of one track alone after clearing', () => {
    const rivals = new Rivals();
    for (const gain of [0.1, 0.9, 0.5]) rivals.add(7, gain);
    rivals.keepBest(2);
    rivals.clear();
    rivals.add(3, 0.4);
    rivals.keepBest(2);
    expect([rivals.count, rivals.columns[0], rivals.gains[0]]).toEqual([1, 3, 0.4]);
  });
});
