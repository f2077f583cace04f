import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DurableMessage, EventMessage, TrackMessage } from '../../src/events/index.js';
import type { EventPage, EventView, Problem, TrackPage, TrackPathView } from '../../src/server/index.js';
import { waitFor } from '../support/wait-for.js';
import { setUp, signedIn } from './signed-in.js';
import { ServerUnderTest } from './server-under-test.js';

let under: ServerUnderTest;
let cookies: Record<'ada' | 'vera' | 'gus', string>;

const startMs = Date.parse('2026-05-04T09:30:00.000Z');
const timeOf = (second: number) => new Date(startMs + 1000 * second).toISOString();

function track(type: TrackMessage['type'], id: string, second: number, camera = 'gate'): TrackMessage {
  return {
    v: 1,
    type,
    camera,
    time: timeOf(second),
    epoch: 1,
    ptsMs: 0,
    frame: { width: 640, height: 360 },
    track: { id, label: 'person', score: 0.8, box: [second, 0, second + 10, 20] },
    model: 'm@1',
  } as TrackMessage;
}

function event(id: string, second: number, camera = 'gate', rule = 'loiter'): EventMessage {
  return {
    v: 1,
    type: 'event.started',
    camera,
    time: timeOf(second),
    event: {
      id,
      rule: { name: rule, type: 'loiter', version: '1' },
      severity: 'info',
      zone: 'drive',
      tracks: [],
      startedAt: timeOf(second),
    },
    model: 'm@1',
  };
}

beforeAll(async () => {
  under = await ServerUnderTest.open();
  cookies = {
    ada: await setUp(under),
    vera: await signedIn(under, 'vera', 'viewer'),
    gus: await signedIn(under, 'gus', 'operator', ['gate']),
  };
  const messages: DurableMessage[] = [
    track('track.started', 'gate-x-1', 1),
    track('track.started', 'yard-x-1', 2, 'yard'),
    { ...track('track.ended', 'gate-x-1', 5), zones: ['drive'] } as TrackMessage,
    ...Array.from({ length: 12 }, (_, i) => event(`g${i}`, 10 + i)),
    event('y0', 15, 'yard', 'crowd'),
    event('all', 16, '*', 'twice'),
  ];
  for (const message of messages) await under.store.journal.append(message);
});
afterAll(() => under.tearDown());

async function get<Answer>(who: keyof typeof cookies, address: string): Promise<Answer> {
  const response = await under.fetch(address, { headers: { cookie: cookies[who] } });
  return (await response.json()) as Answer;
}
const idsOf = ({ events }: EventPage) => events.map((one) => one.event.id);
const put = (who: keyof typeof cookies, address: string, body: unknown) =>
  under.fetch(address, {
    method: 'PUT',
    body: JSON.stringify(body),
    headers: { cookie: cookies[who], origin: under.server.url, 'content-type': 'application/json' },
  });

describe('GET /api/v1/events', () => {
  it('gives all pages once, newest first', async () => {
    const seen: string[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const page: EventPage = await get('vera', `/api/v1/events?limit=5${cursor && `&cursor=${cursor}`}`);
      expect(page.events.length).toBeLessThanOrEqual(5);
      seen.push(...idsOf(page));
      cursor = page.next;
    }
    expect(seen).toEqual(['g11', 'g10', 'g9', 'g8', 'g7', 'all', 'g6', 'y0', 'g5', 'g4', 'g3', 'g2', 'g1', 'g0']); // prettier-ignore
  });

  it('narrows by camera, rule, zone and time', async () => {
    expect(idsOf(await get('vera', '/api/v1/events?camera=yard&camera=elsewhere'))).toEqual(['y0']);
    expect(idsOf(await get('vera', '/api/v1/events?rule=crowd&zone=drive'))).toEqual(['y0']);
    const from = encodeURIComponent('2026-05-04T11:30:20.000+02:00');
    expect(idsOf(await get('vera', `/api/v1/events?from=${from}`))).toEqual(['g11', 'g10']);
    expect(idsOf(await get('vera', `/api/v1/events?to=${timeOf(12)}&camera=gate`))).toEqual(['g1', 'g0']);
  });

  it('leaves out cameras that the caller may not see, as if they were not there', async () => {
    const page: EventPage = await get('gus', '/api/v1/events?limit=100');
    expect(new Set(page.events.map(({ camera }) => camera))).toEqual(new Set(['gate']));
    expect(page.events).toHaveLength(12);
    expect(idsOf(await get('gus', '/api/v1/events?camera=yard'))).toEqual([]);
    expect(await get('gus', '/api/v1/events/y0')).toEqual(await get('gus', '/api/v1/events/never'));
    expect(await get<EventView>('gus', '/api/v1/events/g3')).toMatchObject({ camera: 'gate', model: 'm@1' });
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=501', 'limit'],
    ['limit=1&limit=2', 'limit'],
    ['from=yesterday', 'from'],
    ['cursor=xyz', 'cursor'],
    ['camera=../x', 'camera'],
    ['severity=loud', 'severity'],
    ['colour=red', 'colour'],
  ])('refuses ?%s, naming %s', async (query, name) => {
    const problem = await get<Problem>('vera', `/api/v1/events?${query}`);
    expect(problem).toMatchObject({ status: 400, code: 'server/bad-query' });
    expect(problem.detail).toContain(name);
  });

  it('lets an operator mark an event, and nobody a viewer or an event that may not be seen', async () => {
    expect((await put('vera', '/api/v1/events/g3/mark', { marked: true })).status).toBe(403);
    expect((await put('gus', '/api/v1/events/y0/mark', { marked: true })).status).toBe(404);
    const marked = await put('gus', '/api/v1/events/g3/mark', { marked: true });
    expect(await marked.json()).toMatchObject({ marked: true, event: { id: 'g3' } });
    expect(idsOf(await get('vera', '/api/v1/events?marked=true'))).toEqual(['g3']);
    expect((await put('gus', '/api/v1/events/g3/mark', { marked: 1 })).status).toBe(422);
  });

  it('lets an operator say that an event was a false alarm, with a comment, and take it back', async () => {
    const address = '/api/v1/events/g4/verdict';
    const alarm = { verdict: 'false alarm', comment: '  a <b>cat</b> ' };
    expect((await put('vera', address, alarm)).status).toBe(403);
    expect((await put('gus', '/api/v1/events/y0/verdict', alarm)).status).toBe(404);
    expect((await put('gus', address, { verdict: 'perhaps' })).status).toBe(422);
    expect((await put('gus', address, { comment: 'x'.repeat(2001) })).status).toBe(422);
    expect(await (await put('gus', address, alarm)).json()).toMatchObject({
      review: { verdict: 'false alarm', comment: 'a <b>cat</b>', by: 'gus' },
    });
    expect(idsOf(await get('vera', '/api/v1/events?verdict=false%20alarm'))).toEqual(['g4']);
    expect(idsOf(await get('vera', '/api/v1/events?verdict=true'))).toEqual([]);
    // It is noted beside the answer, not before it.
    await waitFor(
      async () => {
        const { entries } = await get<{ entries: { what: string; detail: string }[] }>('ada', '/api/v1/audit?limit=1'); // prettier-ignore
        return entries[0]?.what === 'event.verdict' && entries[0].detail === address;
      },
      { timeoutMs: 10_000, what: 'the verdict in the audit log' },
    );
    expect(await (await put('gus', address, { verdict: null, comment: '' })).json()).not.toHaveProperty(
      'review',
    );
  });
});

describe('GET /api/v1/tracks', () => {
  it('gives tracks as they are now, and those of visible cameras only', async () => {
    const all: TrackPage = await get('vera', '/api/v1/tracks');
    expect(all).toMatchObject({
      tracks: [
        { id: 'yard-x-1', camera: 'yard' },
        { id: 'gate-x-1', startedAt: timeOf(1), endedAt: timeOf(5), firstBox: [1, 0, 11, 20], lastBox: [5, 0, 15, 20], zones: ['drive'] }, // prettier-ignore
      ],
    });
    expect(all.tracks[0]).not.toHaveProperty('zones');
    const some: TrackPage = await get('gus', '/api/v1/tracks?label=person');
    expect(some.tracks.map(({ id }) => id)).toEqual(['gate-x-1']);
    expect(await get('gus', '/api/v1/tracks/yard-x-1')).toMatchObject({ code: 'server/no-such-track' });
    expect(await get('vera', '/api/v1/tracks/yard-x-1')).toMatchObject({ id: 'yard-x-1' });
  });

  it('narrows by a zone that tracks were in', async () => {
    const ids = async (query: string) =>
      (await get<TrackPage>('vera', `/api/v1/tracks?${query}`)).tracks.map(({ id }) => id);
    expect(await ids('zone=drive')).toEqual(['gate-x-1']);
    expect(await ids('zone=drive&camera=yard')).toEqual([]);
    expect(await ids('zone=elsewhere')).toEqual([]);
    expect(await get('vera', '/api/v1/tracks?zone=')).toMatchObject({ code: 'server/bad-query' });
  });

  it('narrows by colour, and refuses a word that is none of the ten', async () => {
    await under.store.table('history').write('setColour', 'yard-x-1', 'red');
    const red: TrackPage = await get('vera', '/api/v1/tracks?colour=red');
    expect(red).toMatchObject({ tracks: [{ id: 'yard-x-1', colour: 'red' }] });
    expect(await get('gus', '/api/v1/tracks?colour=red')).toEqual({ tracks: [] });
    const problem = await get<Problem>('vera', '/api/v1/tracks?colour=mauve');
    expect(problem).toMatchObject({ code: 'server/bad-query', detail: expect.stringContaining('colour') });
  });

  it('gives the path of a track in pixels of its picture', async () => {
    expect(await get('vera', '/api/v1/tracks/gate-x-1/path')).toMatchObject({ code: 'server/no-path' });
    // Half a second later in the middle of the picture.
    const bytes = new Uint8Array(new Uint16Array([0, 0, 0, 0, 0, 50, 32768, 32768, 65535, 65535]).buffer);
    for (let at = 0; at < bytes.length; at += 2) [bytes[at], bytes[at + 1]] = [bytes[at + 1]!, bytes[at]!];
    await under.store.journal.append(track('track.ended', 'gate-x-1', 5), bytes);
    expect(await get<TrackPathView>('vera', '/api/v1/tracks/gate-x-1/path')).toEqual({
      frame: { width: 640, height: 360 },
      points: [
        [0, 0, 0, 0, 0],
        [500, 320, 180, 640, 360],
      ],
    });
    expect(await get('gus', '/api/v1/tracks/yard-x-1/path')).toMatchObject({ code: 'server/no-such-track' });
  });
});
