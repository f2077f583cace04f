import { describe, expect, it } from '@jest/globals';
import { FrameQueue } from '../../src/frames/frame-queue.js';

const times = (ptsTicks: number) => ({ ptsTicks, arrivedMs: ptsTicks, capturedAtMs: 0, decodedMs: 0 });

function put(queue: FrameQueue, value: number): boolean {
  const target = queue.writeTarget();
  if (target === undefined) return false;
  target.fill(value);
  queue.commit(times(value));
  return true;
}

function pixels(queue: FrameQueue, byteOffset: number): number[] {
  return [...new Uint8Array(queue.memory, byteOffset, 4)];
}

describe('FrameQueue that keeps the latest', () => {
  const open = (takenMax = 2) => new FrameQueue({ frameBytes: 4, takenMax, policy: 'latest' });

  it('hands out the newest frame and counts those it replaced', () => {
    const queue = open();
    for (const value of [1, 2, 3]) put(queue, value);
    const frame = queue.take();
    expect(frame?.ptsTicks).toBe(3);
    expect(pixels(queue, frame!.byteOffset)).toEqual([3, 3, 3, 3]);
    expect(queue.countReplaced()).toBe(2);
    expect(queue.countReplaced()).toBe(0);
  });

  it('always has room to write, and never writes over a frame that is taken', () => {
    const queue = open(2);
    put(queue, 1);
    const first = queue.take()!;
    put(queue, 2);
    const second = queue.take()!;
    for (let value = 3; value < 50; value++) expect(put(queue, value)).toBe(true);
    expect(pixels(queue, first.byteOffset)).toEqual([1, 1, 1, 1]);
    expect(pixels(queue, second.byteOffset)).toEqual([2, 2, 2, 2]);
  });

  it('hands out no more frames than may be taken at once, until one is released', () => {
    const queue = open(1);
    put(queue, 1);
    const frame = queue.take()!;
    put(queue, 2);
    expect(queue.ready).toBe(false);
    expect(queue.take()).toBeUndefined();
    queue.release(frame);
    expect(queue.take()?.ptsTicks).toBe(2);
  });
});

describe('FrameQueue that loses nothing', () => {
  it('refuses a frame when full, and hands out all others in order', () => {
    const queue = new FrameQueue({ frameBytes: 4, takenMax: 2, policy: 'lossless' });
    const accepted = [1, 2, 3].map((value) => put(queue, value));
    expect(accepted).toEqual([true, true, false]);
    expect(queue.take()?.ptsTicks).toBe(1);
    expect(put(queue, 3)).toBe(true);
    expect([queue.take()?.ptsTicks, queue.take()]).toEqual([2, undefined]);
    expect(queue.countReplaced()).toBe(0);
  });
});
