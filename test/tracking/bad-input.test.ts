import { describe, expect, it } from '@jest/globals';
import type { Box, Detection } from '../../src/geometry/index.js';
import { Tracker } from '../../src/tracking/index.js';

const frame = { widthPx: 1920, heightPx: 1080 };
const person = (box: Box, score = 0.9): Detection => ({ label: 'person', score, box });
const walker = (step: number, x = 100): Box => [x + 5 * step, 300, x + 60 + 5 * step, 450];
const create = () => new Tracker({ frame, startScoreMin: 0.5 });

describe('Tracker, given what cannot be', () => {
  it.each<[string, Detection]>([
    ['a box that is not a number', person([NaN, 300, 200, 450])],
    ['an infinite box', person([100, 300, Infinity, 450])],
    ['a box without width', person([100, 300, 100, 450])],
    ['an inverted box', person([200, 450, 100, 300])],
    ['a box outside the frame', person([2000, 300, 2100, 450])],
    ['a box above the frame', person([100, -300, 200, -50])],
    ['a score that is not a number', person([500, 300, 560, 450], NaN)],
  ])('leaves %s out and tracks the rest', (_, wrong) => {
    const tracker = create();
    for (let i = 0; i < 10; i++) {
      const { objects } = tracker.update([wrong, person(walker(i)), wrong], i * 100);
      expect(objects.map(({ track }) => track)).toEqual([1]);
      expect(objects.every(({ box }) => box.every(Number.isFinite))).toBe(true);
    }
  });

  it('stays finite with scores far above 1', () => {
    const tracker = create();
    let box: Box | undefined;
    for (let i = 0; i < 10; i++) box = tracker.update([person(walker(i), 50)], i * 100).objects[0]?.box;
    expect(Math.abs(box![0] - walker(9)[0])).toBeLessThan(5);
  });

  it('takes a picture that comes late, or without a time, for no picture', () => {
    const tracker = create();
    for (let i = 0; i < 5; i++) tracker.update([person(walker(i))], i * 100);
    for (const timeMs of [350, NaN, Infinity]) {
      const step = tracker.update([person(walker(3, 700))], timeMs);
      expect([step.ended, step.started, step.objects.map(({ track }) => track)]).toEqual([[], [], [1]]);
    }
    expect(tracker.update([person(walker(5))], 500).objects.map(({ track }) => track)).toEqual([1]);
  });

  it('goes on over missing pictures, and over two at one time', () => {
    const tracker = create();
    const steps = [0, 1, 2, 3, 3, 9, 10, 18, 19];
    const tracks = steps.map((i) => tracker.update([person(walker(i))], i * 100).objects[0]?.track);
    expect(new Set(tracks)).toEqual(new Set([1]));
  });

  it('ends all tracks at a camera cut and begins anew', () => {
    const tracker = create();
    const places = [100, 500, 900, 1300];
    for (let i = 0; i < 10; i++)
      tracker.update(
        places.map((x) => person(walker(i, x))),
        i * 100,
      );
    const elsewhere = places.map((x): Detection => person([x + 160, 700, x + 190, 780]));
    const step = tracker.update(elsewhere, 1000);
    expect(step.ended.map(({ track }) => track)).toEqual([1, 2, 3, 4]);
    expect(step.objects.map(({ track, state }) => [track, state])).toEqual([5, 6, 7, 8].map((n) => [n, 'tentative'])); // prettier-ignore
  });

  it('ends an object that leaves the frame at once, unless it is still seen', () => {
    const tracker = create();
    let endedAt = -1;
    for (let i = 0; i < 60 && endedAt < 0; i++) {
      const box: Box = [1700 + 10 * i, 300, 1760 + 10 * i, 450];
      const { ended } = tracker.update(box[0] < 1900 ? [person(box)] : [], i * 100);
      if (ended.length > 0) endedAt = i;
    }
    expect(endedAt).toBeGreaterThan(19);
    expect(endedAt).toBeLessThan(26);
  });

  it('keeps two thousand objects apart', () => {
    const tracker = create();
    const places = Array.from({ length: 2000 }, (_, i) => [((i * 37) % 1880) + 5, ((i * 101) % 1000) + 5]);
    const at = (step: number) =>
      places.map(([x, y], i) => person([x! + step, y!, x! + 20 + step, y! + 50], 0.6 + (i % 30) / 100));
    for (let i = 0; i < 6; i++) tracker.update(at(i), i * 100);
    const { objects } = tracker.update(at(6), 600);
    expect(objects).toHaveLength(2000);
    const kept = objects.filter(({ track, box }) => Math.abs(box[0] - (places[track - 1]![0]! + 6)) < 5);
    expect(kept.length).toBeGreaterThan(1900);
  });
});
