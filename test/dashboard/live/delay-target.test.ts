import { describe, expect, it } from '@jest/globals';
import { DelayTarget } from '../../../dashboard/src/live/delay-target.js';

/** Boxes of every 200 ms that come so late, as many as are measured. */
function afterBoxes(lateMs: (n: number) => number, intervalMs = 200): DelayTarget {
  const delay = new DelayTarget();
  for (let n = 1; n <= 60; n++) {
    const ptsMs = n * intervalMs;
    delay.boxesCame({ edgeMs: ptsMs + lateMs(n), ptsMs, previousPtsMs: ptsMs - intervalMs });
  }
  return delay;
}

describe('DelayTarget', () => {
  it('leaves time for the boxes of the analysed frame after the picture', () => {
    const { targetMs } = afterBoxes(() => 150);
    expect(targetMs).toBeGreaterThanOrEqual(200 + 150);
    expect(targetMs).toBeLessThan(200 + 150 + 100);
  });

  it('follows most boxes, not the odd one that is very late', () => {
    expect(afterBoxes((n) => (n % 30 === 0 ? 5000 : 150)).targetMs).toBe(afterBoxes(() => 150).targetMs);
  });

  it('never asks for more than a second, nor for less than 0.3 s', () => {
    expect(afterBoxes(() => 3000).targetMs).toBe(1000);
    expect(afterBoxes(() => -50, 66).targetMs).toBe(300);
  });

  it('does not wait for the next analysed frame when it is a long way off', () => {
    expect(afterBoxes(() => 100, 2000).targetMs).toBe(300);
  });

  it('leaves room for a camera whose pictures come in bursts', () => {
    const delay = afterBoxes(() => 50);
    for (let n = 0; n < 60; n++) delay.fragmentCame(n % 10 === 0 ? 600 : 0);
    expect(delay.targetMs).toBeGreaterThanOrEqual(600);
  });
});
