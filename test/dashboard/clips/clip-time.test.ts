import { describe, expect, it } from '@jest/globals';
import {
  frameAt,
  mediaTimeOf,
  rangesOf,
  timeWithin,
  wallTimeOf,
} from '../../../dashboard/src/clips/clip-time.js';

const HEADER =
  '2026-05-04T09:30:00.000Z/2026-05-04T09:30:10.000Z, 2026-05-04T09:31:00.000Z/2026-05-04T09:31:05.000Z';
const startMs = Date.parse('2026-05-04T09:30:00.000Z');
const ranges = rangesOf(HEADER);

describe('the time of a clip', () => {
  it('jumps over what was not recorded, there and back', () => {
    expect(ranges).toHaveLength(2);
    for (const [mediaMs, secondsIn] of [
      [0, 0],
      [9999, 9.999],
      [10_000, 60],
      [14_000, 64],
    ] as const) {
      expect(wallTimeOf(ranges, mediaMs)).toBe(startMs + secondsIn * 1000);
      expect(mediaTimeOf(ranges, startMs + secondsIn * 1000)).toBe(mediaMs);
    }
  });

  it('goes on behind the rounded end of its last range, and knows nothing without ranges', () => {
    expect(wallTimeOf(ranges, 15_020)).toBe(startMs + 65_020);
    expect(wallTimeOf(rangesOf(null), 0)).toBeUndefined();
    expect(rangesOf('nonsense')).toEqual([]);
  });

  it('takes a time that was not recorded for the next place that was', () => {
    expect(mediaTimeOf(ranges, startMs + 30_000)).toBe(10_000);
    expect(mediaTimeOf(ranges, startMs - 1)).toBe(0);
    expect(mediaTimeOf(ranges, startMs + 1e6)).toBe(15_000);
  });
});

describe('pictures that are not equally far apart', () => {
  const times = [0, 40, 80, 200, 240];
  it('are each found by every time within them, and by their own middle', () => {
    expect([0, 39.5, 40, 79.999, 199, 200, 1000].map((ms) => frameAt(times, ms))).toEqual([
      0, 1, 1, 2, 3, 3, 4,
    ]);
    for (const frame of times.keys()) expect(frameAt(times, timeWithin(times, frame))).toBe(frame);
  });
});
