import { describe, expect, it } from '@jest/globals';
import { edgeOf, panned, ticksOf, timeAt, xOf, zoomed } from '../../../dashboard/src/timeline/time-scale.js';

const HOUR = 3600_000;
const span = { fromMs: 100 * HOUR, toMs: 124 * HOUR };
const latest = span.toMs;

describe('a span of time', () => {
  it('keeps the time under the pointer where it is while it is zoomed', () => {
    for (const share of [0, 0.3, 1]) {
      const closer = zoomed(span, 0.5, share, latest);
      expect(closer.toMs - closer.fromMs).toBe(12 * HOUR);
      const x = share * 800;
      expect(timeAt(closer, 800, x)).toBeCloseTo(timeAt(span, 800, x), -1);
    }
  });

  it('has an edge that is new where merely time went on, whether it begins at a fixed time or moves', () => {
    const on = { fromMs: span.toMs - 120_000, toMs: span.toMs + 10_000 };
    expect(edgeOf(span, { fromMs: span.fromMs, toMs: on.toMs })).toEqual(on);
    expect(edgeOf(span, { fromMs: span.fromMs + 10_000, toMs: on.toMs })).toEqual(on);
  });

  it.each([
    ['it was zoomed', { fromMs: span.fromMs + HOUR, toMs: span.toMs + 10_000 }],
    ['it was moved back', { fromMs: span.fromMs - HOUR, toMs: span.toMs - HOUR }],
    ['too much time went by', { fromMs: span.fromMs + HOUR, toMs: span.toMs + HOUR }],
  ])('has none where %s', (_, wanted) => {
    expect(edgeOf(span, wanted)).toBeUndefined();
  });

  it('never goes beyond now, and is never shorter than there is something to see', () => {
    expect(panned(span, 0.5, latest)).toEqual(span);
    expect(panned(span, -0.5, latest)).toEqual({ fromMs: 88 * HOUR, toMs: 112 * HOUR });
    expect(zoomed(span, 2, 0, latest)).toEqual({ fromMs: 76 * HOUR, toMs: latest });
    const shortest = zoomed(span, 1e-9, 0.5, latest);
    expect(shortest.toMs - shortest.fromMs).toBe(10_000);
  });

  it.each([10_000, HOUR, 24 * HOUR, 7 * 24 * HOUR, 300 * 24 * HOUR])(
    'of %i ms has lines at round times that are far enough apart to be read',
    (lengthMs) => {
      const some = { fromMs: latest - lengthMs, toMs: latest };
      const ticks = ticksOf(some, 900);
      expect(ticks.length).toBeGreaterThan(1);
      expect(ticks.length).toBeLessThanOrEqual(11);
      const places = ticks.map(({ ms }) => xOf(some, 900, ms));
      for (const [at, x] of places.slice(1).entries()) expect(x - places[at]!).toBeGreaterThanOrEqual(89.9);
      expect(ticks.every(({ ms }) => ms % 1000 === 0)).toBe(true);
    },
  );
});
