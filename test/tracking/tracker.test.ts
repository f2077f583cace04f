import { describe, expect, it } from '@jest/globals';
import type { Box, Detection } from '../../src/geometry/index.js';
import { Tracker, type TrackerStep } from '../../src/tracking/index.js';

const frame = { widthPx: 640, heightPx: 360 };
const seen = (box: Box, score = 0.8, label = 'person'): Detection => ({ label, score, box });
/** A person walking to the right, 40 px a second, at `seconds`. */
const walker = (seconds: number, fromX = 100): Box => [
  fromX + 40 * seconds,
  100,
  fromX + 40 + 40 * seconds,
  200,
];

function follow(frames: readonly (readonly Detection[])[], stepMs = 200): TrackerStep[] {
  const tracker = new Tracker({ frame, startScoreMin: 0.5 });
  return frames.map((detections, i) => tracker.update(detections, i * stepMs));
}
const ids = (step: TrackerStep | undefined) => step?.objects.map(({ track }) => track);

describe('Tracker', () => {
  it('announces an object on its third detection, and keeps its number while it moves', () => {
    const steps = follow(Array.from({ length: 20 }, (_, i) => [seen(walker(i * 0.2))]));
    expect(steps.map(({ started }) => started.length)).toEqual([0, 0, 1, ...Array<number>(17).fill(0)]);
    expect(steps.flatMap(ids)).toEqual(Array<number>(20).fill(1));
    expect(steps.map(({ objects }) => objects[0]?.state)).toEqual(['tentative', 'tentative', ...Array<string>(18).fill('tracked')]); // prettier-ignore
  });

  it("hands on a detection's mask in the frame that it belongs to, and in no other", () => {
    const mask = { size: [360, 640], counts: '0`n6' } as const;
    const frames = [0, 1, 2, 3].map((i) => (i === 3 ? [] : [{ ...seen(walker(i * 0.2)), mask }]));
    const steps = follow([...frames, [seen(walker(0.8))]]);
    expect(steps.map(({ objects }) => objects[0]?.mask)).toEqual([mask, mask, mask, undefined, undefined]);
    expect(steps[3]?.objects[0]).not.toHaveProperty('mask');
  });

  it('carries a confirmed object through a second of misses by its motion', () => {
    const frames = Array.from({ length: 20 }, (_, i) => (i >= 10 && i < 15 ? [] : [seen(walker(i * 0.2))]));
    const steps = follow(frames);
    expect(steps[12]?.objects[0]?.state).toBe('predicted');
    expect(Math.abs(steps[14]!.objects[0]!.box[0] - walker(14 * 0.2)[0])).toBeLessThan(12);
    expect(ids(steps[19])).toEqual([1]);
    expect(steps.flatMap(({ ended }) => ended)).toEqual([]);
  });

  it('ends an object that stays away, once, where it was last seen', () => {
    const steps = follow(Array.from({ length: 70 }, (_, i) => (i < 8 ? [seen(walker(i * 0.2))] : [])));
    const ended = steps.flatMap((step) => step.ended);
    expect(ended.map(({ track, state }) => [track, state])).toEqual([[1, 'tracked']]);
    expect(steps.at(-1)?.objects).toEqual([]);
  });

  it('never announces what was seen only once or twice', () => {
    const steps = follow([[seen(walker(0))], [seen(walker(0.2))], ...Array.from({ length: 10 }, () => [])]);
    expect(steps.flatMap(({ started, ended }) => [...started, ...ended])).toEqual([]);
  });

  it('keeps two people apart who pass each other with different labels and places', () => {
    const frames = Array.from({ length: 15 }, (_, i) => [
      seen(walker(i * 0.2, 50)),
      seen([400, 50, 460, 200], 0.9, 'person'),
      seen(walker(i * 0.2, 50), 0.6, 'dog'),
    ]);
    const last = follow(frames).at(-1)!;
    expect(last.objects.map(({ track, label }) => `${label}${track}`)).toEqual([
      'person1',
      'person2',
      'dog3',
    ]);
  });

  it('continues a track with a weak detection, but starts none with it', () => {
    const frames = Array.from({ length: 12 }, (_, i) => [seen(walker(i * 0.2), i < 4 ? 0.8 : 0.2)]);
    expect(follow(frames).at(-1)?.objects[0]?.state).toBe('tracked');
    expect(follow(frames.map(([d]) => [{ ...d!, score: 0.2 }])).flatMap(({ objects }) => objects)).toEqual(
      [],
    );
  });

  it('ends everything when time steps back or leaps ahead, as after a break in the stream', () => {
    const tracker = new Tracker({ frame, startScoreMin: 0.5 }, 7);
    for (let i = 0; i < 5; i++) tracker.update([seen(walker(i * 0.2))], i * 200);
    const step = tracker.update([seen(walker(1))], 60_000);
    expect(step.ended.map(({ track }) => track)).toEqual([7]);
    expect(ids(step)).toEqual([8]);
    expect(tracker.nextNumber).toBe(9);
  });
});
