import { describe, expect, it } from '@jest/globals';
import { distinctLooks, type FoundLook } from '../../src/store/distinct-looks.js';

const MINUTE_MS = 60_000;
/** A look at an angle, degrees; the one asked about is at 0. */
const at = (track: string, degrees: number, minute: number, camera = 'gate'): FoundLook => {
  const [x, y] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return { track, camera, seenMs: minute * MINUTE_MS, score: x, embedding: Float32Array.of(x, y) };
};
const told = (ranked: readonly FoundLook[], limit = 10) =>
  distinctLooks(ranked, limit).map(({ track, others }) => `${track}+${others}`);

describe('distinct looks', () => {
  it.each([
    ['one after another within half an hour each', [at('a', 1, 60), at('b', 2, 0), at('c', 3, 30), at('d', 4, 89)], ['a+3']],
    ['with a longer gap between', [at('a', 1, 60), at('b', 2, 91), at('c', 3, 29), at('d', 4, 5)], ['a+0', 'b+0', 'c+1']],
    ['of two cameras', [at('a', 1, 0), at('b', 1, 0, 'yard'), at('c', 2, 1), at('d', 2, 1, 'yard')], ['a+1', 'b+1']],
    ['that look otherwise', [at('a', 0, 0), at('b', 20, 1), at('c', 40, 2)], ['a+0', 'b+0', 'c+0']],
    ['as alike as they must be', [at('a', 0, 0), at('b', 18, 1)], ['a+1']],
    ['each like the next, and the last not like the best', [at('a', 0, 0), at('b', 15, 1), at('c', 30, 2)], ['a+1', 'c+0']],
    ['at one time', [at('a', 1, 0), at('b', 1, 0), at('c', 1, 0)], ['a+2']],
    ['that are none', [], []],
  ] as const)('of tracks %s', (_, ranked, expected) => {
    expect(told(ranked)).toEqual(expected);
  }); // prettier-ignore

  it('fill the page with what else there is, and count what they stand for', () => {
    const parked = Array.from({ length: 40 }, (_, i) => at(`parked-${i}`, 1, 10 * i));
    const others = [at('x', 30, 0), at('y', 60, 0), at('z', 85, 0)];
    expect(told([...parked, ...others], 3)).toEqual(['parked-0+39', 'x+0', 'y+0']);
  });
});
