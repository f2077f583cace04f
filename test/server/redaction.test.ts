import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import type { Role } from '../../src/access/index.js';
import { AppError } from '../../src/base/index.js';
import type { EventMessage, TrackMessage } from '../../src/events/index.js';
import type { Box } from '../../src/geometry/index.js';
import {
  routesOf,
  type CameraRedaction,
  type CameraView,
  type LookGroups,
  type Problem,
  type Route,
  type SimilarTracks,
  type TrackPage,
  type TrackView,
} from '../../src/server/index.js';
import { waitFor } from '../support/wait-for.js';
import { post, setUp, signedIn, tokenOf } from './signed-in.js';
import { ServerUnderTest } from './server-under-test.js';

const frame = { width: 640, height: 360 };
const time = '2026-05-04T09:30:00.000Z';
/** Where the person of the track is, and what its picture shows, in pixels of the source. */
const box = [100, 100, 200, 300] as const;
const shows = [80, 60, 220, 340] as const;

/** Bytes that stand in everything plain that the server has, and in nothing else. */
const MARK = Buffer.from('what nobody but administrators may see');
const COVERED = Buffer.from('a stream with people covered');
const plainPicture = async (colour: string) => {
  const create = { ...frame, channels: 3 as const, background: colour };
  const jpeg = await sharp({ create }).jpeg().toBuffer();
  // What stands behind the end of a JPEG is not looked at.
  return Buffer.concat([jpeg, MARK]);
};

let under: ServerUnderTest;
let plain: Buffer;
let covered: Buffer;
let exampleId: number;
const cookies = new Map<Role, string>();
let redactions: Map<string, CameraRedaction>;
let asked: { camera: string; known: readonly Box[] }[];
let clips: { camera: string; lengthMs: number }[];

beforeAll(async () => {
  [plain, covered] = [await plainPicture('#d02020'), await sharp({ create: { ...frame, channels: 3, background: '#000000' } }).jpeg().toBuffer()]; // prettier-ignore
  under = await ServerUnderTest.open();
  under.redaction = (id) => redactions.get(id);
  under.redact = (camera, jpeg, known) => {
    expect(jpeg.includes(MARK)).toBe(true);
    asked.push({ camera, known });
    return Promise.resolve(covered);
  };
  under.snapshot = () => Promise.resolve(plain);
  under.recordings = {
    ...under.recordings,
    clip: () =>
      Promise.resolve({
        ranges: [],
        bytes: MARK.length,
        etag: 'clip',
        async *read(start, end) {
          yield await Promise.resolve(MARK.subarray(start, end));
        },
      }),
  };
  under.coveredClip = (camera, range) => {
    clips.push({ camera, lengthMs: range.toMs - range.fromMs });
    const etag = 'covered';
    return Promise.resolve({ ranges: [], bytes: covered.length, etag, async *read(start, end) { yield await Promise.resolve(covered.subarray(start, end)); } }); // prettier-ignore
  };
  under.feed.startStream({ epoch: 1, codec: 'avc1.64001e', widthPx: 640, heightPx: 360, initSegment: MARK });
  under.coveredFeed.startStream({
    epoch: 1,
    codec: 'avc1.64001e',
    widthPx: 640,
    heightPx: 360,
    initSegment: COVERED,
  });
  cookies.set('admin', await setUp(under));
  cookies.set('operator', await signedIn(under, 'olga', 'operator'));
  cookies.set('viewer', await signedIn(under, 'vera', 'viewer'));

  const common = { v: 1, time, epoch: 1, ptsMs: 0, frame, model: 'm@1' } as const;
  const looks = under.store.table('looks');
  const pictures = under.store.table('pictures');
  for (const [id, camera, label] of [
    ['p', 'gate', 'person'],
    ['q', 'yard', 'person'],
    ['r', 'yard', 'person'],
    ['c', 'gate', 'car'],
  ] as const) {
    // prettier-ignore
    const track = { id, label, score: 0.8, box };
    await under.store.journal.append({
      ...common,
      type: 'track.started',
      camera,
      track,
    } satisfies TrackMessage);
    const event = { id: `e${id}`, rule: { name: 'r', type: 'enter', version: '1' }, severity: 'info', tracks: [track], startedAt: time } as const; // prettier-ignore
    await under.store.journal.append({
      ...common,
      type: 'event.started',
      camera,
      event,
    } satisfies EventMessage);
    const seen = { camera, seenMs: Date.parse(time) };
    await pictures.write('put', { kind: 'track', id }, { ...seen, shows, boxes: [box] }, plain);
    await pictures.write('put', { kind: 'event', id: `e${id}` }, { ...seen, shows: [0, 0, 640, 360], boxes: [box] }, plain, 'info'); // prettier-ignore
    await looks.write('put', { track: id, camera, label, seenMs: seen.seenMs, model: 'net@1', embedding: Float32Array.from([1, 0]) }); // prettier-ignore
  }
  await under.classifiers.create('who', { classes: ['a', 'b'], unsureBelow: 0.5 });
  const example = {
    class: 'a',
    origin: 'track',
    source: 'p',
    camera: 'gate',
    clip: 'gate/1',
    addedMs: 0,
  } as const;
  exampleId = await under.store.table('classifiers').write('addExample', 'who', example, plain);
});
afterAll(() => under.tearDown());
beforeEach(() => {
  redactions = new Map([['gate', { plainFor: 'admin', labels: ['person'], fill: 'black', shape: 'box' }]]);
  asked = [];
  clips = [];
});

const get = (path: string, role: Role = 'viewer') =>
  under.fetch(`/api/v1/${path}`, { headers: { cookie: cookies.get(role)! } });
const problemOf = async (response: Response) => [response.status, ((await response.json()) as Problem).code];
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

// The table itself, as the server builds it: whoever adds a route is walked here without doing anything for it.
const routes = routesOf({ access: {}, dependencies: { accounts: {} }, system: () => undefined } as never);
const titleOf = ({ method = 'GET', path }: Route) => `${method} ${path}`;
const times = `from=${time}&to=2026-05-04T09:31:00.000Z`;
const QUERIES: Readonly<Record<string, string>> = {
  '/api/v1/recordings': `?camera=gate&${times}`,
  '/api/v1/recordings/:camera/clip.mp4': `?${times}`,
  '/api/v1/events/:id/snapshot.jpg': '?boxes=false',
  '/api/v1/search/similar': '?track=p',
};
/** The address of something of the camera `gate`. */
function addressOf({ path }: Route): string {
  const id = path.includes('/tracks/') ? 'p' : path.includes('/examples/') ? String(exampleId) : 'ep';
  const filled = path
    .replace('/cameras/:id', '/cameras/gate')
    .replace(':camera', 'gate')
    .replace(':name', 'who')
    .replace(':version', '1')
    .replace(':id', id)
    .replace(/:\w+/g, 'none');
  return filled + (QUERIES[path] ?? '');
}
async function answerOf(
  route: Route,
  headers: Record<string, string>,
): Promise<{ status: number; body: Buffer }> {
  const { method = 'GET' } = route;
  // Signing out ends a session that later rows need: only what the route itself looks at is of interest here.
  const body = method === 'GET' ? {} : { body: 'x', headers: { ...headers, 'content-type': 'text/plain' } };
  const response = await under.fetch(addressOf(route), { method, headers, redirect: 'manual', ...body });
  if (response.headers.get('content-type') === 'text/event-stream') {
    await response.body!.cancel();
    return { status: 200, body: Buffer.alloc(0) };
  }
  return { status: response.status, body: await bytesOf(response) };
}

describe('every route', () => {
  it('that gives plain pictures away to an administrator says so, and no other does', async () => {
    const giving: string[] = [];
    for (const route of routes) {
      const { body } = await answerOf(route, { cookie: cookies.get('admin')!, origin: under.server.url });
      if (body.includes(MARK)) giving.push(titleOf(route));
    }
    const declared = routes.filter(({ pictures }) => pictures !== undefined).map(titleOf);
    // Of a source that is no camera yet, for administrators alone: not there.
    const ofTests = 'GET /api/v1/cameras/test/:picture/picture.jpg';
    expect(giving.sort()).toEqual(declared.filter((title) => title !== ofTests).sort());
    expect(giving.length).toBeGreaterThanOrEqual(6);
  });

  it('whose address ends as pictures and films do says that it gives pictures away', () => {
    const looks = routes.filter(({ path }) => /\.(jpe?g|png|webp|mp4|mjpeg)$/.test(path));
    expect(looks.filter(({ pictures }) => pictures === undefined).map(titleOf)).toEqual([]);
  });

  const refused = ['viewer', 'operator'] as const;
  it.each(routes.flatMap((route) => refused.map((role) => [titleOf(route), role, route] as const)))(
    '%s gives nothing plain of a redacted camera to a %s, by session or token',
    async (_title, role, route) => {
      const token = await tokenOf(under, { role });
      const callers = [
        { cookie: cookies.get(role)!, origin: under.server.url },
        { authorization: `Bearer ${token}` },
      ];
      for (const headers of callers) {
        const { status, body } = await answerOf(route, headers);
        expect(body.includes(MARK)).toBe(false);
        if (route.pictures === 'redactable') expect([status, body.equals(covered)]).toEqual([200, true]);
      }
    },
  );

  it('shows pictures as they are to the roles that may see them, and of cameras without redaction to all', async () => {
    redactions.set('gate', { plainFor: 'operator', labels: ['person'], fill: 'black', shape: 'box' });
    for (const route of routes.filter(
      ({ pictures, permission }) => pictures !== undefined && permission !== 'config',
    )) {
      const { body } = await answerOf(route, { cookie: cookies.get('operator')! });
      expect([titleOf(route), body.includes(MARK)]).toEqual([titleOf(route), true]);
    }
    expect((await bytesOf(await get('tracks/q/snapshot.jpg'))).includes(MARK)).toBe(true);
  });

  it('gives no more than the first minute of a covered clip', async () => {
    const clip = `recordings/gate/clip.mp4?from=${time}&to=2026-05-04T10:00:00.000Z`;
    expect((await bytesOf(await get(clip))).equals(covered)).toBe(true);
    expect(clips).toEqual([{ camera: 'gate', lengthMs: 60_000 }]);
  });

  it('shows nothing where it is not known what to cover, as of a camera that is no longer configured', async () => {
    redactions.set('yard', { plainFor: 'admin', labels: [], fill: 'black', shape: 'box' });
    expect(await problemOf(await get('tracks/q/snapshot.jpg', 'operator'))).toEqual([403, 'access/redacted']);
    expect(await problemOf(await get('events/eq/clip.mp4', 'operator'))).toEqual([403, 'access/redacted']);
    expect((await bytesOf(await get('tracks/q/snapshot.jpg', 'admin'))).includes(MARK)).toBe(true);
    expect([asked, clips]).toEqual([[], []]);
  });
});

describe('live pictures', () => {
  const open = async (role: Role) => {
    const socket = under.webSocket('/api/v1/cameras/gate/live', [], {
      headers: { cookie: cookies.get(role)!, origin: under.server.url },
    });
    const received: Buffer[] = [];
    socket.on('message', (data: Buffer, isBinary) => isBinary && received.push(data));
    await once(socket, 'open');
    return { socket, received };
  };

  it.each([
    ['viewer', COVERED],
    ['operator', COVERED],
    ['admin', MARK],
  ] as const)('of a redacted camera come to a %s as that one may see them', async (role, expected) => {
    const { socket, received } = await open(role);
    await waitFor(() => received.length > 0, { timeoutMs: 10_000, what: 'the beginning of the stream' });
    expect(received[0]!.equals(expected)).toBe(true);
    socket.terminate();
  });

  it('are refused where it is not known what to cover', async () => {
    redactions.set('gate', { plainFor: 'admin', labels: [], fill: 'black', shape: 'box' });
    const headers = { cookie: cookies.get('viewer')!, origin: under.server.url };
    const socket = under.webSocket('/api/v1/cameras/gate/live', [], { headers });
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
    expect(response.statusCode).toBe(403);
  });

  it('say in the camera’s view that they are covered, to whom they are', async () => {
    const view = async (role: Role) =>
      ((await (await get('cameras/gate', role)).json()) as CameraView).redacted;
    expect([await view('viewer'), await view('operator'), await view('admin')]).toEqual([
      true,
      true,
      undefined,
    ]);
  });

  it('end for an administrator’s token when its owner becomes an operator, whatever else it might', async () => {
    const admin = await signedIn(under, 'anna', 'admin');
    const made = await post(
      under,
      '/api/v1/tokens',
      { name: 'wall', role: 'admin', only: ['live'] },
      { cookie: admin },
    );
    const { secret } = (await made.json()) as { secret: string };
    const headers = { authorization: `Bearer ${secret}` };
    const socket = under.webSocket('/api/v1/cameras/gate/live', [], { headers });
    await once(socket, 'open');
    const { id } = under.accounts.users.list().find(({ name }) => name === 'anna')!;
    const closed = once(socket, 'close');
    await under.fetch(`/api/v1/users/${id}`, {
      method: 'PATCH',
      body: JSON.stringify({ role: 'operator' }),
      headers: {
        cookie: cookies.get('admin')!,
        origin: under.server.url,
        'content-type': 'application/json',
      },
    });
    expect((await closed)[0]).toBe(4401);
    const again = await under.fetch('/api/v1/cameras/gate/snapshot.jpg', { headers });
    expect((await bytesOf(again)).equals(covered)).toBe(true);
  });
});

describe('stored pictures', () => {
  it('are covered where objects of such a label are known to be, whether they are found again or not', async () => {
    await get('tracks/p/snapshot.jpg');
    await get('events/ep/snapshot.jpg');
    await get('tracks/c/snapshot.jpg');
    expect(asked).toEqual([
      { camera: 'gate', known: [[20 / 140, 40 / 280, 120 / 140, 240 / 280]] },
      { camera: 'gate', known: [[100 / 640, 100 / 360, 200 / 640, 300 / 360]] },
      { camera: 'gate', known: [] },
    ]);
  });

  it('are covered where somebody stood who has left the event since, and by the label of the track that one turned out to be', async () => {
    const common = { v: 1, time, epoch: 1, ptsMs: 0, frame, model: 'm@1', camera: 'gate' } as const;
    const event = { id: 'ep', rule: { name: 'r', type: 'occupancy', version: '1' }, severity: 'info', tracks: [], startedAt: time } as const; // prettier-ignore
    const track = { id: 'm', label: 'bag', score: 0.8, box };
    await under.store.journal.append({ ...common, type: 'event.updated', event } satisfies EventMessage);
    await under.store.journal.append({ ...common, type: 'track.started', track } satisfies TrackMessage);
    await under.store.journal.append({ ...common, type: 'track.merged', track, into: 'p' });
    await get('events/ep/snapshot.jpg');
    await get('tracks/m/snapshot.jpg');
    expect(asked.map(({ known }) => known.length)).toEqual([1, 1]);
  });

  it('are drawn on when they are covered, not before', async () => {
    const drawn = await bytesOf(await get('events/ep/snapshot.jpg'));
    const { data, info } = await sharp(drawn).raw().toBuffer({ resolveWithObject: true });
    const pixel = (x: number, y: number) => [
      ...data.subarray(3 * (y * info.width + x), 3 * (y * info.width + x) + 3),
    ];
    expect(pixel(100, 200)[0]).toBeGreaterThan(200);
    expect(pixel(150, 200).every((value) => value < 40)).toBe(true);
  });

  it('have another ETag when they are covered otherwise', async () => {
    const tag = async (role: Role = 'viewer') =>
      (await get('tracks/p/snapshot.jpg', role)).headers.get('etag');
    const before = await tag();
    redactions.set('gate', { plainFor: 'admin', labels: ['person', 'car'], fill: 'black', shape: 'box' });
    expect(new Set([before, await tag(), await tag('admin')]).size).toBe(3);
  });

  it('are not shown while they cannot be covered', async () => {
    under.redact = () => Promise.reject(new AppError('engine/no-answer', 'unavailable', 'it is away'));
    expect(await problemOf(await get('tracks/p/snapshot.jpg'))).toEqual([503, 'engine/no-answer']);
    expect(await problemOf(await get('cameras/gate/snapshot.jpg'))).toEqual([503, 'engine/no-answer']);
    under.redact = (camera, _jpeg, known) => Promise.resolve((asked.push({ camera, known }), covered));
  });
});

describe('the colours of tracks', () => {
  it('are neither told nor searched by where the caller sees people covered', async () => {
    for (const id of ['p', 'q']) await under.store.table('history').write('setColour', id, 'red');
    const red = async (role: Role, more = '') => {
      const { tracks } = (await (await get(`tracks?colour=red${more}`, role)).json()) as TrackPage;
      return tracks.map(({ id }) => id).sort();
    };
    expect(await red('admin')).toEqual(['p', 'q']);
    expect(await red('viewer')).toEqual(['q']);
    expect(await red('operator', '&camera=gate')).toEqual([]);
    const one = async (role: Role) => ((await (await get('tracks/p', role)).json()) as TrackView).colour;
    expect([await one('admin'), await one('operator'), await one('viewer')]).toEqual(['red', undefined, undefined]); // prettier-ignore
    const { tracks } = (await (await get('tracks?label=person')).json()) as TrackPage;
    const told = tracks.map(({ id, colour }) => `${id} ${colour}`).sort();
    expect(told).toEqual(['p undefined', 'q red', 'r undefined']);
  });
});

describe('searches by looks', () => {
  const found = async (query: string, role: Role) =>
    ((await (await get(`search/similar?${query}`, role)).json()) as SimilarTracks).similar
      .map(({ track }) => track.id)
      .sort();

  it('find nobody on cameras on which the caller sees people covered', async () => {
    expect(await found('track=q', 'admin')).toEqual(['c', 'p', 'r']);
    expect(await found('track=q', 'viewer')).toEqual(['r']);
    expect(await found('track=q&camera=gate', 'viewer')).toEqual([]);
    expect(await problemOf(await get('search/similar?track=p', 'operator'))).toEqual([
      403,
      'access/redacted',
    ]);
  });

  it('neither by an uploaded picture nor in groups', async () => {
    // Whatever is sent looks like all tracks.
    const ask = () => Promise.resolve({ embedding: Float32Array.from([1, 0]), model: 'net@1' });
    Object.assign(under.classifiers.pictures, { ask });
    const camerasOf = async (role: Role) => {
      const headers = { cookie: cookies.get(role)! };
      const answer = await post(
        under,
        '/api/v1/search/similar',
        { picture: MARK.toString('base64') },
        headers,
      );
      return ((await answer.json()) as SimilarTracks).similar.map(({ track }) => track.camera).sort();
    };
    expect(await camerasOf('admin')).toEqual(['gate', 'gate', 'yard', 'yard']);
    expect(await camerasOf('viewer')).toEqual(['yard', 'yard']);
    const groups = (await (await get('search/groups')).json()) as LookGroups;
    expect(groups.looked).toBe(2);
    expect(((await (await get('search/groups', 'admin')).json()) as LookGroups).looked).toBe(4);
  });
});
