import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConfigFile } from '../../src/config/index.js';
import type { Problem } from '../../src/server/index.js';
import { setUp, signedIn } from './signed-in.js';
import { ServerUnderTest } from './server-under-test.js';

const ADDRESS = '/api/v1/config';

let under: ServerUnderTest;
let file: string;
let admin: string;

beforeAll(async () => {
  under = await ServerUnderTest.open();
  admin = await setUp(under);
});
afterAll(() => under.tearDown());

const get = (headers: Record<string, string> = {}) => under.fetch(ADDRESS, { headers: { cookie: admin, ...headers } }); // prettier-ignore
const patch = (body: unknown, headers: Record<string, string> = {}) =>
  under.fetch(ADDRESS, {
    method: 'PATCH',
    body: JSON.stringify(body),
    headers: { cookie: admin, origin: under.server.url, 'content-type': 'application/json', ...headers },
  });
async function expectCode(response: Response, status: number, code: string): Promise<Problem> {
  const problem = (await response.json()) as Problem;
  expect([response.status, problem.code]).toEqual([status, code]);
  return problem;
}

describe('the configuration of a server without a file', () => {
  it('is a conflict that says how to have one', async () => {
    const { detail } = await expectCode(await get(), 409, 'config/no-file');
    expect(detail).toContain('--config');
    await expectCode(await patch({}, { 'if-match': '"x"' }), 409, 'config/no-file');
  });
});

describe('the configuration', () => {
  beforeAll(async () => {
    file = path.join(under.dir, 'sightline.yaml');
    await writeFile(file, 'cameras:\n  gate: { source: "rtsp://user:topsecret@gate.lan/1" } # ours\n');
    under.configFile = new ConfigFile({ file, env: {}, labels: [], apply: () => Promise.resolve() });
    // The server took the dependency when it opened.
    await under.stop();
    await under.start();
  });

  it('Z4: is told to administrators, without secrets', async () => {
    const response = await get();
    expect(await response.json()).toEqual({ cameras: { gate: { source: 'rtsp://user:***@gate.lan/1' } } });
    const operator = await signedIn(under, 'olga', 'operator');
    await expectCode(await get({ cookie: operator }), 403, 'server/forbidden');
  });

  it('is not sent again to who has it', async () => {
    const etag = (await get()).headers.get('etag')!;
    expect(etag).toMatch(/^"[^"]+"$/);
    // Without cache-control, Node's fetch asks for a fresh answer.
    expect((await get({ 'if-none-match': etag, 'cache-control': 'max-age=0' })).status).toBe(304);
  });

  it('C9: is changed for the state that If-Match names alone, and the answer has the tag of the next', async () => {
    await expectCode(await patch({}), 428, 'server/if-match-required');
    await expectCode(await patch({}, { 'if-match': '*' }), 428, 'server/if-match-required');
    const etag = (await get()).headers.get('etag')!;
    const changed = await patch({ cameras: { gate: { name: 'Gate' } } }, { 'if-match': etag });
    expect(changed.status).toBe(200);
    expect(await changed.json()).toMatchObject({ cameras: { gate: { name: 'Gate' } } });
    expect(changed.headers.get('etag')).toBe((await get()).headers.get('etag'));
    await expectCode(await patch({ cameras: { gate: { name: 'x' } } }, { 'if-match': etag }), 412, 'config/changed-meanwhile'); // prettier-ignore
    const text = await readFile(file, 'utf8');
    expect(text).toContain('topsecret@gate.lan');
    expect(text).toContain('# ours');
    expect(text).toContain('Gate');
  });

  it('C7, C8: is not changed where a path is named, nor by a page of another origin', async () => {
    const etag = (await get()).headers.get('etag')!;
    await expectCode(await patch({ ffmpeg: { path: '/tmp/x' } }, { 'if-match': etag }), 403, 'config/file-only'); // prettier-ignore
    await expectCode(await patch({}, { 'if-match': etag, origin: 'https://evil.example' }), 403, 'server/foreign-origin'); // prettier-ignore
    await expectCode(await patch({ cameras: { gate: { nmae: 1 } } }, { 'if-match': etag }), 400, 'config/unknown-key'); // prettier-ignore
  });

  it('R13: takes no zone of very many corners', async () => {
    const etag = (await get()).headers.get('etag')!;
    const corner = (n: number, of: number) => [0.5 + 0.4 * Math.cos((2 * Math.PI * n) / of), 0.5 + 0.4 * Math.sin((2 * Math.PI * n) / of)]; // prettier-ignore
    const zone = (corners: number) => ({ cameras: { gate: { zones: { drive: { polygon: Array.from({ length: corners }, (_, n) => corner(n, corners)) } } } } }); // prettier-ignore
    await expectCode(await patch(zone(9000), { 'if-match': etag }), 400, 'server/bad-body');
    await expectCode(await patch(zone(200), { 'if-match': etag }), 400, 'config/invalid-value');
    expect((await patch(zone(20), { 'if-match': etag })).status).toBe(200);
  });

  it('leaves in the audit log who changed which keys', async () => {
    const response = await under.fetch('/api/v1/audit', { headers: { cookie: admin } });
    const text = await response.text();
    expect(text).toContain('config.change');
    expect(text).toContain('cameras.gate.name');
    expect(text).not.toContain('topsecret');
  });
});
