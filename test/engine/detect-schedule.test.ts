import { describe, expect, it } from '@jest/globals';
import { DetectSchedule, type SceneState } from '../../src/engine/detect-schedule.js';

const quiet: SceneState = { uncertain: 0, isChanging: false };

function looks(schedule: DetectSchedule, pictures: number, scene?: SceneState): string {
  return Array.from({ length: pictures }, () => (schedule.next(scene) ? 'D' : '-')).join('');
}

describe('DetectSchedule', () => {
  it.each([
    [1, 'DDDDDDD'],
    [3, 'D--D--D'],
    [5, 'D----D-'],
  ])('has the detector look at each picture of %d, the first one included', (every, expected) => {
    expect(looks(new DetectSchedule(every), 7)).toBe(expected);
  });

  it('looks seldom while nothing happens, if adaptive', () => {
    const schedule = new DetectSchedule('adaptive');
    expect(schedule.next()).toBe(true);
    expect(looks(schedule, 16, quiet)).toBe('-------D-------D');
  });

  it('looks at once where something changes that is not known', () => {
    const schedule = new DetectSchedule('adaptive');
    expect(looks(schedule, 3, quiet)).toBe('D--');
    expect(looks(schedule, 3, { uncertain: 0, isChanging: true })).toBe('DDD');
  });

  it('looks at each second picture while an object is uncertain', () => {
    expect(looks(new DetectSchedule('adaptive'), 6, { uncertain: 1, isChanging: false })).toBe('D-D-D-');
  });
});
