import { describe, expect, it } from '@jest/globals';
import { FrameBuffer } from '../../../dashboard/src/live/frame-buffer.js';
import { frame } from './frames.js';

function bufferOf(...frames: ReturnType<typeof frame>[]): FrameBuffer {
  const buffer = new FrameBuffer();
  frames.forEach((one) => buffer.add(one));
  return buffer;
}
const timesOf = (buffer: FrameBuffer, epoch: number) => buffer.framesOf(epoch).map(({ ptsMs }) => ptsMs);

describe('FrameBuffer', () => {
  it('orders frames by presentation time, however they come', () => {
    expect(timesOf(bufferOf(frame(200), frame(600), frame(400), frame(0)), 1)).toEqual([0, 200, 400, 600]);
  });

  it('keeps one frame for each time', () => {
    const again = frame(200);
    const buffer = bufferOf(frame(0), frame(200), again);
    expect(timesOf(buffer, 1)).toEqual([0, 200]);
    expect(buffer.framesOf(1)[1]).toBe(again);
  });

  it('keeps the epochs apart, though their times overlap', () => {
    const buffer = bufferOf(frame(9000, [], 1), frame(0, [], 2), frame(200, [], 2));
    expect(timesOf(buffer, 1)).toEqual([9000]);
    expect(timesOf(buffer, 2)).toEqual([0, 200]);
    expect(timesOf(buffer, 3)).toEqual([]);
  });

  it('forgets all but the last two epochs, also when they count from one again', () => {
    const buffer = bufferOf(frame(0, [], 8), frame(0, [], 9), frame(0, [], 1));
    expect([8, 9, 1].map((epoch) => timesOf(buffer, epoch).length)).toEqual([0, 1, 1]);
  });

  it('does not grow without end', () => {
    const buffer = bufferOf(...Array.from({ length: 1000 }, (_, n) => frame(n * 200)));
    expect(buffer.framesOf(1).length).toBeLessThanOrEqual(150);
    expect(buffer.framesOf(1).at(-1)?.ptsMs).toBe(199_800);
  });

  it('is empty after clear', () => {
    const buffer = bufferOf(frame(0));
    buffer.clear();
    expect(timesOf(buffer, 1)).toEqual([]);
  });
});
