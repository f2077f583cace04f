import { describe, expect, it } from '@jest/globals';
import { CameraWork } from '../../src/app/camera-work.js';
import { FakeClock } from '../support/fake-clock.js';

const timing = {
  decodeMs: 0,
  queueMs: 0,
  preprocessMs: 1,
  inferenceMs: 20,
  postprocessMs: 2,
  followMs: 0,
  maskMs: 0,
  trackMs: 0.5,
};

function started() {
  const clock = new FakeClock({ wallMs: Date.UTC(2026, 0, 1) });
  return { clock, work: new CameraWork({ clock }) };
}

describe('what a camera tells of its work', () => {
  it('has the median and the 95th percentile of each stage that there was', () => {
    const { work } = started();
    for (let ms = 1; ms <= 20; ms++) work.analysed({ ...timing, decodeMs: ms }, ms <= 10, 30);
    const [window, ...others] = work.view().windows;
    expect(others).toEqual([]);
    expect(window?.from).toBe('2026-01-01T00:00:00.000Z');
    expect(window?.stages.decode).toEqual({ p50Ms: 10, p95Ms: 19 });
    // The three parts of the detector are one stage, of the pictures that it looked at.
    expect(window?.stages.detect).toEqual({ p50Ms: 23, p95Ms: 23 });
    expect(window?.stages.total).toEqual({ p50Ms: 30, p95Ms: 30 });
    expect(window?.stages).not.toHaveProperty('mask');
    expect(window?.frames.analysed).toBe(20);
  });

  it('counts frames and drops in the window in which they were told', () => {
    const { clock, work } = started();
    work.received();
    work.count({ decoded: 4, skipped: 2, dropped: { replaced: 3 } });
    clock.advance(10_000);
    work.received();
    work.received();
    work.dropped('slow-viewer', 1);
    work.dropped('link-full', 0);
    expect(work.view().windows).toMatchObject([
      { frames: { received: 1, decoded: 4, skipped: 2 }, dropped: { replaced: 3 } },
      { from: '2026-01-01T00:00:10.000Z', frames: { received: 2 }, dropped: { 'slow-viewer': 1 } },
    ]);
    expect(work.view().windows[1]?.dropped).toEqual({ 'slow-viewer': 1 });
  });

  it('reaches back ten minutes, also when nothing comes any more', () => {
    const { clock, work } = started();
    work.received();
    clock.advance(300_000);
    work.received();
    clock.advance(305_000);
    expect(work.view().windows.map(({ from }) => from)).toEqual(['2026-01-01T00:05:00.000Z']);
  });

  it('keeps its windows in order when the clock is set back', () => {
    const { clock, work } = started();
    clock.advance(60_000);
    work.received();
    clock.stepWall(-30_000);
    work.received();
    expect(work.view().windows).toMatchObject([{ frames: { received: 2 } }]);
  });
});
