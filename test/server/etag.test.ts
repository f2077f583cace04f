import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EventMessage } from '../../src/events/index.js';
import type { Problem } from '../../src/server/index.js';
import { PASSWORD, post, setUp } from './signed-in.js';
import { ServerUnderTest } from './server-under-test.js';

let under: ServerUnderTest;
let cookie: string;
let vera: string;
beforeAll(async () => {
  under = await ServerUnderTest.open();
  cookie = await setUp(under);
  const made = await post(under, '/api/v1/users', { name: 'vera', password: PASSWORD, role: 'viewer' }, { cookie }); // prettier-ignore
  vera = `/api/v1/users/${((await made.json()) as { id: string }).id}`;
  const time = '2026-05-04T09:30:00.000Z';
  const event = { id: 'e1', rule: { name: 'r', type: 'enter', version: '1' }, severity: 'info', tracks: [], startedAt: time } as const; // prettier-ignore
  await under.store.journal.append({ v: 1, type: 'event.started', camera: 'gate', time, epoch: 1, ptsMs: 0, frame: { width: 640, height: 360 }, model: 'm@1', event } satisfies EventMessage); // prettier-ignore
});
afterAll(() => under.tearDown());

const ask = (method: string, address: string, headers: Record<string, string> = {}, body?: unknown) =>
  under.fetch(address, {
    method,
    // With a header of its own, fetch says `no-cache` else, which asks for a whole answer.
    headers: { cookie, origin: under.server.url, 'content-type': 'application/json', 'cache-control': 'max-age=0', ...headers }, // prettier-ignore
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
const tagOf = async (address: string) => (await ask('GET', address)).headers.get('etag')!;
const outcome = async (response: Response) => [response.status, ((await response.json()) as Problem).code];

describe('what is read again', () => {
  it.each([
    'cameras',
    'cameras/gate',
    'events',
    'events/e1',
    'tracks',
    'models',
    'users',
    'tokens',
    'me',
    'me/layouts',
    'openapi.json',
  ])('%s is answered by 304 to who has it', async (name) => {
    const address = `/api/v1/${name}`;
    const etag = await tagOf(address);
    expect(etag).toMatch(/^(W\/)?"[^"]+"$/);
    const again = await ask('GET', address, { 'if-none-match': etag });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect((await ask('GET', address, { 'if-none-match': `"other", ${etag}` })).status).toBe(304);
    expect((await ask('GET', address, { 'if-none-match': '"other"' })).status).toBe(200);
  });

  it('is answered anew once it has changed', async () => {
    const before = await tagOf('/api/v1/cameras');
    const camera = under.camera;
    under.camera = { ...camera, state: 'reconnecting' };
    expect((await ask('GET', '/api/v1/cameras', { 'if-none-match': before })).status).toBe(200);
    under.camera = camera;
    expect(await tagOf('/api/v1/cameras')).toBe(before);
  });

  it('has a strong tag where it can be changed, and a weak one where it cannot', async () => {
    for (const address of [vera, '/api/v1/events/e1']) expect(await tagOf(address)).toMatch(/^"/);
    for (const address of ['/api/v1/users', '/api/v1/events']) expect(await tagOf(address)).toMatch(/^W\//);
  });
});

describe('a change with If-Match', () => {
  it('is made for the state that it names alone, and the answer has the tag of the next', async () => {
    const etag = await tagOf(vera);
    const changed = await ask('PATCH', vera, { 'if-match': etag }, { cameras: ['gate'] });
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).toBe(await tagOf(vera));
    expect(changed.headers.get('etag')).not.toBe(etag);
    expect(await outcome(await ask('PATCH', vera, { 'if-match': etag }, { role: 'operator' }))).toEqual([412, 'server/changed-meanwhile']); // prettier-ignore
    expect(await (await ask('GET', vera)).json()).toMatchObject({ role: 'viewer', cameras: ['gate'] });
  });

  it('is refused for a weak tag, taken for * and for one of several, and needs none', async () => {
    const etag = await tagOf(vera);
    expect((await ask('PATCH', vera, { 'if-match': `W/${etag}` }, {})).status).toBe(412);
    expect((await ask('PATCH', vera, { 'if-match': `"other", ${etag}` }, {})).status).toBe(200);
    expect((await ask('PATCH', vera, { 'if-match': '*' }, {})).status).toBe(200);
    expect((await ask('PATCH', vera, {}, {})).status).toBe(200);
  });

  it('of two made at once only one is made', async () => {
    const etag = await tagOf(vera);
    const both = await Promise.all(['gate', 'yard'].map((camera) => ask('PATCH', vera, { 'if-match': etag }, { cameras: ['gate', camera, 'x'] }))); // prettier-ignore
    expect(both.map(({ status }) => status).sort()).toEqual([200, 412]);
  });

  it('keeps an event as it was seen, or does not', async () => {
    const address = '/api/v1/events/e1';
    const etag = await tagOf(address);
    expect((await ask('PUT', `${address}/mark`, { 'if-match': etag }, { marked: true })).status).toBe(200);
    expect(await outcome(await ask('PUT', `${address}/mark`, { 'if-match': etag }, { marked: false }))).toEqual([412, 'server/changed-meanwhile']); // prettier-ignore
    expect(await (await ask('GET', address)).json()).toMatchObject({ marked: true });
  });

  it('removes nobody who has changed since', async () => {
    expect(await outcome(await ask('DELETE', vera, { 'if-match': '"other"' }))).toEqual([412, 'server/changed-meanwhile']); // prettier-ignore
    expect((await ask('DELETE', vera, { 'if-match': await tagOf(vera) })).status).toBe(204);
  });
});
