import { describe, expect, it } from '@jest/globals';
import type { Box, Detection } from '../../src/geometry/index.js';
import { Tracker, type TrackerStep } from '../../src/tracking/index.js';

const frame = { widthPx: 1280, heightPx: 720 };
const RED = new Float32Array([1, 0, 0]);
const BLUE = new Float32Array([0, 1, 0]);
const person = (box: Box, embedding?: Float32Array): Detection => ({
  label: 'person',
  score: 0.9,
  box,
  ...(embedding === undefined ? {} : { embedding }),
});
const walker = (step: number, x = 100): Box => [x + 5 * step, 300, x + 60 + 5 * step, 450];
const numbers = (step: TrackerStep | undefined) => step?.objects.map(({ track }) => track);

/** A tracker that has followed walkers from each of `xs` for ten pictures, 100 ms apart; the next is picture 10. */
function walking(xs: readonly number[], embeddings: readonly Float32Array[] = []): Tracker {
  const tracker = new Tracker({ frame, startScoreMin: 0.5 });
  for (let i = 0; i < 10; i++)
    tracker.update(
      xs.map((x, at) => person(walker(i, x), embeddings[at])),
      i * 100,
    );
  return tracker;
}

describe('identity', () => {
  it('survives three seconds out of sight, where the object can have got to', () => {
    const tracker = walking([100]);
    for (let i = 10; i < 40; i++) tracker.update([], i * 100);
    expect(numbers(tracker.update([person(walker(40))], 4000))).toEqual([1]);
  });

  it('is not lent to an object of another size or far away', () => {
    for (const box of [walker(40, 700), [300, 300, 420, 600] as const]) {
      const tracker = walking([100]);
      for (let i = 10; i < 40; i++) tracker.update([], i * 100);
      expect(numbers(tracker.update([person(box)], 4000))).toEqual([2]);
    }
  });

  it('follows looks where motion leaves two possibilities', () => {
    const tracker = walking([100, 190], [RED, BLUE]);
    // They have changed places in the pictures that are missing.
    for (let i = 10; i < 14; i++) tracker.update([], i * 100);
    const step = tracker.update([person(walker(14, 145), BLUE), person(walker(14, 150), RED)], 1400);
    expect(step.objects.map(({ track, box }) => [track, Math.round(box[0] / 5) * 5])).toHaveLength(2);
    const next = tracker.update([person(walker(15, 100), BLUE), person(walker(15, 195), RED)], 1500);
    const blue = next.objects.find(({ box }) => box[0] < walker(15, 150)[0]);
    expect(blue?.track).toBe(2);
  });

  it('is corrected when looks show later that a new track is an old one', () => {
    const tracker = walking([100], [RED]);
    for (let i = 10; i < 20; i++) tracker.update([], i * 100);
    // Back after a turn: too far from where motion expects it.
    const back = (i: number): Box => [460, 300 + i, 520, 450 + i];
    const steps = Array.from({ length: 5 }, (_, i) => tracker.update([person(back(i))], 2000 + i * 100));
    expect(steps.flatMap(({ started }) => started.map(({ track }) => track))).toEqual([2]);
    const step = tracker.update([person(back(5), RED)], 2500);
    expect(step.corrected).toMatchObject([{ kind: 'merged', object: { track: 2 }, into: 1 }]);
    expect(step.ended).toEqual([]);
    expect(numbers(step)).toEqual([1]);
    // And what continues the younger one goes on to continue it: it was strong a moment ago.
    const weak = { ...person(back(6)), score: 0.3 };
    expect(tracker.update([weak], 2600).objects).toMatchObject([{ track: 1, state: 'tracked' }]);
  });

  it('is corrected as well by looks that become known after the picture was told', () => {
    const tracker = walking([100], [RED]);
    for (let i = 10; i < 20; i++) tracker.update([], i * 100);
    const back = (i: number): Box => [460, 300 + i, 520, 450 + i];
    for (let i = 0; i < 3; i++) tracker.update([person(back(i))], 2000 + i * 100);
    tracker.remember(2, RED);
    const corrections = [3, 4].map((i) => tracker.update([person(back(i))], 2000 + i * 100).corrected);
    expect(corrections).toMatchObject([[{ kind: 'merged', object: { track: 2 }, into: 1 }], []]);
  });

  it.each([
    { of: 1, it: 'does not learn the looks of what stands in front', merged: 0 },
    { of: 2, it: 'learns the looks of what nothing hides', merged: 1 },
  ])('$it', ({ of, merged }) => {
    const tracker = new Tracker({ frame, startScoreMin: 0.5 });
    const front = (i: number): Box => [115 + 5 * i, 305, 180 + 5 * i, 460];
    for (let i = 0; i < 10; i++) tracker.update([person(walker(i)), person(front(i))], i * 100);
    tracker.remember(of, RED);
    for (let i = 10; i < 20; i++) tracker.update([], i * 100);
    const back = (i: number): Box => [460, 300 + i, 520, 450 + i];
    for (let i = 0; i < 3; i++) tracker.update([person(back(i))], 2000 + i * 100);
    tracker.remember(3, RED);
    expect(tracker.update([person(back(3))], 2300).corrected).toHaveLength(merged);
  });

  it('stays apart where looks differ', () => {
    const tracker = walking([100], [RED]);
    for (let i = 10; i < 20; i++) tracker.update([], i * 100);
    const { objects } = tracker.update([person(walker(20), BLUE)], 2000);
    expect(objects.map(({ track, state }) => [track, state])).toEqual([[1, 'predicted'], [2, 'tentative']]); // prettier-ignore
  });
});

describe('wantsAppearance', () => {
  it('asks where two tracks compete, and where a lost one may have come back', () => {
    const near = walking([100, 125], [RED, BLUE]);
    expect(near.wantsAppearance([person(walker(10, 110)), person(walker(10, 900))], 1000)).toEqual([0]);
    const away = walking([100], [RED]);
    for (let i = 10; i < 30; i++) away.update([], i * 100);
    expect(away.wantsAppearance([person(walker(30)), person(walker(30, 900))], 3000)).toEqual([0]);
  });

  it('leaves the tracks as they are', () => {
    const [asked, silent] = [walking([100, 125]), walking([100, 125])];
    asked.wantsAppearance([person(walker(10, 110))], 1000);
    const detections = [person(walker(10)), person(walker(10, 125))];
    expect(asked.update(detections, 1000)).toEqual(silent.update(detections, 1000));
  });
});

describe('searches', () => {
  it('are proposed for what the last picture missed first, then for what moves', () => {
    const tracker = new Tracker({ frame, startScoreMin: 0.5 });
    const standing = person([900, 300, 960, 450]);
    for (let i = 0; i < 10; i++)
      tracker.update([person(walker(i)), standing, ...(i < 8 ? [person(walker(i, 500))] : [])], i * 100);
    const targets = tracker.targets(1000);
    expect(targets.map(({ track }) => track)).toEqual([3, 1, 2]);
    expect(Math.abs(targets[1]!.box[0] - walker(10)[0])).toBeLessThan(3);
    expect(targets.every(({ hidden, isLost }) => hidden === 0 && !isLost)).toBe(true);
  });

  it('carry tracks between detections', () => {
    const tracker = walking([100]);
    const steps = [10, 11, 12, 13].map((i) =>
      tracker.follow([{ track: 1, box: walker(i), confidence: 0.9 }], i * 100),
    );
    expect(steps.map(({ objects }) => objects[0]?.state)).toEqual(Array(4).fill('predicted'));
    expect(Math.abs(steps[3]!.objects[0]!.box[0] - walker(13)[0])).toBeLessThan(3);
    expect(tracker.update([person(walker(14))], 1400).objects[0]).toMatchObject({
      track: 1,
      state: 'tracked',
    });
  });

  it('amend what the detector left unseen in the same picture', () => {
    const tracker = walking([100]);
    // A turn that motion alone would not follow.
    for (let i = 10; i < 16; i++) {
      tracker.update([], i * 100);
      const box: Box = [145 - 5 * (i - 9), 300, 205 - 5 * (i - 9), 450];
      tracker.follow([{ track: 1, box, confidence: 0.9 }], i * 100);
    }
    expect(numbers(tracker.update([person([110, 300, 170, 450])], 1600))).toEqual([1]);
  });

  it('take an object out of sight where they do not find it, until it is detected again', () => {
    const tracker = walking([100]);
    const unsure = { track: 1, box: walker(10, 115), confidence: 0.2 };
    expect(tracker.follow([unsure], 1000).objects).toEqual([]);
    const again = tracker.update([person(walker(11))], 1100);
    expect(again).toMatchObject({ objects: [{ track: 1, state: 'tracked' }], started: [], ended: [] });
  });

  it('are not believed where they leap, or are no boxes', () => {
    const tracker = walking([100]);
    const quiet = walking([100]);
    const wrong = [
      { track: 1, box: walker(10, 700), confidence: 0.99 },
      { track: 1, box: [NaN, 0, 1, 1] as Box, confidence: 0.9 },
      { track: 99, box: walker(10), confidence: 0.9 },
    ];
    expect(tracker.follow(wrong, 1000)).toEqual(quiet.follow([], 1000));
  });
});

describe('a moving camera', () => {
  it('is allowed for: a swing that would tear tracks apart leaves them whole', () => {
    const swing = { a: 1, b: 0, dx: 150, dy: 0 };
    const shifted = walker(10, 250);
    expect(numbers(walking([100]).update([person(shifted)], 1000))).toEqual([1, 2]);
    const step = walking([100]).update([person(shifted)], 1000, { cameraMotion: swing });
    expect(step.objects).toMatchObject([{ track: 1, state: 'tracked' }]);
  });
});
