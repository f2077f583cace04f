import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { silentLog } from '../../src/base/index.js';
import { defaultCacheDir, ensureDefaultDetector } from '../../src/inference/index.js';
import { checkModel, recogniseDetector } from '../../src/models/index.js';

describe('ensureDefaultDetector', () => {
  let cacheDir: string;
  beforeAll(() => {
    cacheDir = mkdtempSync(path.join(tmpdir(), 'sightline-cache-'));
  });
  afterAll(() => rmSync(cacheDir, { recursive: true }));

  const ensure = async (folder = cacheDir) => {
    const progress: string[] = [];
    const file = await ensureDefaultDetector({
      cacheDir: folder,
      log: silentLog,
      onProgress: (what) => progress.push(what),
    });
    return { file, progress };
  };

  it('converts once, says so, and finds the file the next time', async () => {
    const first = await ensure();
    expect(first.progress).toHaveLength(1);
    expect(recogniseDetector(checkModel(readFileSync(first.file))).family).toBe('centernet');
    expect(await ensure()).toEqual({ file: first.file, progress: [] });
  });

  it.each<[string, (file: string) => void]>([
    ['was cut off', (file) => truncateSync(file, 1_000_000)],
    [
      'has a flipped bit within its weights',
      (file) => {
        const bytes = readFileSync(file);
        bytes[4_000_000]! ^= 1;
        writeFileSync(file, bytes);
      },
    ],
    ['lost its checksum', (file) => rmSync(`${file}.sha256`)],
  ])('converts again when the file %s', async (_, spoil) => {
    const { file } = await ensure();
    const good = readFileSync(file);
    spoil(file);
    expect((await ensure()).progress).toHaveLength(1);
    expect(readFileSync(file).equals(good)).toBe(true);
  });

  it('gives several processes one whole file, and leaves no other', async () => {
    const fresh = path.join(cacheDir, 'fresh', 'folder');
    const files = await Promise.all([ensure(fresh), ensure(fresh)]);
    expect(new Set(files.map(({ file }) => file)).size).toBe(1);
    expect((await ensure(fresh)).progress).toEqual([]);
    expect(readdirSync(fresh)).toHaveLength(2);
  });

  it('says what to do when the cache folder cannot be written', async () => {
    const file = path.join(cacheDir, 'a file');
    writeFileSync(file, '');
    chmodSync(file, 0o400);
    await expect(ensureDefaultDetector({ cacheDir: path.join(file, 'x'), log: silentLog })).rejects.toThrow(
      expect.objectContaining({
        code: 'model/cache-unwritable',
        message: expect.stringContaining('SIGHTLINE_CACHE_DIR'),
      }),
    );
  });
});

describe('defaultCacheDir', () => {
  it('follows SIGHTLINE_CACHE_DIR, then XDG_CACHE_HOME, then the home folder', () => {
    expect(defaultCacheDir({ SIGHTLINE_CACHE_DIR: '/a', XDG_CACHE_HOME: '/b' })).toBe('/a');
    expect(defaultCacheDir({ XDG_CACHE_HOME: '/b' })).toBe(path.join('/b', 'sightline'));
    expect(defaultCacheDir({})).toMatch(/\.cache.sightline$/);
  });
});
