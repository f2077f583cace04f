import { expect, it } from '@jest/globals';
import type { SegmentRow } from '../../src/store/index.js';
import { describeStores } from '../support/stores.js';

const startMs = Date.parse('2026-05-04T09:00:00Z');
const segment = (n: number, more: Partial<SegmentRow> = {}): SegmentRow => ({
  ...{ camera: 'gate', startMs: startMs + 10_000 * n, endMs: startMs + 10_000 * (n + 1), epoch: 1 },
  ...{ cause: 'rotation', severity: 'routine', codec: 'avc1.64001f', widthPx: 640, heightPx: 360 },
  ...{ description: 'd', frames: 50, bytes: 1000, tier: 'hot', path: `gate/${n}.mp4` },
  ...more,
});

describeStores((place) => {
  it('finds recorded files by time, in pages, and keeps each path once', async () => {
    const index = (await place.open()).table('segments');
    await index.write(
      'add',
      [0, 1, 2, 3].map((n) => segment(n)),
    );
    await index.write('add', [segment(1, { bytes: 7 }), segment(0, { camera: 'yard', path: 'yard/0.mp4' })]);
    const query = { camera: 'gate', fromMs: startMs + 5000, toMs: startMs + 30_000, limit: 2 };
    const page = await index.read('within', query);
    expect(page.map(({ path, bytes }) => [path, bytes])).toEqual([
      ['gate/0.mp4', 1000],
      ['gate/1.mp4', 1000],
    ]);
    expect(page[0]).toMatchObject({ ...segment(0), isMarked: false });
    const rest = await index.read('within', { ...query, after: page[1]! });
    expect(rest.map(({ path }) => path)).toEqual(['gate/2.mp4']);
    expect([...(await index.read('totals'))].sort((a, b) => a.segments - b.segments)).toEqual([
      { camera: 'yard', tier: 'hot', segments: 1, bytes: 1000 },
      { camera: 'gate', tier: 'hot', segments: 4, bytes: 4000 },
    ]);
    const all = await index.read('paths', 0, 100);
    expect(all).toHaveLength(5);
    expect(await index.read('paths', all[3]!.id, 100)).toEqual([all[4]]);
  });

  it('passes over what is marked where something is to be deleted', async () => {
    const index = (await place.open()).table('segments');
    await index.write(
      'add',
      [0, 1, 2, 3].map((n) => segment(n, { startMs: startMs + 10_000 * n + 0.4 })),
    );
    expect(await index.write('mark', 'gate', startMs, startMs + 5000, true)).toBe(1);
    await index.write('raise', 'gate', startMs + 12_000, startMs + 12_001);
    const paths = (rows: readonly { path: string }[]) => rows.map(({ path }) => path.slice(5, 6)).join('');
    expect(paths(await index.read('oldest', 'hot', Infinity, 2))).toBe('12');
    expect(paths(await index.read('oldestOfCamera', 'gate', startMs + 20_000, 9))).toBe('1');
    expect(paths(await index.read('expired', 'gate', 'routine', startMs + 35_000, 9))).toBe('2');
    expect(paths(await index.read('expired', 'gate', 'event', startMs + 35_000, 9))).toBe('1');
    expect(await index.write('mark', 'gate', startMs, startMs + 5000, false)).toBe(1);
    const [first] = await index.read('oldest', 'hot', Infinity, 1);
    await index.write('move', first!.id, 'cold');
    expect(paths(await index.read('oldest', 'cold', Infinity, 9))).toBe('0');
    await index.write('remove', [first!.id, 999]);
    expect(await index.read('oldest', 'cold', Infinity, 9)).toEqual([]);
  });

  it('remembers which folder a tier was', async () => {
    const index = (await place.open()).table('segments');
    expect(await index.read('identity', 'hot')).toBeUndefined();
    await index.write('identify', 'hot', 'a');
    await index.write('identify', 'hot', 'b');
    expect(await index.read('identity', 'hot')).toBe('b');
  });
});
