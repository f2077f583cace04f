import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { App } from '../../src/app/index.js';
import { silentLog } from '../../src/base/index.js';
import { loadConfig } from '../../src/config/index.js';
import type { CameraView } from '../../src/server/protocol.js';
import { waitFor } from '../support/wait-for.js';

let dir: string;
let file: string;
let app: App;
let cookie: string;

beforeAll(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'sightline-config-api-'));
  file = path.join(dir, 'sightline.yaml');
  // Nothing listens there: connecting is not what this is about.
  await writeFile(
    file,
    'server: { port: 0 }\ndata: { dir: data }\nengine: { workers: 1 }\ncameras:\n  # Ours.\n  gate: { source: "rtsp://127.0.0.1:9/1" }\n',
  );
  const config = await loadConfig(file, {});
  app = await App.open({ config, configPath: file, env: {}, version: '0.0.0', log: silentLog });
  const body = { code: app.setupCode, name: 'ada', password: 'lamp otter quartz seven' };
  const response = await ask('/api/v1/setup', { method: 'POST', body: JSON.stringify(body) });
  cookie = response.headers.getSetCookie()[0]!.split(';')[0]!;
});
afterAll(async () => {
  await app?.close();
  await rm(dir, { recursive: true, force: true });
});

const ask = (address: string, init: RequestInit = {}) =>
  fetch(new URL(address, app.url), {
    ...init,
    headers: { origin: new URL(app.url).origin, cookie: cookie ?? '', 'content-type': 'application/json', ...init.headers }, // prettier-ignore
  });
const camerasNow = async () =>
  ((await (await ask('/api/v1/cameras')).json()) as { cameras: CameraView[] }).cameras.map(({ id }) => id);
async function change(patch: unknown): Promise<Response> {
  const etag = (await ask('/api/v1/config')).headers.get('etag')!;
  return await ask('/api/v1/config', { method: 'PATCH', body: JSON.stringify(patch), headers: { 'if-match': etag } }); // prettier-ignore
}

describe('a change of the configuration by the API', () => {
  it('is in force when it is answered, and stands in the file', async () => {
    const response = await change({ cameras: { yard: { source: 'rtsp://127.0.0.1:9/2' } } });
    expect(response.status).toBe(200);
    expect((await camerasNow()).sort()).toEqual(['gate', 'yard']);
    const text = await readFile(file, 'utf8');
    expect(text).toContain('# Ours.');
    expect(text).toContain('rtsp://127.0.0.1:9/2');
    // It is noted after the answer has gone.
    await waitFor(async () => (await (await ask('/api/v1/audit')).text()).includes('cameras.yard'), {
      timeoutMs: 20_000,
      what: 'the entry in the audit log',
    });
  });

  it('removes a camera by null', async () => {
    expect((await change({ cameras: { yard: null } })).status).toBe(200);
    expect(await camerasNow()).toEqual(['gate']);
  });

  it('leaves everything as it is where it is refused', async () => {
    const before = await readFile(file, 'utf8');
    expect((await change({ cameras: { gate: { analyse: { fps: 0 } } } })).status).toBe(400);
    expect(await readFile(file, 'utf8')).toBe(before);
    expect(await camerasNow()).toEqual(['gate']);
  });
});
