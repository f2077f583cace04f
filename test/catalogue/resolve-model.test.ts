import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { silentLog } from '../../src/base/index.js';
import { resolveModel, type ResolveOptions } from '../../src/catalogue/index.js';
import { checkModel, recogniseDetector } from '../../src/models/index.js';
import { sharedDir } from '../support/shared-data.js';

const error = (code: string, text = '') =>
  expect.objectContaining({ code, message: expect.stringContaining(text) });
const models = path.join(sharedDir, 'models');
const itWithModels = existsSync(models) ? it : it.skip;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sightline-resolve-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const resolve = (nameOrPath: string, env: Record<string, string> = {}, over: Partial<ResolveOptions> = {}) =>
  resolveModel(nameOrPath, {
    task: 'detect',
    env: { SIGHTLINE_CACHE_DIR: path.join(folder, 'cache'), ...env },
    log: silentLog,
    ...over,
  });

describe('resolveModel', () => {
  it('takes a file that exists as it is, whatever it is called', async () => {
    const file = path.join(folder, 'yolox-nano');
    writeFileSync(file, 'a model');
    expect(await resolve(file)).toBe(file);
  });

  it('makes the default detector when it is named', async () => {
    const file = await resolve('centernet-coco');
    expect(file).toContain(path.join(folder, 'cache'));
    expect(recogniseDetector(checkModel(readFileSync(file))).family).toBe('centernet');
  });

  itWithModels('finds files in SIGHTLINE_MODEL_DIR by name, each of a model that has several', async () => {
    const env = { SIGHTLINE_MODEL_DIR: models };
    expect(await resolve('yunet', env)).toBe(path.resolve(models, 'yunet_n_dynamic.onnx'));
    expect(await resolve('nanotrack-v3', env, { task: 'follow', role: 'head' })).toBe(
      path.resolve(models, 'nanotrackv3_nanotrack_head.onnx'),
    );
  });

  it.each([
    ['no/such.onnx', 'model/not-found', 'no/such.onnx: no such file'],
    ['yolox-nanoo', 'model/not-found', 'did you mean yolox-nano?'],
    ['yolox-nano', 'model/not-pulled', 'sightline models pull yolox-nano'],
    ['picodet-s-416', 'model/hash-unknown', 'has no SHA-256'],
    ['nanotrack-v3', 'model/wrong-task', 'a model to follow, not to detect'],
  ])('says of %s: %s', async (name, code, text) => {
    await expect(resolve(name)).rejects.toThrow(error(code, text));
  });

  it('uses no file of the right name with another content', async () => {
    writeFileSync(path.join(folder, 'yolox_nano.onnx'), 'not it');
    await expect(resolve('yolox-nano', { SIGHTLINE_MODEL_DIR: folder })).rejects.toThrow(
      error('model/hash-mismatch', 'Remove or replace it'),
    );
  });
});
