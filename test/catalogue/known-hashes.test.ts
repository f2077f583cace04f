import { createHash } from 'node:crypto';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { KnownHashes, presenceOf } from '../../src/catalogue/index.js';
import { entryFor } from './entries.js';

let dir: string;
beforeAll(async () => void (dir = await mkdtemp(path.join(os.tmpdir(), 'sightline-hashes-'))));
afterAll(() => rm(dir, { recursive: true, force: true }));
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('known hashes', () => {
  it('follow a file that is replaced, even by one of the same length and time, and one that goes', async () => {
    const hashes = new KnownHashes();
    const file = path.join(dir, 'a.onnx');
    await writeFile(file, 'one');
    await utimes(file, 1000, 1000);
    expect(await hashes.of(file)).toBe(sha256('one'));
    expect(await hashes.of(file)).toBe(sha256('one'));
    await writeFile(file, 'two');
    await utimes(file, 1000, 1000);
    expect(await hashes.of(file)).toBe(sha256('two'));
    await rm(file);
    expect(await hashes.of(file)).toBeUndefined();
  });

  it('tell presence as fresh ones do', async () => {
    const hashes = new KnownHashes();
    const content = Buffer.from('a model');
    const places = { offlineDir: undefined, downloadDir: dir };
    const entry = entryFor(content);
    const presence = async () => (await presenceOf(entry, places, hashes.of)).presence;
    expect(await presence()).toBe('no');
    await writeFile(path.join(dir, 'lynx_s.onnx'), content);
    expect(await presence()).toBe('yes');
    await writeFile(path.join(dir, 'lynx_s.onnx'), 'another');
    expect(await presence()).toBe('damaged');
  });
});
