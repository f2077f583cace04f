import { describe, expect, it } from '@jest/globals';
import { boxesAt, type TrackedPath } from '../../../dashboard/src/clips/path-boxes.js';

const startedAt = '2026-05-04T09:30:00.000Z';
const startMs = Date.parse(startedAt);
const of = (id: string, points: number[][]) =>
  ({
    track: { id, label: 'person', score: 0.8, startedAt },
    path: { frame: { width: 640, height: 360 }, points },
  }) as unknown as TrackedPath;
const walker = of('gate-run-3', [
  [0, 0, 0, 10, 20],
  [1000, 100, 0, 110, 20],
  [1200, 100, 0, 120, 20],
]);
const boxAt = (ms: number) => boxesAt([walker], startMs + ms)?.objects[0]?.box;

describe('boxesAt', () => {
  it.each([
    [0, [0, 0, 10, 20]],
    [250, [25, 0, 35, 20]],
    [1000, [100, 0, 110, 20]],
    [1100, [100, 0, 115, 20]],
    [1200, [100, 0, 120, 20]],
  ])('has a track %i ms after its beginning on the straight line between its sightings', (ms, box) => {
    expect(boxAt(ms)).toEqual(box);
  });

  it('has none well before the first and after the last sighting', () => {
    expect([boxAt(-500), boxAt(1700)]).toEqual([undefined, undefined]);
    expect([boxAt(-40), boxAt(1240)]).toEqual([
      [0, 0, 10, 20],
      [100, 0, 120, 20],
    ]);
  });

  it('tells the number by which the camera knows a track, of those that are there', () => {
    const later = of('gate-run-4', [[5000, 1, 1, 2, 2]]);
    expect(boxesAt([walker, later], startMs)?.objects.map(({ track }) => track)).toEqual([3]);
    expect(boxesAt([], startMs)).toBeUndefined();
  });
});
