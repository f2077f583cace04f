import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App } from '../../src/app/index.js';
import { silentLog } from '../../src/base/index.js';
import { loadConfig } from '../../src/config/index.js';
import { ensureDefaultDetector } from '../../src/inference/index.js';
import type { ModelList, ModelView, Readiness } from '../../src/server/protocol.js';
import { MirrorServer } from '../catalogue/mirror-server.js';
import { makeClip } from '../support/clips.js';
import { sharedDir } from '../support/shared-data.js';
import { waitFor } from '../support/wait-for.js';

/** A provider that this platform does not have. */
const ABSENT = process.platform === 'darwin' ? 'dml' : 'coreml';
const YUNET = path.join(sharedDir, 'models', 'yunet_n_dynamic.onnx');
const itWithYunet = existsSync(YUNET) ? it : it.skip;

describe('a camera with a model of its own', () => {
  let dir: string;
  let app: App;
  let model: string;
  let mirror: MirrorServer;
  const env = () => ({ SIGHTLINE_CACHE_DIR: path.join(dir, 'cache'), SIGHTLINE_MODEL_MIRROR: mirror.url });

  beforeAll(async () => {
    mirror = await MirrorServer.open();
    dir = await mkdtemp(path.join(tmpdir(), 'sightline-models-'));
    model = await ensureDefaultDetector({ cacheDir: path.join(dir, 'cache'), log: silentLog });
    const config = await loadConfig(await writeConfig(`file: ${model}`), env());
    app = await App.open({
      config,
      configPath: path.join(dir, 'sightline.yaml'),
      env: env(),
      version: '0.0.0',
      log: silentLog,
    });
  });
  afterAll(async () => {
    await app.close();
    await mirror.close();
    await rm(dir, { recursive: true });
  });

  async function writeConfig(own: string): Promise<string> {
    const { path: clip } = await makeClip({ fps: 5, seconds: 4, gopFrames: 5, container: 'mp4' });
    const configPath = path.join(dir, 'sightline.yaml');
    await writeFile(
      configPath,
      `server: { port: 0 }
data: { dir: data }
engine: { workers: 1 }
models:
  own: { ${own}, provider: ${ABSENT} }
cameras:
  gate: { source: ${clip}, analyse: { model: own, width: 64, fps: 1, detect: [person, unicorn] } }
`,
    );
    return configPath;
  }
  const readyz = async () => (await (await fetch(new URL('/readyz', app.url))).json()) as Readiness;
  const stateOf = ({ engine }: Readiness) => engine?.models.find(({ id }) => id === 'own')?.state;

  it('says where it runs, why not elsewhere, and which labels it does not know', async () => {
    const ready = await waitFor(
      async () => {
        const answer = await readyz();
        return answer.ready ? answer : undefined;
      },
      { timeoutMs: 20_000, what: 'the model' },
    );
    expect(ready.engine?.models).toEqual([
      {
        id: 'own',
        state: 'ready',
        model: expect.stringMatching(/^centernet-coco@sha256:/),
        family: 'centernet',
        provider: 'cpu',
        fallbacks: [{ provider: ABSENT, reason: expect.stringMatching(/only$/) }],
      },
    ]);
    expect(ready.warnings).toEqual([expect.stringMatching(/^camera gate: .* own has no label unicorn;/)]);
    const metrics = await (await fetch(new URL('/metrics', app.url))).text();
    expect(metrics).toMatch(
      new RegExp(`sightline_provider_fallbacks_total\\{model="centernet[^"]*",provider="${ABSENT}"\\} 1`),
    );
  });

  it('is told with its file’s precision and input, and how long it takes here, as is the catalogue', async () => {
    const list = async () => (await (await fetch(new URL('/api/v1/models', app.url))).json()) as ModelList;
    const own = await waitFor(
      async () => (await list()).models.find(({ id, speed }) => id === 'own' && speed !== undefined),
      { timeoutMs: 20_000, what: 'a picture' },
    );
    expect(own).toMatchObject({
      state: 'ready',
      cameras: ['gate'],
      model: expect.stringMatching(/^centernet-coco@sha256:/),
      precision: 'float32',
      provider: 'cpu',
      input: { multipleOf: 32 },
      labels: expect.arrayContaining(['person']),
    });
    // The name that a file gives itself says nothing of its licence.
    expect(own.licence).toBeUndefined();
    expect(own.speed!.p50Ms).toBeGreaterThan(0);
    expect(own.speed!.p95Ms).toBeGreaterThanOrEqual(own.speed!.p50Ms);
    const { catalogue } = await list();
    expect(catalogue.find(({ name }) => name === 'centernet-coco')).toMatchObject({ licence: 'MIT', isPermissive: true, presence: 'built in' }); // prettier-ignore
    expect(catalogue.find(({ name }) => name === 'yolox-nano')).toMatchObject({ presence: 'no', megabytes: 3.7, input: '416×416' }); // prettier-ignore
    expect((await fetch(new URL('/api/v1/models/own', app.url))).status).toBe(200);
  });

  it('goes on with it when another file is asked for that is no model, and says so until that is mended', async () => {
    await writeConfig('file: package.json');
    const refused = await waitFor(
      async () => {
        const answer = await readyz();
        return stateOf(answer) === 'old' ? answer : undefined;
      },
      { timeoutMs: 20_000, what: 'the refusal' },
    );
    expect(refused.ready).toBe(false);
    expect(refused.reasons.join()).toMatch(/model own cannot be replaced: .*package\.json/);
    await writeConfig(`file: ${model}`);
    await waitFor(async () => (await readyz()).ready, { timeoutMs: 20_000, what: 'the model again' });
  });

  it('takes a model of the catalogue by its name, and says how to pull one that is not here', async () => {
    await writeConfig('name: yolox-nano');
    const refused = await waitFor(
      async () => {
        const answer = await readyz();
        return stateOf(answer) === 'old' ? answer : undefined;
      },
      { timeoutMs: 20_000, what: 'the refusal' },
    );
    expect(refused.reasons.join()).toContain('sightline models pull yolox-nano');
    await writeConfig('name: centernet-coco');
    await waitFor(async () => (await readyz()).ready, { timeoutMs: 20_000, what: 'the model again' });
    const own = (await (await fetch(new URL('/api/v1/models/own', app.url))).json()) as ModelView;
    expect([own.catalogue, own.licence]).toEqual(['centernet-coco', 'MIT']);
  });

  itWithYunet('takes a model that it waits for as soon as an administrator has pulled it', async () => {
    await writeConfig('name: yunet');
    const isWaiting = async () => (await readyz()).reasons.join().includes('sightline models pull yunet');
    await waitFor(isWaiting, { timeoutMs: 20_000, what: 'the refusal' });
    mirror.deliver('/yunet_n_dynamic.onnx', await readFile(YUNET));
    const { origin } = new URL(app.url);
    const send = async (address: string, body: object, cookie = '') => {
      const headers = { origin, cookie, 'content-type': 'application/json' };
      return await fetch(origin + address, { method: 'POST', headers, body: JSON.stringify(body) });
    };
    const person = { code: app.setupCode, name: 'ada', password: 'lamp otter quartz seven' };
    const cookie = (await send('/api/v1/setup', person)).headers.get('set-cookie')!.split(';')[0]!;
    expect((await send('/api/v1/models/catalogue/yunet/pull', {}, cookie)).status).toBe(202);
    const own = await waitFor(
      async () => {
        const response = await fetch(new URL('/api/v1/models/own', app.url), { headers: { cookie } });
        const model = (await response.json()) as ModelView;
        return model.family === 'yunet' ? model : undefined;
      },
      { timeoutMs: 20_000, what: 'the pulled model' },
    );
    expect([own.state, own.catalogue]).toEqual(['ready', 'yunet']);
  });
});
