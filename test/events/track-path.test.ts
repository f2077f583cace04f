import { describe, expect, it } from '@jest/globals';
import { decodePath, PathBook, type FrameContext, type TrackMessage } from '../../src/events/index.js';
import { TrackPath } from '../../src/events/track-path.js';
import type { Box } from '../../src/geometry/index.js';

const size = { widthPx: 1920, heightPx: 1080 };
const startMs = 1_700_000_000_000;
const at = (x: number): Box => [x, 100, x + 50, 250];

describe('TrackPath', () => {
  it('keeps where an object went to a hundredth of a second and a part of a pixel', () => {
    const path = new TrackPath(size);
    for (let i = 0; i < 20; i++) path.add({ timeMs: startMs + i * 200, box: at(100 + 20 * i) });
    const bytes = path.encode();
    expect(bytes.byteLength).toBe(200);
    const points = decodePath(bytes, size);
    expect(points.map(({ timeMs }) => timeMs)).toEqual(Array.from({ length: 20 }, (_, i) => i * 200));
    for (const [i, { box }] of points.entries())
      for (const [side, value] of box.entries())
        expect(Math.abs(value - at(100 + 20 * i)[side]!)).toBeLessThan(0.03);
    expect(decodePath(bytes, { widthPx: 192, heightPx: 108 })[0]!.box[0]).toBeCloseTo(10, 1);
  });

  it('leaves out what says nothing, and keeps the last place', () => {
    const path = new TrackPath(size);
    for (let i = 0; i < 100; i++) path.add({ timeMs: startMs + i * 200, box: at(100 + 0.01 * i) });
    const times = decodePath(path.encode(), size).map(({ timeMs }) => timeMs);
    expect(times).toEqual([0, 10_000, 19_800]);
  });

  it('stays within bounds however long its object stays, and over breaks that its steps cannot hold', () => {
    const path = new TrackPath(size);
    for (let i = 0; i < 50_000; i++) path.add({ timeMs: startMs + i * 200, box: at(100 + (i % 40) * 40) });
    const points = decodePath(path.encode(), size);
    expect(points.length).toBeLessThanOrEqual(2001);
    expect(points.length).toBeGreaterThan(900);
    const torn = new TrackPath(size);
    torn.add({ timeMs: 0, box: at(0) });
    torn.add({ timeMs: 3_600_000, box: [-20, -5, 3000, 2000] });
    expect(decodePath(torn.encode(), size).at(-1)).toEqual({ timeMs: 655_350, box: [0, 0, 1920, 1080] });
  });
});

describe('PathBook', () => {
  const context = (ms: number): FrameContext => ({
    camera: 'gate',
    epoch: 1,
    ptsMs: ms,
    capturedAtMs: startMs + ms,
    ...size,
    model: 'm',
  });
  const message = (type: TrackMessage['type'], id: string, ms: number, more = {}): TrackMessage =>
    ({
      v: 1,
      type,
      camera: 'gate',
      time: new Date(startMs + ms).toISOString(),
      epoch: 1,
      ptsMs: ms,
      frame: { width: size.widthPx, height: size.heightPx },
      track: { id, label: 'person', score: 1, box: at(0) },
      model: 'm',
      ...more,
    }) as TrackMessage;
  const object = (track: number, x: number) =>
    ({ track, label: 'person', score: 1, box: at(x), state: 'tracked' }) as const;
  const idOf = (track: number) => `gate-x-${track}`;

  it('follows announced tracks from beginning to end, and a merged one into the other', () => {
    const book = new PathBook();
    expect(book.take(message('track.started', 'gate-x-1', 0))).toBeUndefined();
    book.follow([object(1, 100), object(7, 5)], idOf, context(200));
    expect(book.take(message('track.started', 'gate-x-2', 1000))).toBeUndefined();
    book.follow([object(2, 500)], idOf, context(1200));
    expect(book.take(message('track.merged', 'gate-x-2', 1400, { into: 'gate-x-1' }))).toBeUndefined();
    const path = book.take(message('track.ended', 'gate-x-1', 1600));
    const points = decodePath(path!, size);
    expect(points.map(({ timeMs, box }) => [timeMs, Math.round(box[0])])).toEqual([
      [0, 0],
      [200, 100],
      [1000, 0],
      [1200, 500],
    ]);
    expect(book.take(message('track.ended', 'gate-x-2', 1700))).toBeUndefined();
  });
});
