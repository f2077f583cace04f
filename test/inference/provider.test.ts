import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { silentLog } from '../../src/base/index.js';
import {
  ensureDefaultDetector,
  InferencePool,
  type Provider,
  type ProviderPlan,
} from '../../src/inference/index.js';
import { executionProvider, providersToTry } from '../../src/inference/provider.js';
import { greyJob } from './pictures.js';

/** One that this platform does not have, whatever is installed. */
const ABSENT: Provider = process.platform === 'darwin' ? 'dml' : 'coreml';

let folder: string;
let modelPath: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'sightline-provider-'));
  modelPath = await ensureDefaultDetector({ cacheDir: folder, log: silentLog });
});
afterAll(() => rmSync(folder, { recursive: true }));

const open = (plan: ProviderPlan, graphCacheDir?: string) =>
  InferencePool.open({
    modelPath,
    workers: 2,
    plan,
    log: silentLog,
    ...(graphCacheDir !== undefined && { graphCacheDir }),
  });

describe('providersToTry', () => {
  it.each<[ProviderPlan['provider'], boolean, NodeJS.Platform, Provider[]]>([
    ['auto', false, 'linux', ['cuda', 'cpu']],
    ['auto', false, 'darwin', ['coreml', 'cpu']],
    ['auto', false, 'win32', ['dml', 'cpu']],
    ['tensorrt', false, 'linux', ['tensorrt', 'cpu']],
    ['webgpu', true, 'linux', ['webgpu']],
    ['cpu', false, 'linux', ['cpu']],
  ])('%s (required: %s) on %s is %j', (provider, isRequired, platform, expected) => {
    expect(providersToTry({ provider, isRequired }, platform)).toEqual(expected);
  });
});

describe('executionProvider', () => {
  it('hands on the device, the memory limit and the folder of built engines', () => {
    const plan = {
      provider: 'auto',
      isRequired: false,
      deviceId: 1,
      memoryLimitBytes: 5,
      engineCacheDir: '/e',
    } as const;
    expect(executionProvider('cuda', plan)).toEqual({ name: 'cuda', deviceId: 1, gpu_mem_limit: '5' });
    expect(executionProvider('tensorrt', plan)).toMatchObject({
      deviceId: 1,
      trt_engine_cache_enable: '1',
      trt_engine_cache_path: '/e',
    });
    expect(executionProvider('cpu', plan)).toBe('cpu');
  });
});

describe('a model whose provider cannot be used', () => {
  it('runs on the processor instead, on every core, and says why', async () => {
    const pool = await open({ provider: ABSENT, isRequired: false });
    expect(pool.model).toMatchObject({
      provider: 'cpu',
      fallbacks: [{ provider: ABSENT, reason: expect.stringMatching(/only$/) }],
    });
    expect(pool.size).toBe(2);
    expect((await pool.detect(greyJob())).inferenceMs).toBeGreaterThan(0);
    await pool.close();
  });

  it('is refused where the provider is required', async () => {
    await expect(open({ provider: ABSENT, isRequired: true })).rejects.toThrow(
      expect.objectContaining({
        code: 'inference/provider-missing',
        message: expect.stringMatching(/is required .* required: false/),
      }),
    );
  });
});

describe('the cache of optimised graphs', () => {
  const cpu = { provider: 'cpu', isRequired: true } as const;
  const graphs = () => readdirSync(path.join(folder, 'graphs')).filter((name) => name.endsWith('.onnx'));

  it('keeps one file for all workers, and gives the same detections from it', async () => {
    const cacheDir = path.join(folder, 'graphs');
    const plain = await open(cpu);
    const job = { ...greyJob(), options: { scoreMin: 0.001, iouMax: 0.6, countMax: 10 } };
    const { detections } = await plain.detect(job);
    await plain.close();
    for (let round = 0; round < 2; round++) {
      const pool = await open(cpu, cacheDir);
      expect((await pool.detect(job)).detections).toEqual(detections);
      await pool.close();
      expect(graphs()).toHaveLength(1);
    }
  });

  it('makes a damaged file anew', async () => {
    const cacheDir = path.join(folder, 'graphs');
    const file = path.join(cacheDir, graphs()[0]!);
    const good = readFileSync(file);
    writeFileSync(file, good.subarray(0, 1000));
    const pool = await open(cpu, cacheDir);
    await pool.close();
    expect(statSync(file).size).toBe(good.length);
  });

  it('costs nothing but time when it cannot be written', async () => {
    const pool = await open(cpu, path.join(modelPath, 'not a folder'));
    expect((await pool.detect(greyJob())).inferenceMs).toBeGreaterThan(0);
    await pool.close();
  });
});
