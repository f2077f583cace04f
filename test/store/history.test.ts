import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { endWhatWasLeftOpen } from '../../src/app/left-open.js';
import { silentLog, systemClock } from '../../src/base/index.js';
import type { DurableMessage, EventMessage, TrackMessage } from '../../src/events/index.js';
import { Store, type EventQuery } from '../../src/store/index.js';

let dataDir: string;
let store: Store;
const open = async () =>
  (store = await Store.open({ dataDir, clock: systemClock, log: silentLog, retentionCount: 50 }));
const history = () => store.table('history');

beforeEach(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'sightline-history-'));
  await open();
});
afterEach(async () => {
  await store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

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

type Kind = { camera?: string; rule?: string; label?: string; zone?: string; severity?: 'info' | 'alert' };
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

const tell = (...messages: DurableMessage[]) => Promise.all(messages.map((one) => store.journal.append(one)));

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
    await tell(track('track.started', 'a', 1), track('track.started', 'b', 1), track('track.ended', 'b', 2));
    await store.journal.append(track('track.ended', 'a', 2), new Uint8Array([1, 2, 3]));
    const paths = await history().read('paths', ['b', 'a', 'none']);
    expect(paths).toEqual([undefined, new Uint8Array([1, 2, 3]), undefined]);
    expect(await history().read('track', 'a')).toMatchObject({ hasPath: true });
  });

  it('outlives the journal, and is pruned by age', async () => {
    for (let i = 0; i < 60; i++) await tell(track('track.started', `t${i}`, i), track('track.ended', `t${i}`, i + 1)); // prettier-ignore
    expect(store.journal.firstSeq).toBe(71);
    expect((await history().read('tracks', { limit: 100 })).rows).toHaveLength(60);
    expect(await history().write('prune', startMs + 31_000, 0)).toBe(30);
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
    for (const id of ['a', 'b', 'c']) await tell(event('event.started', id, 0), event('event.ended', id, 5));
    await tell(event('event.started', 'open', 0));
    await history().write('mark', 'b', true);
    expect(await history().write('prune', 0, startMs + 1e9)).toBe(2);
    expect(await ids({})).toEqual(['open', 'b']);
    await history().write('mark', 'b', false);
    expect(await history().write('prune', 0, startMs + 1e9)).toBe(1);
    await expect(history().write('mark', 'b', true)).rejects.toMatchObject({ code: 'store/no-such-event' });
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
    await open();
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
