import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { App } from '../../src/app/index.js';
import { silentLog } from '../../src/base/index.js';
import { loadConfig } from '../../src/config/index.js';
import { boxIou } from '../../src/geometry/index.js';
import type {
  EventPage,
  FollowedView,
  FrameMessage,
  Problem,
  RulesTrial,
  ServerMessage,
  TrackMessage,
  TrackPage,
} from '../../src/server/protocol.js';
import { waitFor } from '../support/wait-for.js';

const demo = path.resolve('streams/demo.mp4');
const describeWithDemo = existsSync(demo) ? describe : describe.skip;
const config = `server: { port: 0 }
data: { dir: data }
engine: { workers: 1 }
cameras:
  demo:
    source: ${demo}
    analyse: { fps: 5 }
    zones: { street: { polygon: [[0, 0], [1, 0], [1, 1], [0, 1]] } }
    rules: [{ name: someone, type: inside, zone: street }]
`;

let dir: string;
let app: App;
let socket: WebSocket;
let cookie: string;
const messages: ServerMessage[] = [];

beforeAll(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'sightline-follow-'));
  const configPath = path.join(dir, 'sightline.yaml');
  await writeFile(configPath, config);
  app = await App.open({ config: await loadConfig(configPath, {}), configPath, env: {}, version: '0', log: silentLog }); // prettier-ignore
  const set = await call('POST', '/api/v1/setup', { code: app.setupCode, name: 'ada', password: 'lamp otter quartz' }); // prettier-ignore
  cookie = set.headers.getSetCookie()[0]!.split(';')[0]!;
  socket = new WebSocket(`${app.url.replace('http', 'ws')}/api/v1/stream`, 'sightline.v1', { headers: { cookie, origin: app.url } }); // prettier-ignore
  socket.on('open', () => socket.send(JSON.stringify({ type: 'subscribe', cameras: '*', topics: ['track', 'frame'], since: 0 }))); // prettier-ignore
  socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString()) as ServerMessage));
}, 60_000);
afterAll(async () => {
  socket.terminate();
  await app.close();
  await rm(dir, { recursive: true, force: true });
});

function call(method: string, address: string, body?: unknown): Promise<Response> {
  return fetch(new URL(address, app.url), {
    method,
    headers: { origin: app.url, ...(cookie && { cookie }), ...(body !== undefined && { 'content-type': 'application/json' }) }, // prettier-ignore
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}
const frames = () => messages.filter((message): message is FrameMessage => message.type === 'frame');
const until = <T>(what: string, test: () => T | Promise<T>) => waitFor(test, { timeoutMs: 60_000, what });
const told = (type: TrackMessage['type'], id: string) =>
  until(
    `${type} of ${id}`,
    () =>
    messages.find((message): message is TrackMessage & { seq: number } => message.type === type && 'track' in message && message.track.id === id), // prettier-ignore
  );

describeWithDemo('following a box', () => {
  it('has a track of its own that stays with the object, and ends when it is released', async () => {
    // One in the middle of the picture that is seen well and has hardly moved since the frame before, however long ago that was: it will
    // be there for some frames more. And long before the clip begins anew, which ends all tracks.
    const object = await until('an object', () => {
      const [before, last] = frames().slice(-2);
      if (before === undefined || last === undefined || last.ptsMs > 18_000) return undefined;
      return last.objects.find(({ track, state, box }) => {
        const was = before.objects.find((one) => one.track === track);
        const isWithin = state === 'tracked' && box[0] > 40 && box[2] < 600;
        return isWithin && was !== undefined && boxIou(was.box, box) > 0.75;
      });
    });
    const answer = await call('POST', '/api/v1/cameras/demo/follow', { box: object.box, label: 'thief' });
    expect(answer.status).toBe(201);
    const { id, number } = (await answer.json()) as FollowedView;
    expect(await told('track.started', id)).toMatchObject({ track: { label: 'thief' } });
    const overlaps = await until('frames with both', () => {
      const both = frames().flatMap(({ objects }) => {
        const followed = objects.find(({ track }) => track === number);
        const seen = objects.find(({ track, state }) => track === object.track && state === 'tracked');
        return followed === undefined || seen === undefined ? [] : [boxIou(followed.box, seen.box)];
      });
      return both.length >= 4 ? both : undefined;
    });
    expect(overlaps.filter((iou) => iou > 0.3).length).toBeGreaterThanOrEqual(3);
    expect((await call('DELETE', `/api/v1/cameras/demo/follow/${id}`)).status).toBe(204);
    await told('track.ended', id);
    const again = (await (await call('DELETE', `/api/v1/cameras/demo/follow/${id}`)).json()) as Problem;
    expect(again.code).toBe('server/not-followed');
  }, 120_000);

  it('refuses what cannot be followed, and says why', async () => {
    const codeOf = async (address: string, body: unknown) =>
      ((await (await call('POST', address, body)).json()) as Problem).code;
    const address = '/api/v1/cameras/demo/follow';
    expect(await codeOf(address, { box: [900, 0, 1000, 50] })).toBe('engine/bad-box');
    expect(await codeOf(address, { box: [1, 2, 3] })).toBe('server/invalid-body');
    expect(await codeOf('/api/v1/cameras/none/follow', { box: [0, 0, 9, 9] })).toBe('server/no-such-camera');
  });
});

describeWithDemo('trying rules', () => {
  const span = () => ({
    camera: 'demo',
    from: new Date(Date.now() - 3_600_000).toISOString(),
    to: new Date(Date.now() + 1000).toISOString(),
  });
  const trial = async (body: object): Promise<RulesTrial> =>
    (await (await call('POST', '/api/v1/rules/try', { ...span(), ...body })).json()) as RulesTrial;
  const list = async <T>(address: string): Promise<T> => (await (await call('GET', address)).json()) as T;

  it('finds the events that the same rule had, those that another would have had, and those that would be gone', async () => {
    // Those of a few seconds: a path is thinned, and whoever is there for a moment is there a moment longer or shorter.
    const known = await until('events whose tracks are over', async () => {
      const { tracks }: TrackPage = await list('/api/v1/tracks?limit=500');
      const over = new Set(tracks.filter(({ hasPath }) => hasPath).map(({ id }) => id));
      const { events }: EventPage = await list('/api/v1/events?limit=500');
      const long = events.filter(({ event: { startedAt, endedAt, tracks: of } }) => Date.parse(endedAt ?? '') - Date.parse(startedAt) >= 3000 && of.every(({ id }) => over.has(id))); // prettier-ignore
      return long.length >= 3 ? long : undefined;
    });

    const same = await trial({ rules: [{ name: 'someone', type: 'inside', zone: 'street' }] });
    expect(same.tracks).toBeGreaterThanOrEqual(3);
    const missed = known.filter(({ event }) => same.gone.includes(event.id));
    expect(missed.length).toBeLessThanOrEqual(known.length / 3);

    const other = await trial({
      rules: [{ name: 'never', type: 'inside', zone: 'street', labels: ['zebra'] }],
    });
    expect(other).toMatchObject({ events: [], new: [], changed: [] });
    expect(other.gone.length).toBeGreaterThanOrEqual(known.length);

    const elsewhere = await trial({
      zones: { left: { polygon: [[0, 0], [0.5, 0], [0.5, 1], [0, 1]] } }, // prettier-ignore
      rules: [{ name: 'on-the-left', type: 'inside', zone: 'left' }],
    });
    expect(elsewhere.events.length).toBeGreaterThan(0);
    expect(elsewhere.new).toHaveLength(elsewhere.events.length);
    for (const { zone, tracks: of } of elsewhere.events) expect([zone, of.every(({ id }) => id.startsWith('demo-'))]).toEqual(['left', true]); // prettier-ignore
  }, 120_000);

  it('refuses rules as the configuration file would, and spans that are too long', async () => {
    const refused = async (body: object) =>
      (await (await call('POST', '/api/v1/rules/try', { ...span(), ...body })).json()) as Problem;
    expect(await refused({ rules: [{ name: 'a', type: 'inside', zone: 'streat' }] })).toMatchObject({
      code: 'config/invalid-value',
      detail: expect.stringContaining('street'),
    });
    expect(await refused({ rules: [], from: '2020-01-01T00:00:00Z' })).toMatchObject({ code: 'server/invalid-body' }); // prettier-ignore
    expect(await refused({ rules: [], camera: 'none' })).toMatchObject({ code: 'server/no-such-camera' });
  });
});
