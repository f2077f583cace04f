import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TextReadMessage, TrackMessage } from '../../src/events/index.js';
import type { Problem, TextSearch, TrackPage, TrackView } from '../../src/server/index.js';
import { ServerUnderTest } from './server-under-test.js';
import { setUp, signedIn } from './signed-in.js';

let under: ServerUnderTest;
let ada: string;
let gus: string;

beforeAll(async () => {
  under = await ServerUnderTest.open();
  ada = await setUp(under);
  gus = await signedIn(under, 'gus', 'viewer', ['gate']);
  const texts = [['gate', 'RK755AJ'], ['gate', 'RK75SAJ'], ['yard', 'rk 755 aj'], ['gate', 'B 777']] as const; // prettier-ignore
  for (const [at, [camera, value]] of texts.entries()) {
    const track = { id: `t${at}`, label: 'car', score: 0.8, box: [0, 0, 9, 9] } as const;
    const time = `2026-05-04T09:30:0${at}.000Z`;
    const facts = { v: 1, camera, time, epoch: 1, ptsMs: 0, frame: { width: 640, height: 360 }, track, model: 'm' } as const; // prettier-ignore
    await under.store.journal.append({ ...facts, type: 'track.started' } satisfies TrackMessage);
    const seen = { ptsMs: 0, box: track.box, polygon: [[1, 1], [5, 1], [5, 3], [1, 3]] } as const; // prettier-ignore
    const characters = [...value].map((one) => ({ value: one, confidence: 0.9 }));
    const text = { value, confidence: 0.9, characters, views: 2, fitsPattern: true, seen };
    await under.store.journal.append({ ...facts, type: 'text.read', text } satisfies TextReadMessage);
  }
});
afterAll(() => under.tearDown());

const get = async <T>(path: string, cookie = ada) =>
  (await (await under.fetch(`/api/v1/${path}`, { headers: { cookie } })).json()) as T;
const found = async (query: string, cookie?: string) =>
  (await get<TextSearch>(`search/text?${query}`, cookie)).texts.map(({ distance, track }) => [track.id, distance]); // prettier-ignore

describe('texts of tracks', () => {
  it('are told of a track, and narrow the list of tracks', async () => {
    const track = await get<TrackView>('tracks/t1');
    expect(track.text).toMatchObject({ value: 'RK75SAJ', confidence: 0.9, views: 2, readAt: '2026-05-04T09:30:01.000Z' }); // prettier-ignore
    const { tracks } = await get<TrackPage>('tracks?text=RK-755-AJ');
    expect(tracks.map(({ id }) => id)).toEqual(['t2', 't0']);
  });

  it('are found by a text near them, by camera and time, the nearest first', async () => {
    expect(await found('text=rk755aj')).toEqual([['t2', 0], ['t0', 0], ['t1', 0.5]]); // prettier-ignore
    expect(await found('text=rk755aj&distance=0')).toEqual([['t2', 0], ['t0', 0]]); // prettier-ignore
    expect(await found('text=rk755aj&camera=yard')).toEqual([['t2', 0]]);
    expect(await found('text=rk755aj&from=2026-05-04T09:30:01Z&to=2026-05-04T09:30:02Z')).toEqual([['t1', 0.5]]); // prettier-ignore
    expect(await found('text=rk755aj&label=bus')).toEqual([]);
    expect(await found('text=rk755aj&limit=1')).toEqual([['t2', 0]]);
  });

  it('are found by who may see their camera alone', async () => {
    expect(await found('text=rk755aj', gus)).toEqual([['t0', 0], ['t1', 0.5]]); // prettier-ignore
    expect(await found('text=rk755aj&camera=yard', gus)).toEqual([]);
    const { tracks } = await get<TrackPage>('tracks?text=rk755aj', gus);
    expect(tracks.map(({ id }) => id)).toEqual(['t0']);
    expect((await under.fetch('/api/v1/search/text?text=rk755aj')).status).toBe(401);
  });

  it.each([
    ['text=a&distance=1', /more letters or digits than the distance of 1/],
    ['text=...&distance=0', /more letters or digits/],
    ['text=abcdef&distance=4', /distance: give 0 to 3, in halves/],
    ['text=abcdef&distance=0.3', /distance: give 0 to 3/],
    ['distance=1', /text: /],
  ])('are not looked for with %s', async (query, reason) => {
    const response = await under.fetch(`/api/v1/search/text?${query}`, { headers: { cookie: ada } });
    const problem = (await response.json()) as Problem;
    expect([response.status, problem.code]).toEqual([400, 'server/bad-query']);
    expect(problem.detail).toMatch(reason);
  });
});
