import { beforeEach, describe, expect, it } from '@jest/globals';
import { FrameRate } from '../../src/ingest/frame-rate.js';
import { FrameWatch } from '../../src/ingest/frame-watch.js';
import { TimelineWatch } from '../../src/ingest/timeline-watch.js';
import { FakeClock } from '../support/fake-clock.js';

describe('FrameWatch', () => {
  let clock: FakeClock;
  let stalledAfterMs: number[];
  let watch: FrameWatch;

  beforeEach(() => {
    clock = new FakeClock();
    stalledAfterMs = [];
    watch = new FrameWatch({
      clock,
      firstFrameTimeoutMs: 10_000,
      keyframeTimeoutMs: 30_000,
      stallTimeoutMs: 5000,
      onStalled: (silentMs) => stalledAfterMs.push(silentMs),
    });
  });

  /** Frames every `periodMs`, each `gop`-th a keyframe, the last of them now. */
  function play(frames: number, periodMs: number, gop: number): void {
    for (let i = 0; i < frames; i++) {
      if (i > 0) clock.advance(periodMs);
      watch.onFrame(clock.monotonicMs(), i % gop === 0);
    }
  }

  it('waits 10 s for the first frame, and no longer', () => {
    clock.advance(9_999);
    expect(stalledAfterMs).toEqual([]);
    clock.advance(500);
    expect(stalledAfterMs).toEqual([10_250]);
  });

  it('waits 30 s for a keyframe of a stream that was seen, and no longer', () => {
    clock.advance(4_000);
    watch.onStreamSeen();
    clock.advance(25_999);
    expect(stalledAfterMs).toEqual([]);
    clock.advance(500);
    expect(stalledAfterMs).toEqual([30_250]);
  });

  it('waits 5 s for each further frame', () => {
    play(50, 40, 25);
    clock.advance(4_999);
    expect(stalledAfterMs).toEqual([]);
    clock.advance(500);
    expect(stalledAfterMs).toEqual([5_250]);
  });

  it('is content with one frame every 4.9 s', () => {
    play(20, 4900, 1);
    expect(stalledAfterMs).toEqual([]);
  });

  it('waits twice the distance of keyframes where that is longer', () => {
    play(41, 500, 20); // keyframes 10 s apart
    clock.advance(19_999);
    expect(stalledAfterMs).toEqual([]);
    clock.advance(500);
    expect(stalledAfterMs).toEqual([20_250]);
  });

  it('looks twice, so that input behind a busy event loop is seen', () => {
    play(10, 40, 5);
    clock.advance(5_100); // the limit is over, and the frame that waited comes only now
    watch.onFrame(clock.monotonicMs(), false);
    clock.advance(4_000);
    expect(stalledAfterMs).toEqual([]);
  });

  it('tells once, and leaves no timer when closed', () => {
    clock.advance(60_000);
    expect(stalledAfterMs).toHaveLength(1);
    watch.close();
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('FrameRate', () => {
  it('counts the last two seconds', () => {
    const rate = new FrameRate();
    for (let atMs = 0; atMs <= 4000; atMs += 100) rate.record(atMs);
    expect(rate.at(4000)).toBe(10);
    expect(rate.at(5000)).toBe(5);
    expect(rate.at(9000)).toBe(0);
  });

  it('says nothing before two seconds have passed, nor after a reset', () => {
    const rate = new FrameRate();
    for (let atMs = 0; atMs < 1900; atMs += 100) rate.record(atMs);
    expect(rate.at(1900)).toBeUndefined();
    rate.record(2500);
    expect(rate.at(2500)).toBeGreaterThan(0);
    rate.reset();
    expect(rate.at(2600)).toBeUndefined();
  });
});

describe('TimelineWatch', () => {
  /** What is said of frames given as [decoding time in s, arrival in s]. */
  const said = (...frames: [dtsS: number, arrivedS: number][]) => {
    const watch = new TimelineWatch();
    return frames.map(([dtsS, arrivedS]) => watch.check(Math.round(dtsS * 90_000), arrivedS * 1000)).at(-1);
  };

  it('is content with bursts, gaps and late frames', () => {
    expect(said([0, 5], [0.04, 5], [0.08, 5], [9, 5.1], [30, 26], [30.04, 60])).toBeUndefined();
  });

  it('notices a clock that jumps ahead', () => {
    expect(said([0, 0], [0.04, 0.04], [3600.08, 0.08])).toMatch('jumped ahead by 3600 s');
  });

  it('notices a clock that steps back, which FFmpeg writes as single ticks', () => {
    const tick = 1 / 90_000;
    const pinned = [0, 1, 2, 3, 4, 5].map((i): [number, number] => [1 + i * tick, 1 + i * 0.04]);
    expect(said(...pinned.slice(0, 3))).toBeUndefined();
    expect(said(...pinned)).toMatch('stepped back');
  });
});
