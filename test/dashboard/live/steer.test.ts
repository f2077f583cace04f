import { describe, expect, it } from '@jest/globals';
import { steer, type Playback } from '../../../dashboard/src/live/steer.js';

/** One range up to second 100, played at the target 0.4 s behind, unless said otherwise. */
const playback = (changes: Partial<Playback> = {}): Playback => ({
  currentTime: 99.6,
  rate: 1,
  ranges: [{ start: 80, end: 100 }],
  targetMs: 400,
  isJoining: false,
  ...changes,
});
const on = { rate: 1, isHeld: false };

describe('steer', () => {
  it('leaves the playback alone at its target', () => {
    expect(steer(playback())).toEqual(on);
    expect(steer(playback({ currentTime: 99.5 }))).toEqual(on);
  });

  it('catches up by rate: a little when a little behind, more when more', () => {
    expect(steer(playback({ currentTime: 99.4 })).rate).toBe(1.05);
    expect(steer(playback({ currentTime: 98.9 })).rate).toBe(1.1);
  });

  it('falls back by rate when too near to the live edge for the boxes to be there', () => {
    expect(steer(playback({ currentTime: 99.9 })).rate).toBe(0.95);
  });

  it('keeps a changed rate until the target is reached, and no longer', () => {
    expect(steer(playback({ currentTime: 99.5, rate: 1.05 })).rate).toBe(1.05);
    expect(steer(playback({ currentTime: 99.58, rate: 1.05 })).rate).toBe(1);
    expect(steer(playback({ currentTime: 99.7, rate: 0.95 })).rate).toBe(0.95);
    expect(steer(playback({ currentTime: 99.62, rate: 0.95 })).rate).toBe(1);
  });

  it('reaches the target from either side and stays there', () => {
    for (const startS of [98.2, 99.99]) {
      let [currentTime, rate, edge] = [startS, 1, 100];
      for (let step = 0; step < 200; step++) {
        ({ rate } = steer(playback({ currentTime, rate, ranges: [{ start: 80, end: edge }] })));
        edge += 0.25;
        currentTime += 0.25 * rate;
      }
      expect(rate).toBe(1);
      expect(Math.abs(edge - currentTime - 0.4)).toBeLessThan(0.06);
    }
  });

  it('jumps to live when more than 2 s behind', () => {
    expect(steer(playback({ currentTime: 97.9 }))).toEqual({ ...on, seekTo: 99.6 });
  });

  it('jumps to what there is before the first picture', () => {
    expect(steer(playback({ currentTime: 0, ranges: [{ start: 1234.5, end: 1234.6 }] }))).toEqual({
      ...on,
      seekTo: 1234.5,
    });
  });

  it('jumps over a gap', () => {
    const ranges = [
      { start: 80, end: 99.2 },
      { start: 99.5, end: 100 },
    ];
    expect(steer(playback({ currentTime: 99.18, ranges }))).toMatchObject({ seekTo: 99.6 });
    expect(steer(playback({ currentTime: 99.3, ranges }))).toMatchObject({ seekTo: 99.6 });
    expect(steer(playback({ currentTime: 98.9, ranges })).seekTo).toBeUndefined();
  });

  it('waits at the live edge for pictures that are on their way', () => {
    expect(steer(playback({ currentTime: 100.01 })).seekTo).toBeUndefined();
  });

  it('comes back when the timeline was cut', () => {
    expect(steer(playback({ currentTime: 150 })).seekTo).toBe(99.6);
  });

  it('begins at its target at once when the last seconds come in one go', () => {
    expect(steer(playback({ currentTime: 99.2, isJoining: true })).seekTo).toBe(99.6);
    expect(steer(playback({ currentTime: 99.2 })).seekTo).toBeUndefined();
  });

  it('holds a stream that has just begun until there is enough of it', () => {
    const ranges = [{ start: 0, end: 0.2 }];
    expect(steer(playback({ currentTime: 0, ranges, isJoining: true })).isHeld).toBe(true);
    expect(steer(playback({ currentTime: 0, ranges })).isHeld).toBe(false);
    expect(steer(playback({ isJoining: true })).isHeld).toBe(false);
  });

  it('does nothing without pictures', () => {
    expect(steer(playback({ ranges: [] }))).toEqual(on);
  });
});
