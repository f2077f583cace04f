import { beforeEach, describe, expect, it } from '@jest/globals';
import type { DurableMessage, EventMessage, TrackMessage } from '../../src/events/index.js';
import type { LookQuery, PictureOwner, Store } from '../../src/store/index.js';
import { describeStores } from '../support/stores.js';

let store: Store;
const pictures = () => store.table('pictures');
const looks = () => store.table('looks');

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
  (await store.table('similarity').read('nearest', { like, limit: 10, ...query })).map(({ track: id }) => id);

describeStores((place) => {
  beforeEach(async () => (store = await place.open()));

  describe('pictures', () => {
    it('are kept over restarts, one of an owner, the last one put', async () => {
      await pictures().write('put', owner('track', 'a'), facts('gate', 1), jpeg(1));
      await pictures().write('put', owner('track', 'a'), facts('gate', 2), jpeg(2));
      await pictures().write('put', owner('event', 'a'), facts('gate', 2), jpeg(3), 'alert');
      await store.close();
      store = await place.open();
      expect(await pictures().read('one', owner('track', 'a'))).toEqual({
        ...facts('gate', 2),
        jpeg: jpeg(2),
      });
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
      const sinceMs = startMs + 60_000;
      const usual = { track: sinceMs, info: sinceMs, warning: sinceMs, alert: sinceMs };
      await store.table('history').write('prune', { usual, cameras: {} });
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

    it('are given up by what they show once they are too old for that, and never those of marked events', async () => {
      await tell(...['marked', 'info', 'alert'].map((id) => event('event.started', id, 1)));
      await store.table('history').write('mark', 'marked', true);
      for (const id of ['marked', 'info']) await pictures().write('put', owner('event', id), facts('gate', 1), jpeg(1), 'info'); // prettier-ignore
      await pictures().write('put', owner('event', 'alert'), facts('gate', 1), jpeg(1), 'alert');
      for (let i = 0; i < 22; i++)
        await pictures().write('put', owner('track', `t${i}`), facts('gate', i), jpeg(1));
      await pictures().write('put', owner('track', 'there'), facts('yard', 1), jpeg(1));
      const older = { track: startMs + 21_000, info: startMs + 1001, warning: startMs + 90_000 };
      // A few at a time: the oldest first.
      expect(await pictures().write('shedOlder', 'gate', older)).toBe(20);
      expect([await kept('track', 't19'), await kept('track', 't20')]).toEqual(['given up', 1]);
      expect(await pictures().write('shedOlder', 'gate', older)).toBe(2);
      expect(await pictures().write('shedOlder', 'gate', older)).toBe(0);
      const left = [['track', 't20'], ['track', 't21'], ['track', 'there'], ['event', 'info'], ['event', 'alert'], ['event', 'marked']] as const; // prettier-ignore
      const states = await Promise.all(left.map(([kind, id]) => kept(kind, id)));
      expect(states).toEqual(['given up', 1, 1, 'given up', 1, 1]);
      expect(await pictures().write('shedOlder', 'gate', { info: Infinity, alert: -Infinity })).toBe(0);
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
      const all = await store.table('similarity').read('nearest', { like, limit: 2 });
      expect(all.map(({ track: id }) => id)).toEqual(['same', 'near']);
      expect(all[0]!.score).toBeCloseTo(1, 5);
      expect(all[1]!.score).toBeCloseTo(0.8, 5);
    });

    it('tells of those that look nearly the same the best alone, if asked, and with how many others', async () => {
      for (let i = 0; i < 30; i++)
        await looks().write('put', look(`parked-${i}`, [1, i / 1000], { seenMs: startMs + 600_000 * i }));
      await looks().write('put', look('elsewhere', [1, 0.01], { camera: 'yard' }));
      await looks().write('put', look('near', [0.8, 0.6]));
      const query = { like, limit: 3, isDistinct: true };
      const distinct = await store.table('similarity').read('nearest', query);
      expect(distinct.map(({ track: id, others }) => [id, others])).toEqual([['parked-0', 29], ['elsewhere', 0], ['near', 0]]); // prettier-ignore
      expect(await found({ limit: 3 })).toEqual(['parked-0', 'parked-1', 'parked-2']);
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

    it('leaves out tracks that were not in a zone, or are of another colour, before it chooses the best', async () => {
      const colours = { a: 'red', b: 'red', c: 'white', d: 'red' } as const;
      const zones = { a: ['yard'], b: [], c: ['yard', 'door'], d: ['door'] };
      for (const [at, id] of (['a', 'b', 'c', 'd'] as const).entries()) {
        await tell(track('track.started', id, at));
        await store.table('history').write('addZones', id, zones[id]);
        await store.table('history').write('setColour', id, colours[id]);
        await looks().write('put', look(id, [1, at / 10]));
      }
      await looks().write('put', look('of-no-track', [1, 0]));
      const groupOf = async (query: object) =>
        (await store.table('similarity').read('groups', query, 0.9)).groups.flatMap(({ tracks }) => tracks.map((one) => one.track).sort().join('')); // prettier-ignore
      expect(await found({ zone: 'yard' })).toEqual(['a', 'c']);
      expect(await found({ zone: 'door', limit: 1 })).toEqual(['c']);
      expect(await found({ colour: 'red' })).toEqual(['a', 'b', 'd']);
      expect(await found({ colour: 'red', zone: 'door' })).toEqual(['d']);
      expect(await found({ colour: 'red', cameras: ['yard'] })).toEqual([]);
      expect(await found({ colour: 'green' })).toEqual([]);
      expect(await found({ zone: 'gate' })).toEqual([]);
      expect(await groupOf({ colour: 'red' })).toEqual(['abd']);
      expect(await groupOf({ zone: 'yard' })).toEqual(['ac']);
      // What turned out to be another track is in no zone and of no colour.
      await tell(track('track.merged', 'd', 9, { into: 'a' }));
      await looks().write('put', look('d', [1, 0.3]));
      expect(await found({ colour: 'red' })).toEqual(['a', 'b']);
    });

    it('knows a track by the label that it has by now', async () => {
      await tell(track('track.started', 'a', 1));
      await looks().write('put', look('a', [1, 0]));
      await tell(track('track.renamed', 'a', 2, { track: { id: 'a', label: 'dog', score: 1, box: [0, 0, 1, 1] }, was: { label: 'person' } })); // prettier-ignore
      expect(await found({ label: 'dog' })).toEqual(['a']);
      expect(await found({ label: 'person' })).toEqual([]);
    });

    it('are those that are kept now: later ones, others in their place, and none that were deleted', async () => {
      expect(await found()).toEqual([]);
      await looks().write('put', look('a', [1, 0]));
      await looks().write('put', look('b', [0.9, 0.1]));
      expect(await found()).toEqual(['a', 'b']);
      await looks().write('put', look('a', [0, 1]));
      expect(await found()).toEqual(['b', 'a']);
      await looks().write('removeOrphans', startMs + 1);
      expect(await found()).toEqual([]);
      await looks().write('put', look('c', [1, 0]));
      expect(await found()).toEqual(['c']);
    });

    it('are found exactly among many, though they are rounded to be looked through', async () => {
      const vector = (seed: number) => {
        const values = Array.from({ length: 64 }, (_, i) => Math.sin(seed * 12.9898 + i * 78.233 + seed * i));
        const length = Math.hypot(...values);
        return values.map((value) => value / length);
      };
      const all = Array.from({ length: 400 }, (_, i) => look(`t${i}`, vector(i)));
      for (const one of all) await looks().write('put', one);
      const cosine = (one: (typeof all)[0]) => one.embedding.reduce((sum, value, i) => sum + value * all[7]!.embedding[i]!, 0); // prettier-ignore
      const exact = all.filter((one) => one !== all[7]).sort((a, b) => cosine(b) - cosine(a)).map((one) => one.track); // prettier-ignore
      expect(await found({ like: all[7]! })).toEqual(exact.slice(0, 10));
    });

    it('are grouped by likeness, the largest groups first, without those of one', async () => {
      for (const [id, embedding] of [
        ['van-1', [1, 0, 0]],
        ['van-2', [0.98, 0.2, 0]],
        ['van-3', [0.98, 0, 0.2]],
        ['bus-1', [0, 1, 0]],
        ['bus-2', [0, 0.97, 0.24]],
        ['alone', [0, 0, 1]],
      ] as const)
        await looks().write('put', look(id, embedding));
      const { looked, isCut, groups } = await store.table('similarity').read('groups', {}, 0.9);
      expect([looked, isCut]).toEqual([6, false]);
      expect(groups.map(({ tracks }) => tracks.map(({ track: id }) => id).sort())).toEqual([
        ['van-1', 'van-2', 'van-3'],
        ['bus-1', 'bus-2'],
      ]);
      const none = await store.table('similarity').read('groups', { cameras: ['yard'] }, 0.9);
      expect(none).toEqual({ looked: 0, isCut: false, groups: [] });
    });
  });
});
