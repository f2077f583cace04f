import { describe, expect, it } from '@jest/globals';
import { ProcessorShare } from '../../src/engine/processor-share.js';

const pool = (idle: number, soon = idle) => ({
  size: 2,
  idle,
  freeWithin: () => soon,
  expectNone: () => undefined,
});

describe('ProcessorShare', () => {
  it('has nothing free without a model', () => {
    expect(new ProcessorShare(2).idle).toBe(0);
  });

  it('counts what all pools have at work against the cores, not each by itself', () => {
    const share = new ProcessorShare(2);
    const [first, second] = [pool(1, 2), pool(2)];
    share.add(first);
    share.add(second);
    expect([share.idle, share.freeWithin(5)]).toEqual([1, 2]);
    const third = pool(1);
    share.add(third);
    expect(share.idle).toBe(0);
    share.delete(third);
    expect(share.idle).toBe(1);
  });

  it('never has less than nothing free, when a pool replaces its workers', () => {
    const share = new ProcessorShare(1);
    share.add(pool(0));
    share.add(pool(0));
    expect(share.idle).toBe(0);
  });
});
