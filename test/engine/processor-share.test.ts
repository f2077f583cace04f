import { describe, expect, it } from '@jest/globals';
import { ProcessorShare } from '../../src/engine/processor-share.js';

const pool = (idle: number, soon = idle) => ({
  size: 2,
  idle,
  freeWithin: () => soon,
  whenFree: () => new Promise<void>(() => undefined),
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

  it('has those who wait for a worker look again when its pools change', async () => {
    const share = new ProcessorShare(2);
    const waiting = share.whenFree();
    share.add(pool(1));
    await expect(waiting).resolves.toBeUndefined();
  });

  it('tells of a worker that comes free, and asks a pool that is never used only once', async () => {
    let [asked, free] = [0, () => undefined as void];
    const share = new ProcessorShare(2);
    share.add({ ...pool(1), whenFree: () => (asked++, new Promise<void>(() => undefined)) });
    share.add({ ...pool(0), whenFree: () => new Promise<void>((resolve) => (free = resolve)) });
    for (let round = 0; round < 3; round++) {
      const waiting = share.whenFree();
      free();
      await expect(waiting).resolves.toBeUndefined();
    }
    expect(asked).toBe(1);
  });

  it('never has less than nothing free, when a pool replaces its workers', () => {
    const share = new ProcessorShare(1);
    share.add(pool(0));
    share.add(pool(0));
    expect(share.idle).toBe(0);
  });
});
