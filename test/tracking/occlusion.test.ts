import { describe, expect, it } from '@jest/globals';
import type { Box, Detection } from '../../src/geometry/index.js';
import { Tracker, type TrackerStep } from '../../src/tracking/index.js';

const frame = { widthPx: 640, heightPx: 360 };
const STEP_MS = 100;
const person = (box: Box): Detection => ({ label: 'person', score: 0.9, box });
const van: Detection = { label: 'truck', score: 0.9, box: [250, 80, 400, 230] };
/** Walks to the right behind the van, 60 px a second, feet at y 200. */
const walker = (step: number): Box => [40 + 6 * step, 100, 80 + 6 * step, 200];
const isBehindVan = ([x1, , x2]: Box) => x2 > 255 && x1 < 395;

function run(frames: readonly (readonly Detection[])[]): TrackerStep[] {
  const tracker = new Tracker({ frame, startScoreMin: 0.5 });
  return frames.map((detections, i) => tracker.update(detections, i * STEP_MS));
}
const ofLabel = (step: TrackerStep | undefined, label: string) =>
  step?.objects.find((object) => object.label === label);

describe('an object that another hides', () => {
  const frames = Array.from({ length: 90 }, (_, i) =>
    isBehindVan(walker(i)) ? [van] : [van, person(walker(i))],
  );
  const steps = run(frames);
  const hiddenFrames = [...frames.keys()].filter((i) => isBehindVan(walker(i)));

  it('is occluded, not ended, and comes back under its number', () => {
    expect(hiddenFrames.length).toBeGreaterThan(25);
    expect(steps.flatMap(({ ended }) => ended)).toEqual([]);
    const numbers = steps.flatMap((step) => ofLabel(step, 'person')?.track ?? []);
    expect(new Set(numbers).size).toBe(1);
    expect(ofLabel(steps.at(-1), 'person')?.state).toBe('tracked');
    expect(steps.flatMap(({ started }) => started)).toHaveLength(2);
  });

  it('moves on as predicted while it is hidden', () => {
    const middle = hiddenFrames[15]!;
    const object = ofLabel(steps[middle], 'person');
    expect(object?.state).toBe('occluded');
    expect(Math.abs(object!.box[0] - walker(middle)[0])).toBeLessThan(25);
  });

  it('is the one whose feet are higher in the picture: who stands in front is merely predicted', () => {
    const inFront = (step: number): Box => [40 + 6 * step, 150, 80 + 6 * step, 250];
    const unseen = Array.from({ length: 50 }, (_, i) => (i < 40 ? [van, person(inFront(i))] : [van]));
    expect(ofLabel(run(unseen)[42], 'person')?.state).toBe('predicted');
  });
});

describe('an object that stands still', () => {
  const parked: Detection = { label: 'car', score: 0.9, box: [100, 100, 200, 160] };

  it('keeps its number over half a minute without a detection', () => {
    const tracker = new Tracker({ frame, startScoreMin: 0.5 });
    let [started, ended] = [0, 0];
    let last: TrackerStep | undefined;
    for (let second = 0; second < 60; second += 0.5) {
      last = tracker.update(second < 20 || second > 50 ? [parked] : [], second * 1000);
      started += last.started.length;
      ended += last.ended.length;
    }
    expect([started, ended]).toEqual([1, 0]);
    expect(last?.objects.map(({ track, state }) => [track, state])).toEqual([[1, 'tracked']]);
  });

  it('does not lend its number to what stops elsewhere', () => {
    const tracker = new Tracker({ frame, startScoreMin: 0.5 });
    for (let i = 0; i < 40; i++) tracker.update([parked], i * 500);
    for (let i = 40; i < 50; i++) tracker.update([], i * 500);
    const other: Detection = { ...parked, box: [180, 100, 280, 160] };
    expect(tracker.update([other], 25_000).objects.map(({ track }) => track)).toEqual([2]);
  });
});

describe('what an object is', () => {
  it('is voted on: a wrong label now and then changes nothing', () => {
    const frames = Array.from({ length: 30 }, (_, i) => [
      { label: i % 6 === 5 ? 'truck' : 'car', score: 0.8, box: [100, 100, 200, 160] as const },
    ]);
    const steps = run(frames);
    expect(new Set(steps.flatMap(({ objects }) => objects.map(({ label }) => label)))).toEqual(
      new Set(['car']),
    );
    expect(steps.flatMap(({ started, corrected }) => [...started, ...corrected])).toHaveLength(1);
  });

  it('is put right when most detections say otherwise', () => {
    const frames = Array.from({ length: 40 }, (_, i) => [
      { label: i < 5 ? 'truck' : 'car', score: 0.8, box: [100, 100, 200, 160] as const },
    ]);
    const corrected = run(frames).flatMap((step) => step.corrected);
    expect(corrected).toMatchObject([{ kind: 'renamed', was: 'truck', object: { track: 1, label: 'car' } }]);
  });
});

describe('the score of an object', () => {
  it('is the median of its detections', () => {
    const scores = [0.9, 0.8, 0.7, 0.2, 0.85];
    const steps = run(scores.map((score) => [{ label: 'person', score, box: [100, 100, 140, 200] }]));
    expect(steps.at(-1)?.objects[0]?.score).toBe(0.8);
  });

  it('keeps a flicker of weak detections after one strong one from being announced', () => {
    const scores = [0.6, 0.15, 0.12, 0.1, 0.15, 0.2, 0.14];
    const steps = run(scores.map((score) => [{ label: 'person', score, box: [100, 100, 140, 200] }]));
    expect(steps.flatMap(({ started }) => started)).toEqual([]);
  });
});
