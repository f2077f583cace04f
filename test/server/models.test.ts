import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { AppError } from '../../src/base/index.js';
import type { CatalogueModelView, ModelList, ModelPullView, ModelView } from '../../src/server/index.js';
import { idleHost } from '../support/idle-host.js';
import { waitFor } from '../support/wait-for.js';
import { setUp, signedIn } from './signed-in.js';
import { ServerUnderTest } from './server-under-test.js';

const ready: ModelView = {
  id: 'own',
  state: 'ready',
  cameras: ['gate', 'yard'],
  model: 'lynx@sha256:0123456789ab',
  family: 'yolox',
  precision: 'int8',
  provider: 'cpu',
  input: { width: 416, height: 416 },
  labels: ['person'],
  speed: { pictures: 900, window: 256, p50Ms: 21.5, p95Ms: 24 },
  fallbacks: [{ provider: 'cuda', reason: '/usr/lib/libcuda.so.1 is missing' }],
};
const failed: ModelView = {
  id: 'lost',
  state: 'failed',
  cameras: ['yard'],
  reason: 'no file /srv/lost.onnx',
};

let under: ServerUnderTest;
let ada: string;
beforeAll(async () => {
  under = await ServerUnderTest.open();
  under.models = [ready, failed];
  ada = await setUp(under);
});
afterAll(() => under.tearDown());

async function models(cookie: string): Promise<readonly ModelView[]> {
  const response = await under.fetch('/api/v1/models', { headers: { cookie } });
  return ((await response.json()) as ModelList).models;
}

describe('GET /api/v1/models', () => {
  it('tells administrators and operators everything', async () => {
    expect(await models(ada)).toEqual([ready, failed]);
    expect(await models(await signedIn(under, 'olga', 'operator'))).toEqual([ready, failed]);
  });

  it('tells a viewer what runs where and how fast, of the cameras granted, but no reasons, which name files', async () => {
    const { fallbacks: _, ...known } = ready;
    expect(await models(await signedIn(under, 'vera', 'viewer', ['gate']))).toEqual([
      { ...known, cameras: ['gate'] },
      { id: 'lost', state: 'failed', cameras: [] },
    ]);
  });

  it('tells one alone, and of one that is not there that it is not', async () => {
    const ask = (id: string) => under.fetch(`/api/v1/models/${id}`, { headers: { cookie: ada } });
    expect(await (await ask('own')).json()).toEqual(ready);
    const none = await ask('none');
    expect([none.status, ((await none.json()) as { code: string }).code]).toEqual([404, 'server/no-such-model']); // prettier-ignore
  });
});

describe('the catalogue’s models', () => {
  const entry: CatalogueModelView = { name: 'lynx', task: 'detect', family: 'lynx', licence: 'AGPL-3.0', isPermissive: false, origin: 'https://example.org/lynx', input: '320×320', presence: 'no' }; // prettier-ignore
  const running: ModelPullView = { state: 'running', bytes: 0, totalBytes: 5000 };
  const address = '/api/v1/models/catalogue/lynx/pull';
  const send = (method: string, cookie: string, body?: object) =>
    under.fetch(address, {
      method,
      headers: { cookie, origin: under.server.url, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const codeOf = async (response: Response) => [response.status, ((await response.json()) as { code: string }).code]; // prettier-ignore
  afterEach(() => void (under.catalogue = idleHost.models));

  it('are pulled for an administrator, who is answered at once, and noted with the licence that was accepted', async () => {
    const asked: unknown[] = [];
    under.catalogue = {
      ...idleHost.models,
      pull: (...args) => Promise.resolve((asked.push(args), running)),
      cancelPull: (name) => Promise.resolve(void asked.push(name)),
    };
    const begun = await send('POST', ada, { acceptLicence: 'AGPL-3.0' });
    expect([begun.status, await begun.json()]).toEqual([202, running]);
    expect((await send('DELETE', ada)).status).toBe(204);
    expect(asked).toEqual([['lynx', ['AGPL-3.0']], 'lynx']);
    const noted = async () => {
      const response = await under.fetch('/api/v1/audit', { headers: { cookie: ada } });
      const { entries } = (await response.json()) as { entries: { what: string; target: string; detail: string }[] }; // prettier-ignore
      const ours = entries.filter(({ what }) => what.startsWith('model.'));
      return ours.length === 2 ? ours.map(({ what, target, detail }) => [what, target, detail]) : undefined;
    };
    expect(await waitFor(noted, { timeoutMs: 10_000, what: 'the entries of the audit log' })).toEqual([
      ['model.pull-cancel', '', address],
      ['model.pull', 'lynx', 'accepts AGPL-3.0'],
    ]);
  });

  it('are pulled for nobody else, and nothing but what the API knows is asked for', async () => {
    let asked = 0;
    under.catalogue = { ...idleHost.models, pull: () => Promise.resolve((asked++, running)) };
    const oscar = await signedIn(under, 'oscar', 'operator');
    expect(await codeOf(await send('POST', oscar, {}))).toEqual([403, 'server/forbidden']);
    expect(await codeOf(await send('DELETE', oscar))).toEqual([403, 'server/forbidden']);
    expect(await codeOf(await send('POST', ada, { url: 'https://example.org/x.onnx' }))).toEqual([422, 'server/invalid-body']); // prettier-ignore
    expect(await codeOf(await send('POST', ada, { acceptLicence: 'a\nb' }))).toEqual([422, 'server/invalid-body']); // prettier-ignore
    expect(asked).toBe(0);
  });

  it('say which licence must be accepted, and of one that is not there that it is not', async () => {
    under.catalogue = {
      ...idleHost.models,
      pull: () =>
        Promise.reject(new AppError('model/licence-not-accepted', 'input', 'lynx is under AGPL-3.0')),
    };
    expect(await codeOf(await send('POST', ada, {}))).toEqual([422, 'model/licence-not-accepted']);
    under.catalogue = idleHost.models;
    expect(await codeOf(await send('POST', ada, {}))).toEqual([404, 'model/not-found']);
  });

  it('tell everyone how a pull goes, but why it failed to operators and administrators alone', async () => {
    const pull: ModelPullView = { state: 'failed', bytes: 9, reason: '/srv/cache is full' };
    under.catalogue = { ...idleHost.models, catalogue: () => Promise.resolve([{ ...entry, pull }]) };
    const pullFor = async (cookie: string) => {
      const response = await under.fetch('/api/v1/models', { headers: { cookie } });
      return ((await response.json()) as ModelList).catalogue[0]!.pull;
    };
    expect(await pullFor(ada)).toEqual(pull);
    expect(await pullFor(await signedIn(under, 'olaf', 'operator'))).toEqual(pull);
    expect(await pullFor(await signedIn(under, 'vito', 'viewer'))).toEqual({ state: 'failed', bytes: 9 });
  });
});
