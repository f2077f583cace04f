import { beforeEach, describe, expect, it } from '@jest/globals';
import { endWhatWasLeftOpen } from '../../src/app/left-open.js';
import { silentLog } from '../../src/base/index.js';
import type { DurableMessage, EventMessage, TrackMessage } from '../../src/events/index.js';
import type { EventQuery, KeptSince, KeptSinceByCamera, Store, TrackQuery } from '../../src/store/index.js';
import { describeStores } from '../support/stores.js';

let store: Store;
const history = () => store.table('history');

const startMs = Date.parse('2026-05-04T09:30:00.000Z');
const timeOf = (second: number) => new Date(startMs + 1000 * second).toISOString();

function track(type: TrackMessage['type'], id: string, second: number, more = {}): TrackMessage {
  return {
    v: 1,
    type,
    camera: 'gate',
    time: timeOf(second),
    epoch: 1,
    ptsMs: 1000 * second,
    frame: { width: 640, height: 360 },
    track: { id, label: 'person', score: 0.8, box: [second, 0, second + 10, 20] },
    model: 'm',
    ...more,
  } as TrackMessage;
}

type Kind = {
  camera?: string;
  rule?: string;
  label?: string;
  zone?: string;
  severity?: 'info' | 'warning' | 'alert';
};
function event(type: EventMessage['type'], id: string, second: number, kind: Kind = {}): EventMessage {
  const {
    camera = 'gate',
    rule = 'loiter-at-gate',
    label = 'person',
    zone = 'drive',
    severity = 'info',
  } = kind;
  const over = type === 'event.ended' ? { endedAt: timeOf(second), ending: 'over' as const } : {};
  return {
    v: 1,
    type,
    camera,
    time: timeOf(second),
    event: {
      id,
      rule: { name: rule, type: 'loiter', version: '1' },
      severity,
      zone,
      label,
      tracks: [],
      startedAt: timeOf(Math.floor(second / 10) * 10),
      ...over,
    },
  };
}

/** What began before goes. */
const since = (tracksMs: number, eventsMs: number): KeptSince => ({
  track: tracksMs,
  info: eventsMs,
  warning: eventsMs,
  alert: eventsMs,
});

const tell = (...messages: DurableMessage[]) => Promise.all(messages.map((one) => store.journal.append(one)));

describeStores((place) => {
  const open = () => place.open({ retentionCount: 50 });
  beforeEach(async () => (store = await open()));

  describe('the history of tracks', () => {
    it('is what the messages say by now, newest first, without those that were another', async () => {
      await tell(
        track('track.started', 'a', 1),
        track('track.started', 'b', 2),
        track('track.started', 'c', 3),
        track('track.renamed', 'a', 4, {
          track: { id: 'a', label: 'dog', score: 0.9, box: [4, 0, 14, 20] },
          was: { label: 'person' },
        }),
        track('track.merged', 'c', 5, { into: 'b' }),
        track('track.ended', 'b', 6),
      );
      const { rows, next } = await history().read('tracks', { limit: 10 });
      expect(next).toBeUndefined();
      expect(rows.map(({ id, label, endedMs }) => [id, label, endedMs])).toEqual([
        ['b', 'person', startMs + 6000],
        ['a', 'dog', undefined],
      ]);
      expect(rows[0]).toMatchObject({ seq: 2, camera: 'gate', firstBox: [2, 0, 12, 20], hasPath: false });
      expect(rows[0]!.message.track.box).toEqual([6, 0, 16, 20]);
      expect(await history().read('track', 'c')).toMatchObject({ mergedInto: 'b', endedMs: startMs + 5000 });
      expect(await history().read('track', 'none')).toBeUndefined();
      expect((await history().read('tracks', { label: 'dog', limit: 10 })).rows).toHaveLength(1);
    });

    it('keeps a path with its track', async () => {
      await tell(
        track('track.started', 'a', 1),
        track('track.started', 'b', 1),
        track('track.ended', 'b', 2),
      );
      await store.journal.append(track('track.ended', 'a', 2), new Uint8Array([1, 2, 3]));
      const paths = await history().read('paths', ['b', 'a', 'none']);
      expect(paths).toEqual([undefined, new Uint8Array([1, 2, 3]), undefined]);
      expect(await history().read('track', 'a')).toMatchObject({ hasPath: true });
    });

    describe('by the zones that they were in', () => {
      const found = async (zone: string, more: Partial<TrackQuery> = {}) =>
        (await history().read('tracks', { zone, limit: 10, ...more })).rows.map(({ id }) => id).join('');

      beforeEach(() =>
        tell(
          track('track.started', 'a', 1, { zones: ['yard'] }),
          track('track.started', 'b', 2),
          track('track.started', 'c', 3, { camera: 'back', zones: ['door', 'yard'] }),
          track('track.started', 'd', 4, { zones: ['yard'] }),
          track('track.ended', 'a', 5, { zones: ['yard', 'door'] }),
          track('track.ended', 'b', 6, { zones: ['yard'] }),
        ),
      );

      it('finds them, newest first, with all else that they can be asked for', async () => {
        const cases: [string, Partial<TrackQuery>, string][] = [
          ['yard', {}, 'dcba'],
          ['door', {}, 'ca'],
          ['Yard', {}, ''],
          ['yard', { cameras: ['gate'] }, 'dba'],
          ['yard', { cameras: ['gate', 'back'], label: 'person' }, 'dcba'],
          ['yard', { label: 'car' }, ''],
          ['yard', { cameras: [] }, ''],
          ['yard', { fromMs: startMs + 2000, toMs: startMs + 4000 }, 'cb'],
          ['door', { fromMs: startMs + 2000 }, 'c'],
          ['yard', { text: 'AB 1' }, ''],
        ];
        for (const [zone, query, expected] of cases)
          expect([zone, query, await found(zone, query)]).toEqual([zone, query, expected]);
        const row = async (id: string) => (await history().read('track', id))!.zones;
        expect([await row('a'), await row('b')]).toEqual([['door', 'yard'], ['yard']]);
        await tell(track('track.started', 'e', 7));
        expect(await row('e')).toEqual([]);
      });

      it('gives pages of them without a hole or a repetition, also of those that began at once', async () => {
        await tell(...['e', 'f', 'g'].map((id) => track('track.started', id, 4, { zones: ['yard'] })));
        const seen: string[] = [];
        for (let after: TrackQuery['after']; ;) {
          const { rows, next } = await history().read('tracks', { zone: 'yard', limit: 2, ...(after && { after }) }); // prettier-ignore
          seen.push(rows.map(({ id }) => id).join(''));
          if (next === undefined) break;
          after = next;
        }
        expect(seen).toEqual(['gf', 'ed', 'cb', 'a']);
      });

      it('takes zones of a track under way, once each, and none of one that is not there or was another’s', async () => {
        await history().write('addZones', 'd', ['gate', 'yard']);
        await history().write('addZones', 'never', ['gate']);
        expect(await found('gate')).toBe('d');
        await tell(track('track.merged', 'd', 8, { into: 'a' }));
        await history().write('addZones', 'd', ['gate']);
        expect([await found('gate'), await found('yard')]).toEqual(['', 'cba']);
        expect((await history().read('track', 'd'))!.zones).toEqual([]);
      });

      it('forgets them with the track', async () => {
        await history().write('prune', { usual: since(startMs + 6000, 0), cameras: {} });
        expect(await found('yard')).toBe('dcb');
        // The number of a zone's row is the track's: it must not be there for another one.
        await tell(track('track.ended', 'a', 9, { zones: ['yard'] }));
        expect(await found('yard')).toBe('dcb');
      });
    });

    it('finds them by colour, with all else that they can be asked for', async () => {
      await tell(
        track('track.started', 'a', 1, { zones: ['yard'] }),
        track('track.started', 'b', 2, { zones: ['yard'] }),
        track('track.started', 'c', 3, { camera: 'back' }),
        track('track.started', 'd', 4),
        track('track.started', 'e', 5),
      );
      for (const id of ['a', 'c', 'd', 'never']) await history().write('setColour', id, 'red');
      await history().write('setColour', 'b', 'red');
      await history().write('setColour', 'b', 'blue');
      await tell(track('track.merged', 'd', 6, { into: 'a' }), track('track.ended', 'a', 7));
      await history().write('setColour', 'd', 'blue');
      const cases: [Partial<TrackQuery>, string][] = [
        [{ colour: 'red' }, 'ca'],
        [{ colour: 'blue' }, 'b'],
        [{ colour: 'green' }, ''],
        [{ colour: 'red', cameras: ['gate'], label: 'person' }, 'a'],
        [{ colour: 'red', zone: 'yard' }, 'a'],
        [{ colour: 'red', cameras: [] }, ''],
        [{ colour: 'red', toMs: startMs + 3000 }, 'a'],
        [{ colour: 'red', text: 'AB 1' }, ''],
      ];
      for (const [query, expected] of cases) {
        const { rows } = await history().read('tracks', { limit: 10, ...query });
        expect([query, rows.map(({ id }) => id).join('')]).toEqual([query, expected]);
      }
      expect(await history().read('track', 'b')).toMatchObject({ colour: 'blue' });
      expect(await history().read('track', 'e')).not.toHaveProperty('colour');
    });

    it('outlives the journal, and is pruned by age', async () => {
      for (let i = 0; i < 60; i++) await tell(track('track.started', `t${i}`, i), track('track.ended', `t${i}`, i + 1)); // prettier-ignore
      expect(store.journal.firstSeq).toBe(71);
      expect((await history().read('tracks', { limit: 100 })).rows).toHaveLength(60);
      expect(await history().write('prune', { usual: since(startMs + 31_000, 0), cameras: {} })).toBe(30);
      const { rows } = await history().read('tracks', { limit: 100 });
      expect([rows.length, rows.at(-1)!.id]).toEqual([30, 't30']);
    });
  });

  describe('the history of events', () => {
    const ids = async (query: Partial<EventQuery>) =>
      (await history().read('events', { limit: 100, ...query })).rows.map(({ id }) => id);

    it('is found by everything that it can be filtered by, and by several at once', async () => {
      await tell(
        event('event.started', 'a', 0),
        event('event.started', 'b', 10, { camera: 'yard' }),
        event('event.started', 'c', 20, { rule: 'crowd', zone: 'door' }),
        event('event.started', 'd', 30, { label: 'car', severity: 'alert' }),
        event('event.started', 'e', 40, { camera: 'yard', label: 'car' }),
        event('event.ended', 'd', 45, { label: 'car', severity: 'alert' }),
      );
      await history().write('mark', 'b', true);
      const said = { by: 'ada', atMs: startMs };
      await history().write('review', 'a', { verdict: 'false alarm', ...said });
      await history().write('review', 'e', { verdict: 'true', comment: 'the postman', ...said });
      await history().write('review', 'c', { comment: 'who is this?', ...said });
      const cases: [Partial<EventQuery>, string][] = [
        [{}, 'edcba'],
        [{ cameras: ['gate'] }, 'dca'],
        [{ cameras: ['gate', 'yard'], label: 'car' }, 'ed'],
        [{ cameras: [] }, ''],
        [{ rule: 'crowd' }, 'c'],
        [{ type: 'loiter', cameras: ['yard'] }, 'eb'],
        [{ type: 'line' }, ''],
        [{ zone: 'door', rule: 'crowd', label: 'person' }, 'c'],
        [{ severity: 'alert' }, 'd'],
        [{ isMarked: true }, 'b'],
        [{ isMarked: false, label: 'person' }, 'ca'],
        [{ verdict: 'false alarm' }, 'a'],
        [{ verdict: 'true', label: 'car', isMarked: false }, 'e'],
        [{ verdict: 'true', cameras: ['gate'] }, ''],
        [{ fromMs: startMs + 10_000, toMs: startMs + 40_000 }, 'dcb'],
        [{ fromMs: startMs + 10_000, toMs: startMs + 40_000, label: 'car' }, 'd'],
      ];
      for (const [query, expected] of cases)
        expect([query, (await ids(query)).join('')]).toEqual([query, expected]);
      expect(await history().read('event', 'd')).toMatchObject({
        endedMs: startMs + 45_000,
        message: { type: 'event.ended' },
      });
    });

    it('is paged without a hole or a repetition while new ones come, also where many began at once', async () => {
      // Ten of each begin in the same ten seconds, in no order.
      for (let i = 0; i < 95; i++) await tell(event('event.started', `e${i}`, (i * 37) % 95));
      const seen: string[] = [];
      let page = await history().read('events', { limit: 7 });
      for (let round = 0; ; round++) {
        seen.push(...page.rows.map(({ id }) => id));
        if (page.next === undefined) break;
        await tell(event('event.started', `new${round}`, 200 + round));
        page = await history().read('events', { limit: 7, after: page.next });
      }
      expect(seen).toHaveLength(95);
      expect(new Set(seen).size).toBe(95);
      const times = await Promise.all(seen.map(async (id) => (await history().read('event', id))!.startedMs));
      expect(times).toEqual([...times].sort((a, b) => b - a));
    });

    it('keeps what is marked, whatever its age, and refuses to mark what is not there', async () => {
      for (const id of ['a', 'b', 'c'])
        await tell(event('event.started', id, 0), event('event.ended', id, 5));
      await tell(event('event.started', 'open', 0));
      await history().write('mark', 'b', true);
      expect(await history().write('prune', { usual: since(0, startMs + 1e9), cameras: {} })).toBe(2);
      expect(await ids({})).toEqual(['open', 'b']);
      await history().write('mark', 'b', false);
      expect(await history().write('prune', { usual: since(0, startMs + 1e9), cameras: {} })).toBe(1);
      await expect(history().write('mark', 'b', true)).rejects.toMatchObject({ code: 'store/no-such-event' });
    });

    it('keeps what was said of an event last, through its later messages, until it is taken back', async () => {
      await tell(event('event.started', 'a', 0));
      const review = { verdict: 'false alarm', comment: 'a cat', by: 'ada', atMs: startMs } as const;
      await history().write('review', 'a', { verdict: 'true', by: 'gus', atMs: startMs });
      await history().write('review', 'a', review);
      await tell(event('event.ended', 'a', 5));
      expect((await history().read('event', 'a'))!.review).toEqual(review);
      await history().write('review', 'a', undefined);
      expect(await history().read('event', 'a')).not.toHaveProperty('review');
      expect(await ids({ verdict: 'false alarm' })).toEqual([]);
      await expect(history().write('review', 'z', review)).rejects.toMatchObject({
        code: 'store/no-such-event',
      });
    });
  });

  describe('retention', () => {
    it('goes by camera and severity, each with its own age, and never takes what is marked or not over', async () => {
      const kinds = { info: 'info', warning: 'warning', alert: 'alert' } as const;
      for (const camera of ['gate', 'yard', 'gone'])
        for (const severity of Object.values(kinds))
          for (const [name, second] of [['old', 0], ['new', 500]] as const) {
            const id = `${camera} ${severity} ${name}`;
            await tell(event('event.started', id, second, { camera, severity }));
            await tell(event('event.ended', id, second + 5, { camera, severity }));
          } // prettier-ignore
      await tell(event('event.started', 'gate info open', 0), event('event.started', 'gate info marked', 0));
      await tell(event('event.ended', 'gate info marked', 5));
      await history().write('mark', 'gate info marked', true);
      for (const camera of ['gate', 'yard']) {
        await tell(track('track.started', `${camera} track`, 0, { camera }));
        await tell(track('track.ended', `${camera} track`, 5, { camera }));
      }
      const [all, old, none] = [startMs + 1e6, startMs + 100_000, 0];
      const limits: KeptSinceByCamera = {
        usual: { track: none, info: old, warning: none, alert: none },
        cameras: {
          gate: { track: old, info: all, warning: old, alert: none },
          yard: { track: none, info: none, warning: none, alert: all },
        },
      };
      expect(await history().write('prune', limits)).toBe(2 + 1 + 2 + 1 + 1);
      expect(await history().write('prune', limits)).toBe(0);
      const { rows } = await history().read('events', { limit: 100 });
      const left = (camera: string) => rows.flatMap(({ id }) => (id.startsWith(camera) ? [id.slice(5)] : [])).sort(); // prettier-ignore
      expect(left('gate')).toEqual(['alert new', 'alert old', 'info marked', 'info open', 'warning new']);
      expect(left('yard')).toEqual(['info new', 'info old', 'warning new', 'warning old']);
      expect(left('gone')).toEqual(['alert new', 'alert old', 'info new', 'warning new', 'warning old']);
      const tracks = await history().read('tracks', { limit: 100 });
      expect(tracks.rows.map(({ id }) => id)).toEqual(['yard track']);
    });

    it('deletes no more than 500 at a time, over all cameras', async () => {
      for (let i = 0; i < 620; i += 2) {
        const camera = i % 4 === 0 ? 'gate' : 'yard';
        await tell(event('event.started', `e${i}`, 0, { camera }), event('event.ended', `e${i}`, 5, { camera })); // prettier-ignore
        await tell(track('track.started', `t${i}`, 0, { camera }), track('track.ended', `t${i}`, 5, { camera })); // prettier-ignore
      }
      const limits = { usual: since(startMs + 1e9, startMs + 1e9), cameras: {} };
      const prune = () => history().write('prune', limits);
      expect([await prune(), await prune(), await prune()]).toEqual([500, 120, 0]);
    });
  });

  describe('after a crash', () => {
    it('what was under way is ended, once, with the last message that was stored', async () => {
      await tell(
        track('track.started', 'a', 1),
        track('track.started', 'b', 2),
        track('track.ended', 'b', 3),
        track('track.renamed', 'a', 4, {
          track: { id: 'a', label: 'dog', score: 0.9, box: [4, 0, 14, 20] },
          was: { label: 'person' },
        }),
        event('event.started', 'e', 5),
        event('event.updated', 'e', 7),
      );
      await store.close();
      store = await open();
      await endWhatWasLeftOpen(store, silentLog);
      await endWhatWasLeftOpen(store, silentLog);
      const told = await store.journal.read({ afterSeq: 6, limit: 10 });
      expect(told).toMatchObject([
        { seq: 7, type: 'track.ended', time: timeOf(7), track: { id: 'a', label: 'dog' } },
        { seq: 8, type: 'event.ended', time: timeOf(7), event: { id: 'e', ending: 'stream', endedAt: timeOf(7) } }, // prettier-ignore
      ]);
      expect(told).toHaveLength(2);
      expect('was' in told[0]!).toBe(false);
    });
  });
});
