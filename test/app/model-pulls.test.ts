import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ModelList } from '../../src/app/model-list.js';
import { silentLog, systemClock } from '../../src/base/index.js';
import type { CatalogueEntry } from '../../src/catalogue/index.js';
import type { Config } from '../../src/config/index.js';
import { entryFor } from '../catalogue/entries.js';
import { MirrorServer } from '../catalogue/mirror-server.js';
import { waitFor } from '../support/wait-for.js';

const content = randomBytes(300_000);
const half = content.subarray(0, 150_000);
const FILE = '/lynx_s.onnx';

describe('a model of the catalogue that is pulled', () => {
  let dir: string;
  let mirror: MirrorServer;
  let list: ModelList;
  let pulled: string[];

  beforeEach(async () => {
    dir = mkdtempSync(path.join(tmpdir(), 'sightline-pulls-'));
    mirror = await MirrorServer.open();
    pulled = [];
    list = listOf(entryFor(content));
  });
  afterEach(async () => {
    await list.close();
    await mirror.close();
    rmSync(dir, { recursive: true });
  });

  function listOf(entry: CatalogueEntry): ModelList {
    return new ModelList({
      states: () => new Map(),
      config: () => ({ models: [], cameras: [] }) as unknown as Config,
      env: { SIGHTLINE_CACHE_DIR: dir, SIGHTLINE_MODEL_MIRROR: mirror.url },
      clock: systemClock,
      log: silentLog,
      onPulled: (name) => pulled.push(name),
      readCatalogue: () => Promise.resolve(new Map([[entry.name, entry]])),
    });
  }
  /** Sends half of the file, and then nothing more. */
  function deliverHalf(): void {
    mirror.on(FILE, (_request, response) => {
      response.writeHead(200, { etag: '"one"', 'content-length': content.length });
      response.write(half);
    });
  }
  const pullOf = async () => (await list.catalogue())[0]!.pull;
  const until = (what: string, isSo: (pull: Awaited<ReturnType<typeof pullOf>>) => boolean) =>
    waitFor(async () => isSo(await pullOf()), { timeoutMs: 20_000, what });
  const untilHalf = () => until('half of it', (pull) => pull?.bytes === half.length);
  const downloads = () => readdirSync(path.join(dir, 'models')).sort();

  it('is answered at once, tells how far it is, and is here at the end', async () => {
    deliverHalf();
    expect(await list.pull('lynx-s', [])).toEqual({ state: 'running', bytes: 0, totalBytes: 300_000 });
    await untilHalf();
    expect((await list.catalogue())[0]).toMatchObject({ presence: 'no', pull: { state: 'running' } });
    // Asked for again while it runs, it is the same pull.
    expect(await list.pull('lynx-s', [])).toMatchObject({ state: 'running', bytes: half.length });
    expect(mirror.requests).toHaveLength(1);
    await list.cancelPull('lynx-s');
    expect(await pullOf()).toBeUndefined();

    mirror.deliver(FILE, content);
    await list.pull('lynx-s', []);
    await until('its end', (pull) => pull?.state === 'done');
    expect((await list.catalogue())[0]).toMatchObject({
      presence: 'yes',
      pull: { state: 'done', bytes: 300_000, totalBytes: 300_000 },
    });
    expect(mirror.requests.at(-1)).toMatchObject({ range: 'bytes=150000-' });
    expect([pulled, downloads()]).toEqual([['lynx-s'], ['lynx_s.onnx']]);
  });

  it('says why it failed and what to do, and can be pulled again', async () => {
    await list.pull('lynx-s', []);
    await until('its end', (pull) => pull?.state === 'failed');
    expect((await pullOf())!.reason).toMatch(/HTTP status 404.*By hand: fetch https:.*SHA-256/s);
    mirror.deliver(FILE, content);
    await list.pull('lynx-s', []);
    await until('its end', (pull) => pull?.state === 'done');
  });

  it('needs its licence accepted by name, and asks no mirror before', async () => {
    list = listOf(entryFor(content, {}, { licence: 'AGPL-3.0' }));
    mirror.deliver(FILE, content);
    const refusal = { code: 'model/licence-not-accepted', message: expect.stringContaining('"acceptLicence": "AGPL-3.0"') }; // prettier-ignore
    await expect(list.pull('lynx-s', [])).rejects.toMatchObject(refusal);
    await expect(list.pull('lynx-s', ['MIT'])).rejects.toMatchObject(refusal);
    expect([await pullOf(), mirror.requests]).toEqual([undefined, []]);
    await list.pull('lynx-s', ['AGPL-3.0']);
    await until('its end', (pull) => pull?.state === 'done');
  });

  it('counts the files that came before in what has come of a model of several', async () => {
    const file = entryFor(content).files[0]!;
    const head = { ...file, role: 'head' as const, file: 'lynx_head.onnx' };
    list = listOf(entryFor(content, {}, { files: [{ ...file, role: 'backbone' }, head] }));
    mirror.deliver(FILE, content);
    mirror.on('/lynx_head.onnx', (_request, response) => {
      response.writeHead(200, { 'content-length': content.length }).write(half);
    });
    await list.pull('lynx-s', []);
    await until('half of the second file', (pull) => pull?.bytes === 450_000);
    expect((await pullOf())!.totalBytes).toBe(600_000);
  });

  it('is stopped when the server closes; what has come stays for the next time', async () => {
    deliverHalf();
    await list.pull('lynx-s', []);
    await untilHalf();
    await list.close();
    expect(downloads()).toEqual(['lynx_s.onnx.part', 'lynx_s.onnx.part.origin']);
    expect(pulled).toEqual([]);
  });

  it('is not found under a name that the catalogue does not have', async () => {
    const refusal = { code: 'model/not-found' };
    await expect(list.pull('lynx', [])).rejects.toMatchObject(refusal);
    await expect(list.cancelPull('lynx')).rejects.toMatchObject(refusal);
  });
});
