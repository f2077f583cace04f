import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ModelList, ModelView } from '../../src/server/index.js';
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
