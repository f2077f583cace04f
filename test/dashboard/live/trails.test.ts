import { describe, expect, it } from '@jest/globals';
import { trailsOf } from '../../../dashboard/src/live/trails.js';
import { frame, object } from './frames.js';

describe('trailsOf', () => {
  const frames = [0, 200, 400, 600].map((ptsMs) =>
    frame(ptsMs, [object(1, [ptsMs, 0, ptsMs + 20, 50]), object(2, [0, 0, 10, 10])]),
  );
  const choice = (box: [number, number, number, number]) =>
    ({ how: 'exact', errorMs: 0, frame: { width: 640, height: 360 }, objects: [object(1, box)] }) as const;

  it('goes along the feet of an object, up to where it is drawn, and not into what the picture does not show yet', () => {
    expect(trailsOf(frames, 500, choice([500, 0, 520, 50]))).toEqual([
      {
        label: 'person',
        points: [
          [10, 50],
          [210, 50],
          [410, 50],
          [510, 50],
        ],
      },
    ]);
  });

  it('is not there for an object that has only come, nor for one that is not drawn', () => {
    expect(trailsOf(frames, 0, choice([0, 0, 20, 50]))).toEqual([]);
  });

  it('forgets what was long ago', () => {
    const [trail] = trailsOf(frames, 6300, choice([700, 0, 720, 50]));
    expect(trail?.points).toEqual([
      [410, 50],
      [610, 50],
      [710, 50],
    ]);
  });
});
