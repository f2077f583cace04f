import { describe, expect, it } from '@jest/globals';
import { staleSince } from '../../../dashboard/src/live/freshness.js';
import { percentile } from '../../../dashboard/src/live/percentile.js';
import { fitContain, placeBox } from '../../../dashboard/src/live/picture-fit.js';
import { SyncReport } from '../../../dashboard/src/live/sync-report.js';
import { object } from './frames.js';

describe('staleSince', () => {
  const arrivals = { nowMs: 10_000, lastFragmentMs: 9900, lastShownMs: 9950, isHidden: false };

  it('is undefined while pictures come and are shown', () => {
    expect(staleSince(arrivals)).toBeUndefined();
  });

  it('is the time of the last fragment when none has come for two seconds', () => {
    expect(staleSince({ ...arrivals, lastFragmentMs: 7900 })).toBe(7900);
    expect(staleSince({ ...arrivals, lastFragmentMs: 8000 })).toBeUndefined();
  });

  it('is the time of the last shown picture when the browser shows none of those that come', () => {
    expect(staleSince({ ...arrivals, lastShownMs: 6000 })).toBe(6000);
  });

  it('expects no picture to appear on a hidden page', () => {
    expect(staleSince({ ...arrivals, lastShownMs: 6000, isHidden: true })).toBeUndefined();
  });
});

describe('the place of a box', () => {
  const wide = { width: 1000, height: 500 };

  it.each([
    [
      'in the middle of a wider element',
      wide,
      { width: 400, height: 400 },
      { x: 250, y: 0, width: 500, height: 500 },
    ],
    [
      'in the middle of a higher element',
      { width: 400, height: 800 },
      { width: 640, height: 360 },
      { x: 0, y: 287.5, width: 400, height: 225 },
    ],
    ['nowhere before its size is known', wide, { width: 0, height: 0 }, { x: 0, y: 0, width: 0, height: 0 }],
  ])('is within a picture that is %s', (_, element, picture, place) => {
    expect(fitContain(element, picture)).toEqual(place);
  });

  it('follows the picture, also when it was measured in another size than is shown', () => {
    const picture = { x: 100, y: 20, width: 320, height: 180 };
    expect(placeBox([640, 360, 1280, 720], { width: 1280, height: 720 }, picture)).toEqual({
      x: 260,
      y: 110,
      width: 160,
      height: 90,
    });
  });
});

describe('percentile', () => {
  it('is the nearest rank, and undefined of nothing', () => {
    expect(percentile([40, 10, 30, 20], 0.5)).toBe(20);
    expect(percentile([40, 10, 30, 20], 0.95)).toBe(40);
    expect(percentile([], 0.95)).toBeUndefined();
  });
});

describe('SyncReport', () => {
  it('counts errors only where boxes were drawn', () => {
    const report = new SyncReport();
    const frame = { width: 640, height: 360 };
    report.note(undefined);
    report.note({ how: 'held', errorMs: 120, frame, objects: [] });
    report.note({ how: 'held', errorMs: 40, frame, objects: [object(1, [0, 0, 1, 1])] });
    expect([report.shown, report.known, report.errorsMs, report.p95Ms]).toEqual([3, 2, [40], 40]);
  });
});
