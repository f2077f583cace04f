import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { silentLog, systemClock } from '../../src/base/index.js';
import { pullModel, type CatalogueEntry, type PullOptions } from '../../src/catalogue/index.js';
import { CliProcess } from '../cli/run-cli.js';
import { sharedDir } from '../support/shared-data.js';
import { waitFor } from '../support/wait-for.js';
import { entryFor } from './entries.js';
import { MirrorServer } from './mirror-server.js';

const FILE = '/lynx_s.onnx';
const content = randomBytes(300_000);
const other = randomBytes(300_000);
const error = (code: string, ...parts: string[]) =>
  expect.objectContaining({ code, message: expect.stringMatching(new RegExp(parts.join('.*'), 's')) });

let folder: string;
let cacheDir: string;
let mirror: MirrorServer;
let second: MirrorServer;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'sightline-pull-'));
  cacheDir = path.join(folder, 'cache');
  [mirror, second] = await Promise.all([MirrorServer.open(), MirrorServer.open()]);
});
afterEach(async () => {
  await Promise.all([mirror.close(), second.close()]);
  rmSync(folder, { recursive: true });
});

/** Pulls from `mirror`, then `second`. */
const pull = (
  entry: CatalogueEntry = entryFor(content),
  env: Record<string, string> = {},
  over: Partial<PullOptions> = {},
) =>
  pullModel(entry, {
    env: {
      SIGHTLINE_CACHE_DIR: cacheDir,
      SIGHTLINE_MODEL_MIRROR: `${mirror.url}, ${second.url}`,
      ...env,
    },
    acceptedLicences: [],
    clock: systemClock,
    log: silentLog,
    ...over,
  });
const downloads = () => readdirSync(path.join(cacheDir, 'models')).sort();
const downloaded = () => readFileSync(path.join(cacheDir, 'models', 'lynx_s.onnx'));

describe('pullModel', () => {
  it('fetches a file once, and tells how far it is', async () => {
    mirror.deliver(FILE, content);
    const progress: number[] = [];
    const first = await pull(undefined, {}, { onProgress: (_, bytes) => progress.push(bytes) });
    expect(first).toEqual([
      { role: 'model', path: path.join(cacheDir, 'models', 'lynx_s.onnx'), wasHere: false },
    ]);
    expect(downloaded().equals(content)).toBe(true);
    expect([progress[0], progress.at(-1)]).toEqual([0, content.length]);
    expect(await pull()).toEqual([{ ...first[0], wasHere: true }]);
    expect(mirror.requests).toHaveLength(1);
    expect(downloads()).toEqual(['lynx_s.onnx']);
  });

  it('fetches a damaged file again', async () => {
    mirror.deliver(FILE, content);
    mkdirSync(path.join(cacheDir, 'models'), { recursive: true });
    writeFileSync(path.join(cacheDir, 'models', 'lynx_s.onnx'), other);
    await pull();
    expect(downloaded().equals(content)).toBe(true);
  });

  it('keeps what came before an interruption, and asks for the rest only', async () => {
    mirror.deliver(FILE, content, { breaksAfterBytes: 100_000 });
    await expect(pull()).rejects.toThrow(error('model/download-failed'));
    expect(downloads()).toEqual(['lynx_s.onnx.part', 'lynx_s.onnx.part.origin']);
    mirror.deliver(FILE, content);
    await pull();
    expect(mirror.requests.at(-1)).toEqual({ path: FILE, range: 'bytes=100000-', ifRange: '"one"' });
    expect(mirror.sentBytes).toBe(content.length);
    expect(downloaded().equals(content)).toBe(true);
    expect(downloads()).toEqual(['lynx_s.onnx']);
  });

  it('stops when it is told to, asks no other mirror, and goes on from there the next time', async () => {
    mirror.on(FILE, (_request, response) => {
      response.writeHead(200, { etag: '"one"', 'content-length': content.length });
      response.write(content.subarray(0, 100_000));
    });
    second.deliver(FILE, content);
    const stop = new AbortController();
    const onProgress = (_file: unknown, bytes: number) => bytes >= 100_000 && stop.abort();
    const stopped = pull(undefined, {}, { onProgress, signal: stop.signal });
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
    expect(second.requests).toEqual([]);
    expect(downloads()).toEqual(['lynx_s.onnx.part', 'lynx_s.onnx.part.origin']);
    mirror.deliver(FILE, content);
    await pull();
    expect(mirror.requests.at(-1)).toMatchObject({ range: 'bytes=100000-' });
    expect(downloaded().equals(content)).toBe(true);
  });

  it('goes on at the next mirror where one breaks off', async () => {
    mirror.deliver(FILE, content, { breaksAfterBytes: 100_000 });
    second.deliver(FILE, content, { etag: 'another' });
    await pull();
    expect(second.requests).toEqual([{ path: FILE, range: 'bytes=100000-' }]);
    expect(downloaded().equals(content)).toBe(true);
  });

  it.each([
    ['begins anew when the file has changed meanwhile', { etag: 'two' }, 1],
    ['finds out by the hash when a server splices a changed file', { etag: 'two', ignoresIfRange: true }, 2],
    ['begins anew at a server that knows no ranges', { ranges: false }, 1],
  ])('%s', async (_, delivery, requests) => {
    mirror.deliver(FILE, other, { breaksAfterBytes: 100_000 });
    await expect(pull()).rejects.toThrow(error('model/download-failed'));
    mirror.deliver(FILE, content, delivery);
    await pull();
    expect(downloaded().equals(content)).toBe(true);
    expect(mirror.requests).toHaveLength(1 + requests);
  });

  it('tries the next mirror after a 404', async () => {
    second.deliver(FILE, content);
    await pull();
    expect(mirror.requests).toHaveLength(1);
    expect(downloaded().equals(content)).toBe(true);
  });

  it('tries the next mirror when one sends too little to ever end', async () => {
    let drip: NodeJS.Timeout | undefined;
    mirror.on(FILE, (_, response) => {
      response.writeHead(200, { 'content-length': content.length });
      drip = setInterval(() => response.write('x'), 20);
    });
    second.deliver(FILE, content);
    await pull(undefined, {}, { stallTimeoutMs: 200 });
    clearInterval(drip);
    expect(downloaded().equals(content)).toBe(true);
  });

  it('keeps nothing that has another hash', async () => {
    mirror.deliver(FILE, other);
    second.deliver(FILE, other);
    await expect(pull()).rejects.toThrow(error('model/hash-mismatch', 'its SHA-256 is', 'By hand'));
    expect(downloads()).toEqual([]);
  });

  it('reads no more than the catalogue says that there is', async () => {
    let written = 0;
    mirror.on(FILE, (_, response) => {
      const more = () => {
        written += 65_536;
        if (written < 50e6 && response.write(Buffer.alloc(65_536))) setImmediate(more);
        else response.once('drain', more);
      };
      more();
    });
    second.deliver(FILE, Buffer.concat([content, other]));
    await expect(pull()).rejects.toThrow(
      error('model/hash-mismatch', 'more than 300000 bytes', 'it has 600000 bytes, not 300000'),
    );
    expect(written).toBeLessThan(20e6);
    expect(downloads()).toEqual([]);
  });

  it('follows redirects on this machine, and refuses those to plain http elsewhere', async () => {
    mirror.on(FILE, (_, response) => response.writeHead(302, { location: '/moved' }).end());
    mirror.deliver('/moved', content);
    await pull();
    expect(downloaded().equals(content)).toBe(true);

    rmSync(cacheDir, { recursive: true });
    const elsewhere = 'http://models.example.org/lynx.onnx?signature=secret';
    mirror.on(FILE, (_, response) => response.writeHead(302, { location: elsewhere }).end());
    const refused = await pull().catch((problem: unknown) => problem);
    expect(refused).toEqual(
      error('model/download-failed', 'redirects to http://models.example.org: refused'),
    );
    expect(String(refused)).not.toContain('secret');
  });

  it('gives up a mirror that redirects in a circle', async () => {
    mirror.on(FILE, (_, response) => response.writeHead(302, { location: FILE }).end());
    await expect(pull()).rejects.toThrow(error('model/download-failed', 'more than 5 times'));
    expect(mirror.requests).toHaveLength(6);
  });

  it('says without a network which file to bring, with what hash, and where to', async () => {
    const { files } = entryFor(content);
    const gone = await MirrorServer.open();
    const { url } = gone;
    await gone.close();
    await expect(pull(undefined, { SIGHTLINE_MODEL_MIRROR: url })).rejects.toThrow(
      error(
        'model/download-failed',
        'ECONNREFUSED',
        'https://example.org/lynx/releases/lynx.onnx',
        files[0]!.sha256!,
        path.join(cacheDir, 'models', 'lynx_s.onnx'),
        'SIGHTLINE_MODEL_DIR',
      ),
    );
  });

  it('says so when the cache cannot be written', async () => {
    mirror.deliver(FILE, content);
    writeFileSync(path.join(folder, 'a file'), '');
    await expect(pull(undefined, { SIGHTLINE_CACHE_DIR: path.join(folder, 'a file', 'x') })).rejects.toThrow(
      error('model/cache-unwritable', 'SIGHTLINE_CACHE_DIR'),
    );
    expect(mirror.requests).toEqual([]);
  });

  it('fetches no model whose licence binds its users unless they have named it', async () => {
    mirror.deliver(FILE, content);
    const entry = entryFor(content, {}, { licence: 'AGPL-3.0' });
    await expect(pull(entry)).rejects.toThrow(
      error('model/licence-not-accepted', '--accept-licence AGPL-3.0'),
    );
    await expect(pull(entry, {}, { acceptedLicences: ['GPL-3.0'] })).rejects.toThrow(
      error('model/licence-not-accepted'),
    );
    expect(mirror.requests).toEqual([]);
    await pull(entry, {}, { acceptedLicences: ['AGPL-3.0'] });
    expect(downloaded().equals(content)).toBe(true);
    expect((await pull(entry))[0]).toMatchObject({ wasHere: true });
  });

  it('fetches no file that it could not check', async () => {
    mirror.deliver(FILE, content);
    const entry = entryFor(content, { sha256: null, hashFrom: null });
    await expect(pull(entry)).rejects.toThrow(
      error('model/hash-unknown', 'https://example.org', 'detector='),
    );
    expect(mirror.requests).toEqual([]);
  });

  it('says so when no address is known', async () => {
    const entry = entryFor(content, { urls: [] });
    await expect(pull(entry, { SIGHTLINE_MODEL_MIRROR: '' })).rejects.toThrow(
      error('model/download-failed', 'no address is known'),
    );
  });

  it('takes a file from SIGHTLINE_MODEL_DIR first, and refuses one there that is damaged', async () => {
    const brought = path.join(folder, 'brought');
    mkdirSync(brought);
    writeFileSync(path.join(brought, 'lynx_s.onnx'), content);
    const env = { SIGHTLINE_MODEL_DIR: brought };
    expect(await pull(undefined, env)).toEqual([
      { role: 'model', path: path.join(brought, 'lynx_s.onnx'), wasHere: true },
    ]);
    writeFileSync(path.join(brought, 'lynx_s.onnx'), other);
    await expect(pull(undefined, env)).rejects.toThrow(
      error('model/hash-mismatch', brought, 'Remove or replace'),
    );
    expect(mirror.requests).toEqual([]);
  });

  it.each([
    'ftp://127.0.0.1/',
    'http://models.example.org/',
    'https://user:pw@models.example.org/',
    'models',
  ])('refuses %s as a mirror', async (address) => {
    const refused = pull(undefined, { SIGHTLINE_MODEL_MIRROR: address });
    await expect(refused).rejects.toThrow(error('model/mirror-invalid'));
    await expect(refused).rejects.not.toThrow('pw');
  });
});

describe('several pulls at once', () => {
  it('leave one whole file within a process', async () => {
    mirror.deliver(FILE, content);
    await Promise.all([pull(), pull(), pull()]);
    expect(downloaded().equals(content)).toBe(true);
    expect(downloads()).toEqual(['lynx_s.onnx']);
  });

  const model = path.join(sharedDir, 'models', 'yunet_n_dynamic.onnx');
  const itWithModel = existsSync(model) ? it : it.skip;
  itWithModel('leave one whole file as processes', async () => {
    const bytes = readFileSync(model);
    mirror.deliver('/yunet_n_dynamic.onnx', bytes);
    const env = { SIGHTLINE_CACHE_DIR: cacheDir, SIGHTLINE_MODEL_MIRROR: mirror.url };
    const processes = [1, 2].map(() => new CliProcess(['models', 'pull', 'yunet'], { cwd: folder, env }));
    for (const one of processes) {
      expect(await one.ended).toEqual({ status: 0, signal: null });
      expect(one.stderr).toBe('');
    }
    expect(downloads()).toEqual(['yunet_n_dynamic.onnx']);
    expect(readFileSync(path.join(cacheDir, 'models', 'yunet_n_dynamic.onnx')).equals(bytes)).toBe(true);
  });

  it('let the next one go on where a killed process was', async () => {
    const large = randomBytes(3_659_407);
    mirror.on('/yolox_nano.onnx', (_, response) => {
      response.writeHead(200, { 'content-length': large.length, etag: '"one"' });
      response.write(large.subarray(0, 1_000_000));
    });
    const env = { SIGHTLINE_CACHE_DIR: cacheDir, SIGHTLINE_MODEL_MIRROR: mirror.url };
    const killed = new CliProcess(['models', 'pull', 'yolox-nano'], { cwd: folder, env });
    const part = () => downloads().find((name) => /\.part-[\w.]+-\d+-\w+$/.test(name));
    await waitFor(() => readFileSync(path.join(cacheDir, 'models', part()!)).length === 1_000_000, {
      timeoutMs: 20_000,
      what: () => `a part of 1 MB (${killed.stderr})`,
    });
    killed.child.kill('SIGKILL');
    await killed.ended;

    mirror.deliver('/yolox_nano.onnx', large);
    await pull(entryFor(large, { file: 'yolox_nano.onnx' }));
    expect(mirror.requests.at(-1)).toMatchObject({ range: 'bytes=1000000-', ifRange: '"one"' });
    expect(downloads()).toEqual(['yolox_nano.onnx']);
  });
});
