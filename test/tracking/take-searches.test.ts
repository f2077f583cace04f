import { describe, expect, it } from '@jest/globals';
import type { Box } from '../../src/geometry/index.js';
import { Tracker, type TrackerStep } from '../../src/tracking/index.js';

const frame = { widthPx: 1000, heightPx: 600 };
const at = (x: number): Box => [x, 300, x + 60, 450];

/** A tracker that has seen people stand at each of `xs` for ten pictures, 100 ms apart; the next is picture 10. */
function standing(...xs: number[]): Tracker {
  const tracker = new Tracker({ frame, startScoreMin: 0.4 });
  for (let i = 0; i < 10; i++)
    tracker.update(
      xs.map((x) => ({ label: 'person', score: 0.9, box: at(x) })),
      i * 100,
    );
  return tracker;
}

const shown = ({ objects }: TrackerStep) =>
  objects.filter(({ confidence }) => confidence !== undefined).map(({ track }) => track);

describe('what searches find', () => {
  it('is reported with the confidence of the search', () => {
    const step = standing(100).follow([{ track: 1, box: at(104), confidence: 0.8 }], 1000);
    expect(step.objects).toMatchObject([{ track: 1, state: 'predicted', confidence: 0.8 }]);
  });

  it('is one object at one place: the surer search has it', () => {
    const step = standing(100, 130).follow(
      [
        { track: 1, box: at(128), confidence: 0.7 },
        { track: 2, box: at(130), confidence: 0.9 },
      ],
      1000,
    );
    expect(shown(step)).toEqual([2]);
  });

  it('is not what the detector says is another', () => {
    const tracker = standing(100, 130);
    tracker.update([{ label: 'person', score: 0.9, box: at(130) }], 1000);
    expect(shown(tracker.follow([{ track: 1, box: at(128), confidence: 0.95 }], 1000))).toEqual([]);
  });

  it('is believed between detections for as long as it takes, and not when they do not confirm it', () => {
    const patient = standing(100);
    for (let i = 10; i < 40; i++) patient.follow([{ track: 1, box: at(100), confidence: 0.9 }], i * 100);
    expect(shown(patient.follow([{ track: 1, box: at(100), confidence: 0.9 }], 4000))).toEqual([1]);

    const denied = standing(100);
    for (let i = 10; i < 40; i++) {
      denied.update([], i * 100);
      denied.follow([{ track: 1, box: at(100), confidence: 0.9 }], i * 100);
    }
    denied.update([], 4000);
    expect(shown(denied.follow([{ track: 1, box: at(100), confidence: 0.9 }], 4000))).toEqual([]);
  });
});

describe('weak detections', () => {
  it('continue a track that was strong of late, and not for ever', () => {
    const tracker = standing(100);
    const weak = [{ label: 'person', score: 0.3, box: at(100) }];
    const states: (string | undefined)[] = [];
    for (let i = 10; i < 60; i++) states.push(tracker.update(weak, i * 100).objects[0]?.state);
    expect(states.slice(0, 15)).toEqual(Array<string>(15).fill('tracked'));
    expect(states.at(-1)).toBeUndefined();
  });
});

describe('sparse detections', () => {
  it('confirm a track the second time, half a second apart', () => {
    const tracker = new Tracker({ frame, startScoreMin: 0.4 });
    const person = [{ label: 'person', score: 0.9, box: at(100) }];
    expect(tracker.update(person, 0).started).toEqual([]);
    for (let i = 1; i < 5; i++) tracker.follow([], i * 100);
    expect(tracker.update(person, 500).started).toMatchObject([{ track: 1 }]);
  });
});
