import { describe, expect, it } from '@jest/globals';
import { Lateness } from '../../../dashboard/src/live/lateness.js';

const FRAME_MS = 40;

/** A stream that began at 1000 on the clock, its pictures so late as told by `lateMs` of their number. */
function play(lateness: Lateness, pictures: number, lateMs: (at: number) => number, from = 0): void {
  for (let at = from; at < from + pictures; at++)
    lateness.came(1000 + at * FRAME_MS + lateMs(at), at * FRAME_MS);
}

describe('Lateness', () => {
  it('is nothing while pictures come as quickly as they ever did, give or take some jitter', () => {
    const lateness = new Lateness();
    play(lateness, 500, (at) => (at % 7) * 50);
    expect(lateness.lateMs).toBeUndefined();
  });

  it('is told where the way is too slow for the stream, and over once it has caught up', () => {
    const lateness = new Lateness();
    play(lateness, 100, () => 0);
    play(lateness, 100, (at) => (at - 100) * 25, 100);
    expect(lateness.lateMs).toBeCloseTo(2475, -2);
    play(lateness, 20, () => 1500, 200);
    expect(lateness.lateMs).toBeCloseTo(1500, -2);
    play(lateness, 20, () => 200, 220);
    expect(lateness.lateMs).toBeUndefined();
  });

  it('does not count the pictures of the past with which a stream begins', () => {
    const lateness = new Lateness();
    // Two seconds of pictures at once, then in real time.
    for (let at = 0; at < 50; at++) lateness.came(3000 + at, at * FRAME_MS);
    play(lateness, 50, () => 60, 50);
    expect(lateness.lateMs).toBeUndefined();
  });

  it('does not take clocks that run apart by 0.01 % for lateness', () => {
    const lateness = new Lateness();
    play(lateness, 25 * 3600 * 10, (at) => at * FRAME_MS * 1e-4);
    expect(lateness.lateMs).toBeUndefined();
  });

  it('is nothing where the camera itself stood still, as the server tells', () => {
    const lateness = new Lateness();
    lateness.wasAtServer(0, 777_000, 1100);
    play(lateness, 100, () => 0);
    lateness.wasAtServer(100 * FRAME_MS, 777_000 + 100 * FRAME_MS + 5000, 6100 + 100 * FRAME_MS);
    play(lateness, 20, () => 5000, 100);
    expect(lateness.lateMs).toBeUndefined();
  });

  it('is nothing after a silence where the server tells nothing', () => {
    const lateness = new Lateness();
    play(lateness, 100, () => 0);
    play(lateness, 20, () => 5000, 100);
    expect(lateness.lateMs).toBeUndefined();
  });

  it('is told of a stream that was never in time, where the server’s words about its pictures are there long before them', () => {
    const lateness = new Lateness();
    for (let at = 0; at < 100; at++) {
      lateness.wasAtServer(at * FRAME_MS, 777_000 + at * FRAME_MS, 1100 + at * FRAME_MS);
      if (at >= 90) lateness.came(1000 + at * FRAME_MS, (at - 90) * FRAME_MS);
    }
    expect(lateness.lateMs).toBeCloseTo(90 * FRAME_MS - 100, -2);
  });

  it('stays what it is where the camera begins another stream on the same way', () => {
    const lateness = new Lateness();
    lateness.wasAtServer(0, 777_000, 1100);
    play(lateness, 100, () => 0);
    play(lateness, 20, () => 3500, 100);
    // Its first picture is at the server when 120 of the last stream are; at the browser only 3.5 s later.
    lateness.streamBegins(1000 + 120 * FRAME_MS + 3500);
    const beginsMs = 120 * FRAME_MS;
    const come = (at: number, lateMs: number) =>
      lateness.came(1000 + beginsMs + at * FRAME_MS + lateMs, at * FRAME_MS);
    come(0, 3500);
    expect(lateness.lateMs).toBeCloseTo(3500, -2);
    lateness.wasAtServer(90 * FRAME_MS, 777_000 + beginsMs + 90 * FRAME_MS, 1100 + beginsMs + 90 * FRAME_MS);
    come(1, 3500);
    expect(lateness.lateMs).toBeCloseTo(3500, -2);
    come(2, 200);
    expect(lateness.lateMs).toBeUndefined();
  });

  it('is measured anew on another connection, and in another stream of which the server tells nothing', () => {
    const lateness = new Lateness();
    lateness.wasAtServer(0, 777_000, 1100);
    play(lateness, 100, () => 0);
    play(lateness, 20, () => 3500, 100);
    lateness.streamBegins(20_000);
    for (let at = 0; at < 200; at++) lateness.came(20_000 + at * FRAME_MS, at * FRAME_MS);
    expect(lateness.lateMs).toBeUndefined();

    for (let at = 0; at < 100; at++) lateness.came(28_000 + at * 2 * FRAME_MS, (200 + at) * FRAME_MS);
    expect(lateness.lateMs).toBeGreaterThan(3000);
    lateness.forget();
    lateness.came(36_000, 300 * FRAME_MS);
    expect(lateness.lateMs).toBeUndefined();
  });
});
