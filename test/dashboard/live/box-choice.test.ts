import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { analysisIntervalMs, chooseBoxes } from '../../../dashboard/src/live/box-choice.js';
import { frame, object } from './frames.js';

/** A person who walks 100 px a second, analysed five times a second. */
const walk = [0, 200, 400, 600].map((ptsMs) =>
  frame(ptsMs, [object(1, [ptsMs / 10, 50, ptsMs / 10 + 30, 150])]),
);

describe('chooseBoxes', () => {
  it('takes the boxes of the very picture where it was analysed', () => {
    expect(chooseBoxes(walk, 400)).toEqual({
      how: 'exact',
      errorMs: 0,
      frame: { width: 640, height: 360 },
      objects: walk[2]!.objects,
    });
  });

  it('takes a picture for the same when only rounding sets it apart', () => {
    const thirds = [frame(133.333, [object(1, [1, 1, 2, 2])]), frame(333.333, [object(1, [9, 9, 10, 10])])];
    const choice = chooseBoxes(thirds, 133.332999);
    expect(choice?.how).toBe('exact');
    expect(choice?.objects).toBe(thirds[0]!.objects);
  });

  it('moves a track straight from one sighting to the next', () => {
    const choice = chooseBoxes(walk, 250);
    expect(choice).toMatchObject({ how: 'interpolated', errorMs: 0 });
    expect(choice?.objects.map(({ box }) => box)).toEqual([[25, 50, 55, 150]]);
  });

  it('remembers where a mask lay whose box it moves', () => {
    const mask = { size: [360, 640] as const, counts: '0' };
    const masked = walk.map((one) => ({ ...one, objects: one.objects.map((o) => ({ ...o, mask })) }));
    expect(chooseBoxes(masked, 250)?.objects).toMatchObject([
      { box: [25, 50, 55, 150], maskBox: [20, 50, 50, 150] },
    ]);
    expect(chooseBoxes(masked, 200)?.objects[0]).not.toHaveProperty('maskBox');
  });

  it('never puts a box outside of its two sightings', () => {
    fc.assert(
      fc.property(fc.double({ min: -500, max: 2000, noNaN: true }), (mediaTimeMs) => {
        const left = chooseBoxes(walk, mediaTimeMs)?.objects[0]?.box[0];
        if (left === undefined) return;
        expect(left).toBeGreaterThanOrEqual(0);
        expect(left).toBeLessThanOrEqual(60);
        expect(left).toBeLessThanOrEqual(mediaTimeMs / 10 + 0.1);
      }),
    );
  });

  it('holds the last known boxes for one and a half intervals, then draws nothing', () => {
    expect(chooseBoxes(walk, 890)).toMatchObject({ how: 'held', errorMs: 290, objects: walk[3]!.objects });
    expect(chooseBoxes(walk, 910)).toBeUndefined();
  });

  it('draws nothing on pictures before the first analysed one, and without any', () => {
    expect(chooseBoxes([frame(200)], 150)).toBeUndefined();
    expect(chooseBoxes([], 150)).toBeUndefined();
  });

  it('bridges a dropped frame, but not a long silence', () => {
    const dropped = [...walk.slice(0, 3), frame(800, [object(1, [80, 50, 110, 150])])];
    expect(chooseBoxes(dropped, 700)).toMatchObject({ how: 'interpolated' });
    const silent = [...walk, frame(2000, [object(1, [200, 50, 230, 150])])];
    expect(chooseBoxes(silent, 1500)).toBeUndefined();
  });

  it('keeps an object that is not seen again for the first half of the way, and says how old its box is', () => {
    const leaves = [
      frame(0),
      frame(200, [object(1, [0, 0, 9, 9]), object(2, [5, 5, 8, 8])]),
      frame(400, [object(2, [7, 7, 10, 10])]),
    ];
    expect(chooseBoxes(leaves, 280)).toMatchObject({ errorMs: 80, objects: [{ track: 1 }, { track: 2 }] });
    expect(chooseBoxes(leaves, 320)).toMatchObject({ errorMs: 0, objects: [{ track: 2 }] });
  });

  it('shows a new object from the picture on in which it was first seen', () => {
    const comes = [frame(0), frame(200), frame(400, [object(3, [0, 0, 9, 9])])];
    expect(chooseBoxes(comes, 399)?.how).toBe('exact');
    expect(chooseBoxes(comes, 390)?.objects).toEqual([]);
    expect(chooseBoxes(comes, 400)?.objects).toHaveLength(1);
  });

  it('knows a frame without objects from a frame that was not analysed', () => {
    expect(chooseBoxes([frame(200)], 200)).toMatchObject({ how: 'exact', objects: [] });
  });
});

describe('analysisIntervalMs', () => {
  it('is the usual distance between the last analysed frames, whatever one gap is', () => {
    expect(analysisIntervalMs([0, 200, 400, 2400, 2600, 2800].map((ptsMs) => frame(ptsMs)))).toBe(200);
  });

  it('follows when analysis becomes slower', () => {
    const times = [0, 200, 400, ...Array.from({ length: 10 }, (_, n) => 1400 + n * 1000)];
    expect(analysisIntervalMs(times.map((ptsMs) => frame(ptsMs)))).toBe(1000);
  });
});
