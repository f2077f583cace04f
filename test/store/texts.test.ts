import { beforeEach, describe, expect, it } from '@jest/globals';
import type { DurableMessage, TextReadMessage, TrackMessage } from '../../src/events/index.js';
import type { Store } from '../../src/store/index.js';
import { describeStores } from '../support/stores.js';

let store: Store;
const startMs = Date.parse('2026-05-04T09:30:00.000Z');
const facts = (id: string, second: number, camera: string) => ({
  ...{ v: 1 as const, camera, time: new Date(startMs + 1000 * second).toISOString(), epoch: 1, ptsMs: 0 },
  frame: { width: 640, height: 360 },
  track: { id, label: id.startsWith('bus') ? 'bus' : 'car', score: 0.8, box: [0, 0, 10, 20] as const },
  model: 'm',
});
const track = (type: TrackMessage['type'], id: string, second: number, more = {}) =>
  ({ ...facts(id, second, 'gate'), type, ...more }) as TrackMessage;

function read(id: string, second: number, value: string, camera = 'gate'): TextReadMessage {
  return {
    ...facts(id, second, camera),
    type: 'text.read',
    text: {
      value,
      confidence: 0.9,
      characters: [...value].map((one) => ({ value: one, confidence: 0.9 })),
      views: 3,
      fitsPattern: true,
      seen: { ptsMs: 5, box: [0, 0, 10, 20], polygon: [[1, 2], [3, 2], [3, 4], [1, 4]] }, // prettier-ignore
    },
  };
}

const tell = (...messages: DurableMessage[]) => Promise.all(messages.map((one) => store.journal.append(one)));
const near = async (text: string, distance: number, more = {}) => {
  const { found } = await store.table('texts').read('near', { text, distance, limit: 10, ...more });
  return found.map((one) => [one.track, one.distance]);
};

describeStores((place) => {
  beforeEach(async () => {
    store = await place.open();
    await tell(
      ...['a', 'b', 'c', 'd', 'bus'].map((id, at) => track('track.started', id, at)),
      read('a', 10, 'RK755AJ'),
      read('b', 11, 'RK75SAJ'),
      read('c', 12, 'RK 755 AK'),
      read('d', 13, 'HN1O2'),
      read('bus', 14, 'rk-755-aj', 'yard'),
    );
  });

  describe('what is written on tracks', () => {
    it('is told of the track, with its evidence, as it was read last', async () => {
      const history = store.table('history');
      const row = await history.read('track', 'a');
      expect(row?.text).toEqual({ ...read('a', 10, 'RK755AJ').text, toldMs: startMs + 10_000 });
      await tell({ ...read('a', 20, 'RK756AJ'), was: { value: 'RK755AJ' } });
      expect((await history.read('track', 'a'))?.text).toMatchObject({
        value: 'RK756AJ',
        toldMs: startMs + 20_000,
      });
      await tell(track('track.started', 'e', 21));
      expect(await history.read('track', 'e')).not.toHaveProperty('text');
    });

    it('finds its tracks, by camera, label and time along with it, page by page', async () => {
      const tracks = async (query: object) =>
        (await store.table('history').read('tracks', { limit: 10, ...query })).rows.map(({ id }) => id);
      expect(await tracks({ text: 'rk 755 aj' })).toEqual(['bus', 'a']);
      expect(await tracks({ text: 'RK755AJ', label: 'car' })).toEqual(['a']);
      expect(await tracks({ text: 'RK755AJ', fromMs: startMs + 1000 })).toEqual(['bus']);
      expect(await tracks({ text: 'HNI02' })).toEqual(['d']);
      expect(await tracks({ text: 'RK755' })).toEqual([]);
      const first = await store.table('history').read('tracks', { text: 'RK755AJ', limit: 1 });
      expect(first.rows.map(({ id }) => id)).toEqual(['bus']);
      const rest = await store
        .table('history')
        .read('tracks', { text: 'RK755AJ', limit: 1, after: first.next! });
      expect([rest.rows.map(({ id }) => id), rest.next]).toEqual([['a'], undefined]);
    });

    it('is found by texts near it, the nearest first, of equals the newest', async () => {
      expect(await near('RK755AJ', 0)).toEqual([['bus', 0], ['a', 0]]); // prettier-ignore
      expect(await near('RK755AJ', 0.5)).toEqual([['bus', 0], ['a', 0], ['b', 0.5]]); // prettier-ignore
      expect(await near('RK755AJ', 1)).toEqual([['bus', 0], ['a', 0], ['b', 0.5], ['c', 1]]); // prettier-ignore
      expect(await near('K755AJ', 1)).toEqual([['bus', 1], ['a', 1]]); // prettier-ignore
      expect(await near('RK755AJ', 1, { cameras: ['gate'] })).toEqual([['a', 0], ['b', 0.5], ['c', 1]]); // prettier-ignore
      expect(await near('RK755AJ', 1, { label: 'bus' })).toEqual([['bus', 0]]);
      expect(await near('RK755AJ', 1, { fromMs: startMs + 11_000, toMs: startMs + 12_000 })).toEqual([
        ['b', 0.5],
      ]);
      expect(await near('RK755AJ', 1, { cameras: [] })).toEqual([]);
      expect(await near('RK755AJ', 3, { limit: 1 })).toEqual([['bus', 0]]);
    });

    it('is found by the colour of its track, and in a zone that it was in', async () => {
      await store.table('history').write('setColour', 'b', 'blue');
      expect(await near('RK755AJ', 1, { colour: 'blue' })).toEqual([['b', 0.5]]);
      expect(await near('RK755AJ', 1, { colour: 'red' })).toEqual([]);
      await store.table('history').write('addZones', 'a', ['yard']);
      await store.table('history').write('addZones', 'c', ['yard']);
      expect(await near('RK755AJ', 1, { zone: 'yard' })).toEqual([['a', 0], ['c', 1]]); // prettier-ignore
      expect(await near('RK755AJ', 0, { zone: 'yard' })).toEqual([['a', 0]]);
      expect(await near('RK755AJ', 1, { zone: 'door' })).toEqual([]);
      const { rows } = await store.table('history').read('tracks', { text: 'RK755AJ', zone: 'yard', limit: 10 }); // prettier-ignore
      expect(rows.map(({ id }) => id)).toEqual(['a']);
    });

    it('goes with its track: deleted, or another’s', async () => {
      await tell(track('track.merged', 'b', 30, { into: 'a' }), track('track.ended', 'c', 31));
      expect(await near('RK755AJ', 1)).toEqual([['bus', 0], ['a', 0], ['c', 1]]); // prettier-ignore
      await tell(read('b', 32, 'RK755AJ'), read('unknown', 32, 'RK755AJ'));
      await store.table('history').write('prune', {
        usual: { track: startMs + 40_000, info: 0, warning: 0, alert: 0 },
        cameras: {},
      });
      expect(await near('RK755AJ', 1)).toEqual([['bus', 0], ['a', 0]]); // prettier-ignore
    });

    it('is text that no plate has, too', async () => {
      const odd = 'ÄÖ 東京 \u0000 \ud800 😀'.repeat(3);
      await tell(read('d', 33, odd));
      expect((await store.table('history').read('track', 'd'))?.text?.views).toBe(3);
      expect(await near('äö東京äö東京äö東京', 1)).toEqual([['d', 0]]);
      expect(await near("'; DROP TABLE tracks; --", 1)).toEqual([]);
    });
  });
});
