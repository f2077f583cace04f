import { describe, expect, it } from '@jest/globals';
import { WorkerLoad } from '../../src/engine/worker-load.js';
import { FakeClock } from '../support/fake-clock.js';

describe('WorkerLoad', () => {
  it('is 0 at first, rises towards what is noted, and is nearly there after three seconds', () => {
    const clock = new FakeClock();
    const load = new WorkerLoad(clock);
    expect(load.share).toBe(0);
    load.note(1);
    clock.advance(1000);
    expect(load.share).toBeCloseTo(1 - Math.exp(-1), 6);
    clock.advance(2000);
    expect(load.share).toBeGreaterThan(0.95);
  });

  it('weighs each share by its time, not by how often it is noted', () => {
    const clock = new FakeClock();
    const load = new WorkerLoad(clock);
    for (let i = 0; i < 200; i++) {
      load.note(1);
      clock.advance(30);
      load.note(0);
      clock.advance(10);
    }
    expect(load.share).toBeGreaterThan(0.7);
    expect(load.share).toBeLessThan(0.8);
  });
});
