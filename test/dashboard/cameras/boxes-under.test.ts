import { describe, expect, it } from '@jest/globals';
import { boxBetween, objectUnder } from '../../../dashboard/src/cameras/follow/boxes-under.js';
import type { FrameMessage, FrameObject } from '../../../src/events/index.js';

const object = (track: number, ...box: FrameObject['box']): FrameObject => ({ track, label: `o${track}`, score: 1, box, state: 'tracked' }); // prettier-ignore
const frame = (ptsMs: number, ...objects: FrameObject[]): FrameMessage => ({
  ...({ v: 1, type: 'frame', camera: 'gate', time: '2026-05-04T09:30:00.000Z', epoch: 1 } as const),
  ...{
    ptsMs,
    frame: { width: 640, height: 360 },
    light: { regime: 'day', meanLuma: 0.5, normalised: false },
    timing: { decodeMs: 1, queueMs: 1, inferenceMs: 1 },
  },
  objects,
});

describe('the object under the pointer', () => {
  it('is the one whose picture was clicked, where it is in the newest frame', () => {
    // The picture on the screen is that of 0 ms; the newest analysed frame is of 600 ms.
    const frames = [frame(0, object(1, 0, 0, 50, 50)), frame(600, object(1, 100, 0, 150, 50))];
    expect(objectUnder(frames, 25, 25)?.box).toEqual([100, 0, 150, 50]);
  });

  it('is the smallest of several', () => {
    const frames = [frame(0, object(1, 0, 0, 300, 300), object(2, 10, 10, 60, 60))];
    expect(objectUnder(frames, 30, 30)?.label).toBe('o2');
    expect(objectUnder(frames, 200, 200)?.label).toBe('o1');
  });

  it('is none that has gone, that was there long ago, or beside the pointer', () => {
    expect(objectUnder([frame(0, object(1, 0, 0, 50, 50)), frame(200)], 25, 25)).toBeUndefined();
    const moved = [frame(0, object(1, 0, 0, 50, 50)), frame(2000, object(1, 200, 0, 250, 50))];
    expect(objectUnder(moved, 25, 25)).toBeUndefined();
    expect(objectUnder([], 25, 25)).toBeUndefined();
  });
});

describe('a box that is dragged', () => {
  it('is the same in whatever direction, and ends at the border of the frame', () => {
    expect(boxBetween([50.04, 60], [10, 20], { width: 640, height: 360 })).toEqual([10, 20, 50, 60]);
    expect(boxBetween([-5, 300], [700, 400], { width: 640, height: 360 })).toEqual([0, 300, 640, 360]);
  });
});
