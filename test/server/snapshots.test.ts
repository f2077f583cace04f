import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import type { EventMessage, TrackMessage } from '../../src/events/index.js';
import type { LookGroups, Problem, SimilarTracks } from '../../src/server/index.js';
import { examplePicture } from '../classifiers/example-pictures.js';
import { setUp, signedIn } from './signed-in.js';
import { ServerUnderTest } from './server-under-test.js';

let under: ServerUnderTest;
let ada: string;
let gus: string;
const frame = { width: 640, height: 360 };
const time = '2026-05-04T09:30:00.000Z';
const facts = { camera: 'gate', seenMs: Date.parse(time), shows: [0, 0, 640, 360] as const };
const box = [100, 100, 200, 300] as const;

beforeAll(async () => {
  under = await ServerUnderTest.open();
  ada = await setUp(under);
  gus = await signedIn(under, 'gus', 'viewer', ['gate']);
  const common = { v: 1, time, epoch: 1, ptsMs: 0, frame, model: 'm@1' } as const;
  for (const [id, camera] of [['a', 'gate'], ['b', 'gate'], ['bare', 'gate'], ['y', 'yard'], ['twin', 'gate']] as const) // prettier-ignore
    await under.store.journal.append({ ...common, type: 'track.started', camera, track: { id, label: 'person', score: 0.8, box } } satisfies TrackMessage); // prettier-ignore
  await under.store.journal.append({ ...common, type: 'track.merged', camera: 'gate', track: { id: 'twin', label: 'person', score: 0.8, box }, into: 'a' }); // prettier-ignore
  for (const [id, camera] of [['e', 'gate'], ['blind', 'gate'], ['ey', 'yard']] as const)
    await under.store.journal.append({ ...common, type: 'event.started', camera, event: { id, rule: { name: 'r', type: 'enter', version: '1' }, severity: 'info', tracks: [], startedAt: time } } satisfies EventMessage); // prettier-ignore
  const jpeg = await sharp({ create: { ...frame, channels: 3, background: '#204080' } })
    .jpeg()
    .toBuffer();
  const pictures = under.store.table('pictures');
  await pictures.write('put', { kind: 'event', id: 'e' }, { ...facts, boxes: [box] }, jpeg, 'info');
  await pictures.write(
    'put',
    { kind: 'event', id: 'ey' },
    { ...facts, camera: 'yard', boxes: [] },
    jpeg,
    'info',
  );
  await pictures.write('put', { kind: 'track', id: 'a' }, { ...facts, boxes: [box] }, jpeg);
  const looks = under.store.table('looks');
  for (const [track, camera, embedding] of [['a', 'gate', [1, 0]], ['b', 'gate', [0.8, 0.6]], ['y', 'yard', [1, 0]]] as const) // prettier-ignore
    await looks.write('put', { track, camera, label: 'person', seenMs: facts.seenMs, model: 'net@1', embedding: Float32Array.from(embedding) }); // prettier-ignore
});
afterAll(() => under.tearDown());

const get = (path: string, cookie = ada, headers = {}) =>
  under.fetch(`/api/v1/${path}`, { headers: { cookie, ...headers } });
const refusal = async (path: string, cookie = ada) => {
  const response = await get(path, cookie);
  return [response.status, ((await response.json()) as Problem).code];
};
const pixel = async (response: Response, x: number, y: number) => {
  const { data, info } = await sharp(Buffer.from(await response.arrayBuffer()))
    .raw()
    .toBuffer({ resolveWithObject: true });
  return [...data.subarray(3 * (y * info.width + x), 3 * (y * info.width + x) + 3)];
};
const isNear = (seen: number[], wanted: number[]) => seen.every((v, i) => Math.abs(v - wanted[i]!) < 40);

describe('stored pictures', () => {
  it('of an event show the objects that it is about, unless asked not to', async () => {
    const drawn = await get('events/e/snapshot.jpg');
    expect(drawn.headers.get('content-type')).toBe('image/jpeg');
    expect(isNear(await pixel(drawn, 100, 200), [255, 204, 0])).toBe(true);
    expect(isNear(await pixel(await get('events/e/snapshot.jpg'), 150, 200), [32, 64, 128])).toBe(true);
    const plain = await get('events/e/snapshot.jpg?boxes=false');
    expect(isNear(await pixel(plain, 100, 200), [32, 64, 128])).toBe(true);
  });

  it('of a track are plain, and those of one that was another are that one’s', async () => {
    for (const id of ['a', 'twin'])
      expect(isNear(await pixel(await get(`tracks/${id}/snapshot.jpg`), 100, 200), [32, 64, 128])).toBe(true);
  });

  it('are answered by 304 to who has them, and asked for again each time', async () => {
    const first = await get('tracks/a/snapshot.jpg');
    expect(first.headers.get('cache-control')).toBe('private, no-cache');
    // With a header of its own, fetch says `no-cache` else.
    const known = { 'if-none-match': first.headers.get('etag')!, 'cache-control': 'max-age=0' };
    expect((await get('tracks/a/snapshot.jpg', ada, known)).status).toBe(304);
    expect((await get('tracks/a/snapshot.jpg?boxes=true', ada, known)).status).toBe(200);
  });

  it('of what is not there, never had one, or may not be seen are refused alike', async () => {
    expect(await refusal('tracks/none/snapshot.jpg')).toEqual([404, 'server/no-such-track']);
    expect(await refusal('tracks/bare/snapshot.jpg')).toEqual([404, 'server/no-snapshot']);
    expect(await refusal('events/none/snapshot.jpg')).toEqual([404, 'server/no-such-event']);
    expect(await refusal('events/blind/snapshot.jpg')).toEqual([404, 'server/no-snapshot']);
    expect((await get('events/ey/snapshot.jpg')).status).toBe(200);
    expect(await refusal('events/ey/snapshot.jpg', gus)).toEqual([404, 'server/no-such-event']);
    expect(await refusal('tracks/y/snapshot.jpg', gus)).toEqual([404, 'server/no-such-track']);
  });

  it('that were given up for their size are gone, with the reason', async () => {
    await under.store.table('pictures').write('put', { kind: 'track', id: 'b' }, { ...facts, camera: 'b-cam', boxes: [] }, new Uint8Array(9)); // prettier-ignore
    await under.store.table('pictures').write('shed', 'b-cam', 1);
    expect(await refusal('tracks/b/snapshot.jpg')).toEqual([410, 'server/snapshot-gone']);
  });
});

describe('GET /api/v1/search/similar', () => {
  const found = async (query: string, cookie = ada) => {
    const { similar } = (await (await get(`search/similar?${query}`, cookie)).json()) as SimilarTracks;
    return similar.map(({ score, track }) => [track.id, score]);
  };

  it('tells the tracks that look most like one, with the cosine', async () => {
    expect(await found('track=a')).toEqual([['y', 1], ['b', 0.8]]); // prettier-ignore
    expect(await found('track=twin')).toEqual(await found('track=a'));
  });

  it('leaves out cameras that the caller may not see before it counts', async () => {
    expect(await found('track=a&limit=1', gus)).toEqual([['b', 0.8]]);
    expect(await found('track=a&camera=yard', gus)).toEqual([]);
    expect(await refusal('search/similar?track=y', gus)).toEqual([404, 'server/no-such-track']);
    expect(await found('track=a&camera=yard')).toEqual([['y', 1]]);
  });

  it('takes a zone and a colour, of cameras that the caller may see plain', async () => {
    const history = under.store.table('history');
    await history.write('addZones', 'b', ['drive']);
    for (const id of ['b', 'y']) await history.write('setColour', id, 'red');
    expect(await found('track=a&zone=drive')).toEqual([['b', 0.8]]);
    expect(await found('track=a&colour=red')).toEqual([['y', 1], ['b', 0.8]]); // prettier-ignore
    expect(await found('track=a&colour=red', gus)).toEqual([['b', 0.8]]);
    expect(await found('track=a&zone=drive&colour=blue')).toEqual([]);
    expect(await refusal('search/similar?track=a&colour=pink')).toEqual([400, 'server/bad-query']);
  });

  it('tells of near-duplicates the best alone, if asked', async () => {
    const { similar } = (await (await get('search/similar?track=a&distinct=true')).json()) as SimilarTracks;
    expect(similar.map(({ track, others }) => [track.id, others])).toEqual([['y', 0], ['b', 0]]); // prettier-ignore
    expect(await refusal('search/similar?track=a&distinct=1')).toEqual([400, 'server/bad-query']);
  });

  it('refuses a track that was never looked at, and what cannot be asked', async () => {
    expect(await refusal('search/similar?track=bare')).toEqual([404, 'server/no-look']);
    expect(await refusal('search/similar')).toEqual([400, 'server/bad-query']);
    expect(await refusal('search/similar?track=a&limit=101')).toEqual([400, 'server/bad-query']);
    expect(await found('track=a&from=2026-05-05T00:00:00Z')).toEqual([]);
    expect(await found('track=a&label=car')).toEqual([]);
  });

  it('takes a picture in place of a track, and refuses what is none', async () => {
    const post = (body: unknown, cookie = ada) =>
      under.fetch('/api/v1/search/similar', {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
        body: JSON.stringify(body),
      });
    const picture = (await examplePicture('red', 1)).toString('base64');
    const { embedding, model } = await under.classifiers.pictures.ask(
      'embed',
      await examplePicture('red', 1),
    );
    const looks = under.store.table('looks');
    for (const [track, camera] of [
      ['a', 'gate'],
      ['y', 'yard'],
    ] as const)
      // prettier-ignore
      await looks.write('put', { track, camera, label: 'person', seenMs: facts.seenMs, model, embedding });
    const ids = async (cookie?: string, more = {}) =>
      ((await (await post({ picture, ...more }, cookie)).json()) as SimilarTracks).similar.map(({ score, track }) => [track.id, score]); // prettier-ignore
    expect((await ids()).sort()).toEqual([['a', 1], ['y', 1]]); // prettier-ignore
    expect(await ids(gus)).toEqual([['a', 1]]);
    expect(await ids(ada, { to: '2020-01-01T00:00:00Z' })).toEqual([]);
    expect(await ids(ada, { colour: 'red' })).toEqual([['y', 1]]);
    expect(await ids(ada, { colour: 'red', zone: 'drive' })).toEqual([]);
    for (const [body, status, code] of [
      [{ picture: 'AAAA' }, 400, 'classifier/bad-picture'],
      [{ picture: 'not base64!' }, 422, 'server/invalid-body'],
      [{ picture, box: [0.5, 0, 0.2, 1] }, 422, 'server/invalid-body'],
      [{ picture: 'A'.repeat(2 << 20) }, 413, 'server/body-too-large'],
    ] as const) {
      const response = await post(body);
      expect([response.status, ((await response.json()) as Problem).code]).toEqual([status, code]);
    }
  });

  it('of groups tells tracks that look alike, of the cameras that the caller may see', async () => {
    const groups = async (query = '', cookie = ada) => {
      const { looked, groups: all } = (await (
        await get(`search/groups?${query}`, cookie)
      ).json()) as LookGroups;
      return [
        looked,
        ...all.map(({ count, tracks }) => [count, ...tracks.map(({ track }) => track.id).sort()]),
      ];
    };
    expect(await groups()).toEqual([2, [2, 'a', 'y']]);
    expect(await groups('', gus)).toEqual([1]);
    expect(await groups('to=2020-01-01T00:00:00Z')).toEqual([0]);
    expect(await refusal('search/groups?likeness=2')).toEqual([400, 'server/bad-query']);
  });
});
