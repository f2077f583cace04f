import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Problem, WallLayoutList } from '../../src/server/index.js';
import { setUp, signedIn, signIn } from './signed-in.js';
import { ServerUnderTest } from './server-under-test.js';

const ADDRESS = '/api/v1/me/layouts';
const yard = { name: 'Yard', cameras: ['gate', 'yard'], columns: 2 };
const night = { name: 'Night', cameras: ['gate'] };

let under: ServerUnderTest;
let ada: string;
let vera: string;
beforeAll(async () => {
  under = await ServerUnderTest.open();
  ada = await setUp(under);
  vera = await signedIn(under, 'vera', 'viewer', ['gate']);
});
afterAll(() => under.tearDown());

async function read(cookie: string) {
  const response = await under.fetch(ADDRESS, { headers: { cookie } });
  return { ...((await response.json()) as WallLayoutList), etag: response.headers.get('etag')! };
}
const put = (cookie: string, layouts: unknown, etag?: string) =>
  under.fetch(ADDRESS, {
    method: 'PUT',
    headers: { cookie, origin: under.server.url, 'content-type': 'application/json', ...(etag !== undefined && { 'if-match': etag }) }, // prettier-ignore
    body: JSON.stringify({ layouts }),
  });
const outcome = async (response: Response) => [response.status, ((await response.json()) as Problem).code];

describe('layouts of the wall', () => {
  it('are kept for whoever made them, a viewer too, wherever they sign in', async () => {
    const before = await read(vera);
    expect(before.layouts).toEqual([]);
    const kept = await put(vera, [yard, night], before.etag);
    expect([kept.status, await kept.json()]).toEqual([200, { layouts: [yard, night] }]);
    const elsewhere = await read(await signIn(under, 'vera'));
    expect(elsewhere).toEqual({ layouts: [yard, night], etag: kept.headers.get('etag') });
    expect((await read(ada)).layouts).toEqual([]);
  });

  it('are not lost to a page that has not seen the newest of them', async () => {
    const { etag } = await read(ada);
    expect((await put(ada, [yard], etag)).status).toBe(200);
    expect(await outcome(await put(ada, [night], etag))).toEqual([412, 'server/changed-meanwhile']);
    expect(await outcome(await put(ada, [night]))).toEqual([428, 'server/if-match-required']);
    const now = await read(ada);
    expect(now.layouts).toEqual([yard]);
    // Of two at once, one is first.
    const both = await Promise.all([put(ada, [night], now.etag), put(ada, [yard, night], now.etag)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 412]);
  });

  it.each([
    ['more than 50', Array.from({ length: 51 }, (_, at) => ({ name: `${at}`, cameras: [] }))],
    [
      'one of more than 36 cameras',
      [{ name: 'all', cameras: Array.from({ length: 37 }, (_, at) => `c${at}`) }],
    ],
    ['two of one name', [yard, { ...night, name: 'Yard' }]],
    ['a name with a line break', [{ ...yard, name: 'a\nb' }]],
    ['what is no camera id', [{ ...yard, cameras: ['../etc'] }]],
    ['seven columns', [{ ...yard, columns: 7 }]],
    ['keys of its own', [{ ...yard, colour: 'red' }]],
  ])('are refused with %s', async (_, layouts) => {
    const { etag, layouts: before } = await read(vera);
    expect(await outcome(await put(vera, layouts, etag))).toEqual([422, 'server/invalid-body']);
    expect((await read(vera)).layouts).toEqual(before);
  });

  it('survive a restart, and go with their user', async () => {
    await under.stop();
    await under.start();
    expect((await read(vera)).layouts).toEqual([yard, night]);
    const { id } = under.accounts.users.list().find(({ name }) => name === 'vera')!;
    const headers = { cookie: ada, origin: under.server.url };
    expect((await under.fetch(`/api/v1/users/${id}`, { method: 'DELETE', headers })).status).toBe(204);
    expect(await under.store.table('access').read('layouts', id)).toBeUndefined();
  });
});
