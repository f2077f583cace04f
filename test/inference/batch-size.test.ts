import { describe, expect, it } from '@jest/globals';
import { BatchSize } from '../../src/inference/batch-size.js';

/** Runs as large as allowed, on a device where a run of `count` pictures takes `costMs(count)`. */
function work(size: BatchSize, costMs: (count: number) => number, fromMs: number, untilMs: number): number {
  let nowMs = fromMs;
  while (nowMs < untilMs) {
    const count = size.limitAt(nowMs);
    nowMs += costMs(count);
    size.note(count, costMs(count), nowMs);
  }
  return nowMs;
}

describe('BatchSize', () => {
  it('grows to eight where a run costs the same for one picture and for eight', () => {
    const size = new BatchSize();
    const nowMs = work(size, () => 5, 0, 500);
    expect(size.limitAt(nowMs)).toBe(8);
  });

  it('stays at one where a picture costs the same in every batch, and tries two again after half a minute', () => {
    const size = new BatchSize();
    const nowMs = work(size, (count) => 10 * count, 0, 1000);
    expect(size.limitAt(nowMs)).toBe(1);
    expect(size.limitAt(nowMs + 31_000)).toBe(2);
  });

  it('stops growing where the gain ends', () => {
    const size = new BatchSize();
    const nowMs = work(size, (count) => (count <= 4 ? 8 : 2 * count), 0, 2000);
    expect(size.limitAt(nowMs)).toBe(4);
  });

  it('shrinks when a batch no longer gains', () => {
    const size = new BatchSize();
    let nowMs = work(size, () => 5, 0, 500);
    for (let i = 0; i < 40; i++)
      for (const count of [1, 2, 4, 8]) size.note(count, 6 * count, (nowMs += 6 * count));
    expect(size.limitAt(nowMs)).toBe(1);
  });

  it('does not let pictures wait for a run of more than 60 ms', () => {
    const size = new BatchSize();
    const nowMs = work(size, (count) => 12 + 6 * count, 0, 3000);
    expect(size.limitAt(nowMs)).toBe(4);
    expect(size.limitAt(nowMs + 31_000)).toBe(4);
  });

  it('takes one at a time with a model that cannot do more', () => {
    const size = new BatchSize(1);
    expect(size.limitAt(work(size, () => 5, 0, 500))).toBe(1);
  });
});
