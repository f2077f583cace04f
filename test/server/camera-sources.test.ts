import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DiscoveredView, Problem, UploadView } from '../../src/server/index.js';
import { waitFor } from '../support/wait-for.js';
import { post, setUp, signedIn } from './signed-in.js';
import { ServerUnderTest } from './server-under-test.js';

let under: ServerUnderTest;
let ada: string;
beforeEach(async () => {
  under = await ServerUnderTest.open();
  ada = await setUp(under);
});
afterEach(() => under.tearDown());

const codeOf = async (response: Response) => [response.status, ((await response.json()) as Problem).code];

describe('POST /api/v1/cameras/discover', () => {
  const search = (cookie = ada) => post(under, '/api/v1/cameras/discover', {}, { cookie });

  it('tells who answered, and notes that somebody asked', async () => {
    const devices: DiscoveredView[] = [{ address: '10.0.0.7', name: 'gate' }];
    under.discoverCameras = () => Promise.resolve(devices);
    expect(await (await search()).json()).toEqual({ devices });
    await waitFor(
      async () =>
        (await (await under.fetch('/api/v1/audit', { headers: { cookie: ada } })).text()).includes(
          'camera.discover',
        ),
      { timeoutMs: 20_000, what: 'the entry in the audit log' },
    );
  });

  it('searches once at a time, and ten times a minute', async () => {
    let answer: (devices: DiscoveredView[]) => void = () => undefined;
    under.discoverCameras = () => new Promise((resolve) => (answer = resolve));
    const first = search();
    await waitFor(() => answer !== undefined, { timeoutMs: 5000, what: 'the first search' });
    await waitFor(async () => (await codeOf(await search()))[0] === 503, {
      timeoutMs: 5000,
      what: 'a refusal',
    });
    answer([]);
    expect((await first).status).toBe(200);
    under.discoverCameras = () => Promise.resolve([]);
    const statuses = [];
    for (let count = 0; count < 12; count++) statuses.push((await search()).status);
    expect(statuses).toContain(200);
    expect(statuses.at(-1)).toBe(503);
  });

  it('ends when nobody waits for its answer', async () => {
    let isEnded = false;
    under.discoverCameras = (signal) =>
      new Promise((resolve) =>
        signal.addEventListener('abort', () => {
          isEnded = true;
          resolve([]);
        }),
      );
    const gone = new AbortController();
    const asked = under.fetch('/api/v1/cameras/discover', {
      method: 'POST',
      headers: { cookie: ada, origin: under.server.url },
      signal: gone.signal,
    });
    setImmediate(() => setTimeout(() => gone.abort(), 50));
    await expect(asked).rejects.toThrow();
    await waitFor(() => isEnded, { timeoutMs: 20_000, what: 'the end of the search' });
  });

  it('is for those who may change the configuration', async () => {
    const vera = await signedIn(under, 'vera', 'operator');
    expect(await codeOf(await search(vera))).toEqual([403, 'server/forbidden']);
  });
});

describe('PUT /api/v1/uploads/:id', () => {
  const taken: [string, number, number][] = [];
  const view: UploadView = { id: 'a', bytes: 5, received: 0, pieceBytes: 4 << 20 };
  beforeEach(() => {
    taken.length = 0;
    under.uploads = {
      begin: () => Promise.resolve(view),
      add: (id, from, piece) => {
        taken.push([id, from, piece.length]);
        return Promise.resolve({ ...view, received: from + piece.length });
      },
    };
  });
  const put = (query: string, body: Uint8Array | string, type = 'application/octet-stream') =>
    under.fetch(`/api/v1/uploads/a${query}`, {
      method: 'PUT',
      body: body as string,
      headers: { cookie: ada, origin: under.server.url, 'content-type': type },
    });

  it('takes bytes up to 4 MiB as they are', async () => {
    expect(await (await put('?from=7', new Uint8Array(4 << 20))).json()).toMatchObject({
      received: 7 + (4 << 20),
    });
    expect(taken).toEqual([['a', 7, 4 << 20]]);
  });

  it('refuses more, nothing, other types, and what has no place', async () => {
    expect(await codeOf(await put('?from=0', new Uint8Array((4 << 20) + 1)))).toEqual([
      413,
      'server/body-too-large',
    ]);
    expect(await codeOf(await put('?from=0', ''))).toEqual([400, 'server/bad-body']);
    expect(await codeOf(await put('?from=0', '{}', 'application/json'))).toEqual([
      415,
      'server/unsupported-body',
    ]);
    expect(await codeOf(await put('', 'x'))).toEqual([400, 'server/bad-query']);
    expect(await codeOf(await put('?from=-1', 'x'))).toEqual([400, 'server/bad-query']);
    expect(taken).toEqual([]);
  });
});
