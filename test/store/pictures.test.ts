import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { silentLog, systemClock } from '../../src/base/index.js';
import type { DurableMessage, EventMessage, TrackMessage } from '../../src/events/index.js';
import { similarLooks, Store, type LookQuery, type PictureOwner } from '../../src/store/index.js';

let dataDir: string;
let store: Store;
const open = async () => (store = await Store.open({ dataDir, clock: systemClock, log: silentLog }));
const pictures = () => store.table('pictures');
const looks = () => store.table('looks');

beforeEach(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'sightline-pictures-'));
  await open();
});
afterEach(async () => {
  await store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const startMs = Date.parse('2026-05-04T09:30:00.000Z');
const timeOf = (second: number) => new Date(startMs + 1000 * second).toISOString();
const owner = (kind: PictureOwner['kind'], id: string) => ({ kind, id });
const facts = (camera: string, second: number) => ({
  camera,
  seenMs: startMs + 1000 * second,
  shows: [0, 0, 640, 360] as const,
  boxes: [[1, 2, 3, 4] as const],
});
const jpeg = (byte: number, bytes = 100) => new Uint8Array(bytes).fill(byte);

function track(type: TrackMessage['type'], id: string, second: number, more = {}): DurableMessage {
  const about = { id, label: 'person', score: 0.8, box: [0, 0, 10, 20] };
  const frame = { width: 640, height: 360 };
  const time = timeOf(second);
  return { v: 1, type, camera: 'gate', time, epoch: 1, ptsMs: 0, frame, track: about, model: 'm', ...more } as unknown as DurableMessage; // prettier-ignore
}
function event(type: EventMessage['type'], id: string, second: number): DurableMessage {
  const over = type === 'event.ended' ? { endedAt: timeOf(second), ending: 'over' as const } : {};
  const rule = { name: 'r', type: 'loiter', version: '1' };
  const startedAt = timeOf(0);
  return {
    ...{ v: 1, type, camera: 'gate', time: timeOf(second) },
    event: { id, rule, severity: 'info', tracks: [], startedAt, ...over },
  };
}
const tell = (...messages: DurableMessage[]) => Promise.all(messages.map((one) => store.journal.append(one)));
const kept = async (kind: PictureOwner['kind'], id: string) => {
  const picture = await pictures().read('one', owner(kind, id));
  return picture === undefined ? 'none' : picture.jpeg === undefined ? 'given up' : picture.jpeg[0];
};
const look = (id: string, embedding: readonly number[], more = {}) => ({
  ...{ track: id, camera: 'gate', label: 'person', seenMs: startMs, model: 'net@1' },
  embedding: Float32Array.from(embedding),
  ...more,
});
const like = look('asked', [1, 0]);
const found = async (query: Partial<LookQuery> = {}) =>
  (await similarLooks(looks(), { like, limit: 10, ...query })).map(({ track: id }) => id);

describe('pictures', () => {
  it('are kept over restarts, one of an owner, the last one put', async () => {
    await pictures().write('put', owner('track', 'a'), facts('gate', 1), jpeg(1));
    await pictures().write('put', owner('track', 'a'), facts('gate', 2), jpeg(2));
    await pictures().write('put', owner('event', 'a'), facts('gate', 2), jpeg(3), 'alert');
    await store.close();
    await open();
    expect(await pictures().read('one', owner('track', 'a'))).toEqual({ ...facts('gate', 2), jpeg: jpeg(2) });
    expect(await kept('event', 'a')).toBe(3);
    expect(await kept('event', 'b')).toBe('none');
  });

  it('go with their track or event, and with a track that turns out to be another; those of marked events stay', async () => {
    await tell(
      ...['old', 'other', 'young'].map((id) => track('track.started', id, 1)),
      ...['seen', 'marked'].map((id) => event('event.started', id, 1)),
    );
    for (const id of ['old', 'other', 'young']) {
      await pictures().write('put', owner('track', id), facts('gate', 1), jpeg(1));
      await looks().write('put', look(id, [1, 0]));
    }
    for (const id of ['seen', 'marked']) await pictures().write('put', owner('event', id), facts('gate', 1), jpeg(1), 'info'); // prettier-ignore
    await store.table('history').write('mark', 'marked', true);
    await tell(
      track('track.merged', 'other', 2, { into: 'young' }),
      track('track.ended', 'old', 3),
      track('track.ended', 'young', 90),
      ...['seen', 'marked'].map((id) => event('event.ended', id, 3)),
    );
    expect(await kept('track', 'other')).toBe('none');
    // What comes late about one that was another's is not kept.
    await pictures().write('put', owner('track', 'other'), facts('gate', 1), jpeg(1));
    await looks().write('put', look('other', [1, 0]));
    expect(await kept('track', 'other')).toBe('none');
    expect(await found()).toEqual(['old', 'young']);
    await store.table('history').write('prune', startMs + 60_000, startMs + 60_000);
    expect([await kept('track', 'old'), await kept('track', 'young')]).toEqual(['none', 1]);
    expect([await kept('event', 'seen'), await kept('event', 'marked')]).toEqual(['none', 1]);
    expect(await found()).toEqual(['young']);
  });

  it('are given up by worth and age, and never those of marked events', async () => {
    await tell(...['info', 'marked', 'alert'].map((id) => event('event.started', id, 1)));
    await store.table('history').write('mark', 'marked', true);
    await pictures().write('put', owner('event', 'marked'), facts('gate', 0), jpeg(1), 'info');
    await pictures().write('put', owner('event', 'alert'), facts('gate', 1), jpeg(1), 'alert');
    await pictures().write('put', owner('event', 'info'), facts('gate', 2), jpeg(1), 'info');
    await pictures().write('put', owner('track', 'late'), facts('gate', 9), jpeg(1));
    await pictures().write('put', owner('track', 'early'), facts('gate', 8), jpeg(1));
    await pictures().write('put', owner('track', 'there'), facts('yard', 1), jpeg(1, 30));
    expect(await pictures().read('bytesByCamera')).toEqual([
      { camera: 'gate', bytes: 500 },
      { camera: 'yard', bytes: 30 },
    ]);
    const ids = [['track', 'early'], ['track', 'late'], ['event', 'info'], ['event', 'alert'], ['event', 'marked']] as const; // prettier-ignore
    for (let given = 1; given <= 4; given++) {
      expect(await pictures().write('shed', 'gate', 1)).toBe(100);
      const states = await Promise.all(ids.map(([kind, id]) => kept(kind, id)));
      expect(states).toEqual(ids.map((_, at) => (at < given ? 'given up' : 1)));
    }
    expect(await pictures().write('shed', 'gate', 1)).toBe(0);
    expect(await kept('track', 'there')).toBe(1);
  });

  it('of what was never stored go when they are old', async () => {
    await tell(track('track.started', 'a', 1));
    await pictures().write('put', owner('track', 'a'), facts('gate', 1), jpeg(1));
    await pictures().write('put', owner('track', 'lost'), facts('gate', 1), jpeg(1));
    await looks().write('put', look('lost', [1, 0]));
    expect(await pictures().write('removeOrphans', startMs + 500)).toBe(0);
    expect(await pictures().write('removeOrphans', startMs + 5000)).toBe(1);
    expect(await looks().write('removeOrphans', startMs + 5000)).toBe(1);
    expect([await kept('track', 'a'), await kept('track', 'lost')]).toEqual([1, 'none']);
  });
});

describe('similarLooks', () => {
  it('ranks by the cosine, and leaves out the one that is asked about', async () => {
    await looks().write('put', like);
    await looks().write('put', look('far', [0, 1]));
    await looks().write('put', look('near', [0.8, 0.6]));
    await looks().write('put', look('same', [1, 0]));
    const all = await similarLooks(looks(), { like, limit: 2 });
    expect(all.map(({ track: id }) => id)).toEqual(['same', 'near']);
    expect(all[0]!.score).toBeCloseTo(1, 5);
    expect(all[1]!.score).toBeCloseTo(0.8, 5);
  });

  it('compares what the same network said alone', async () => {
    await looks().write('put', look('same', [0.6, 0.8]));
    await looks().write('put', look('other-model', [1, 0], { model: 'net@2' }));
    await looks().write('put', look('other-length', [1, 0, 0]));
    expect(await found()).toEqual(['same']);
  });

  it('leaves cameras, labels and times out before it chooses the best', async () => {
    for (let i = 0; i < 20; i++)
      await looks().write('put', look(`hidden-${i}`, [1, 0], { camera: 'secret' }));
    await looks().write('put', look('seen', [0.6, 0.8]));
    await looks().write('put', look('car', [1, 0], { label: 'car' }));
    await looks().write('put', look('later', [1, 0], { seenMs: startMs + 9000 }));
    const query = { cameras: ['gate', 'yard'], limit: 1 };
    expect(await found({ ...query, label: 'person', toMs: startMs + 1 })).toEqual(['seen']);
    expect(await found({ ...query, fromMs: startMs + 1 })).toEqual(['later']);
    expect(await found({ ...query, label: 'car' })).toEqual(['car']);
    expect(await found({ cameras: [] })).toEqual([]);
  });

  it('knows a track by the label that it has by now', async () => {
    await tell(track('track.started', 'a', 1));
    await looks().write('put', look('a', [1, 0]));
    await tell(track('track.renamed', 'a', 2, { track: { id: 'a', label: 'dog', score: 1, box: [0, 0, 1, 1] }, was: { label: 'person' } })); // prettier-ignore
    expect(await found({ label: 'dog' })).toEqual(['a']);
    expect(await found({ label: 'person' })).toEqual([]);
  });
});
