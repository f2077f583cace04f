import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { silentLog } from '../../src/base/index.js';
import { ensureDefaultDetector, InferencePool } from '../../src/inference/index.js';
import { exported } from '../models/families/exported.js';
import {
  doubling,
  nested,
  sound,
  spoilt,
  withExternalData,
  withFunctions,
} from '../models/hostile-models.js';
import { tinyModel } from '../models/tiny-model.js';
import { sharedDir } from '../support/shared-data.js';
import { waitFor } from '../support/wait-for.js';
import { greyJob, imageJob } from './pictures.js';

const code = (value: string) => expect.objectContaining({ code: value });
const images = path.join(sharedDir, 'data', 'det', 'images');

let folder: string;
let modelPath: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'sightline-pool-'));
  modelPath = await ensureDefaultDetector({ cacheDir: folder, log: silentLog });
});
afterAll(() => rmSync(folder, { recursive: true }));

async function withPool(
  options: { workers: number; jobTimeoutMs?: number },
  use: (pool: InferencePool) => Promise<void>,
): Promise<void> {
  const pool = await InferencePool.open({ modelPath, log: silentLog, ...options });
  try {
    await use(pool);
  } finally {
    await pool.close();
  }
}

describe('InferencePool', () => {
  it('says which model it runs, by name and hash of the file', async () => {
    const pool = await InferencePool.open({ modelPath, workers: 1, log: silentLog });
    expect(pool.model).toMatchObject({ name: 'centernet-coco', provider: 'cpu', input: { size: 'dynamic' } });
    expect(pool.model.version).toMatch(/^centernet-coco@sha256:[0-9a-f]{12}$/);
    expect(pool.model.labels).toHaveLength(80);
    expect([pool.size, pool.idle]).toEqual([1, 1]);
    await pool.close();
  });

  it('runs as many jobs at once as it has workers, and refuses more with inference/busy', () =>
    withPool({ workers: 2 }, async (pool) => {
      await pool.allOpened;
      expect(pool.idle).toBe(2);
      const running = [pool.detect(greyJob()), pool.detect(greyJob())];
      expect(pool.idle).toBe(0);
      expect(() => pool.detect(greyJob())).toThrow(code('inference/busy'));
      for (const result of await Promise.all(running)) expect(result.inferenceMs).toBeGreaterThan(0);
      expect(pool.idle).toBe(2);
    }));

  it('rejects a bad job alone: the worker goes on with the next', () =>
    withPool({ workers: 1 }, async (pool) => {
      const short = { ...greyJob(), memory: new SharedArrayBuffer(100) };
      const odd = greyJob({ widthPx: 320, heightPx: 190 });
      await expect(pool.detect(short)).rejects.toThrow(code('inference/bad-job'));
      await expect(pool.detect(odd)).rejects.toThrow(/multiples of 32/);
      expect((await pool.detect(greyJob())).inferenceMs).toBeGreaterThan(0);
    }));

  it('gives up a job at its deadline, replaces the worker and works again', () =>
    withPool({ workers: 1, jobTimeoutMs: 1 }, async (pool) => {
      const slow = greyJob({ widthPx: 2048, heightPx: 2048 });
      await expect(pool.detect(slow)).rejects.toThrow(code('inference/timeout'));
      expect(pool.idle).toBe(0);
      await waitFor(() => pool.idle === 1, { timeoutMs: 30_000, what: 'a new worker' });
    }));

  it('rejects what is under way when it is closed, once, and takes nothing more', async () => {
    const pool = await InferencePool.open({ modelPath, workers: 1, log: silentLog });
    const running = expect(pool.detect(greyJob())).rejects.toThrow(code('inference/closed'));
    await Promise.all([pool.close(), pool.close(), running]);
    await pool.close();
    expect(() => pool.detect(greyJob())).toThrow(code('inference/closed'));
  });

  it('closes while it replaces a worker', async () => {
    const pool = await InferencePool.open({ modelPath, workers: 1, jobTimeoutMs: 1, log: silentLog });
    await expect(pool.detect(greyJob())).rejects.toThrow(code('inference/timeout'));
    await pool.close();
    expect(pool.idle).toBe(0);
  });

  const file = (name: string, bytes: Uint8Array) => {
    const made = path.join(folder, name);
    writeFileSync(made, bytes);
    return made;
  };
  /** A file that says it is large, and takes no room. */
  const sparseFile = (name: string, bytes: number) => {
    const made = file(name, new Uint8Array());
    truncateSync(made, bytes);
    return made;
  };
  const shaped = (dims: readonly number[], value = 0.9) =>
    exported({
      inputs: { images: ['float32', dims] },
      outputs: {
        labels: { shape: [1, 1], values: [0], type: 'int64' },
        boxes: { shape: [1, 1, 4], values: new Array<number>(4).fill(value) },
        scores: { shape: [1, 1], values: [value] },
      },
    });
  it.each<[string, string, () => string]>([
    ['no file', 'model/not-found', () => path.join(folder, 'none.onnx')],
    ['an empty file', 'model/invalid', () => file('empty.onnx', new Uint8Array())],
    [
      'random bytes',
      'model/invalid',
      () =>
        file(
          'random.onnx',
          Uint8Array.from({ length: 9999 }, (_, i) => (i * 48271) % 251),
        ),
    ],
    [
      'half of a model',
      'model/invalid',
      () => file('half.onnx', readFileSync(modelPath).subarray(0, 4_000_000)),
    ],
    ['a model of another shape', 'model/shape', () => file('tiny.onnx', tinyModel({}))],
    ['2 GB', 'model/too-large', () => sparseFile('huge.onnx', 2 ** 31)],
    ['graphs nested without end', 'model/invalid', () => file('nested.onnx', nested(3000))],
    ['functions in a circle', 'model/invalid', () => file('circle.onnx', withFunctions({ f: ['f'] }))],
    [
      'weights in another file',
      'model/external-data-forbidden',
      () => file('external.onnx', withExternalData()),
    ],
    ['functions that double', 'model/too-complex', () => file('bomb.onnx', doubling(40))],
    [
      'an opset to come',
      'model/opset',
      () =>
        file(
          'opset.onnx',
          spoilt((m) => (m.opsetImport[0]!.version = 99n)),
        ),
    ],
    [
      'operators of a library',
      'model/unknown-domain',
      () =>
        file(
          'domain.onnx',
          spoilt((m) => (m.graph!.node[0]!.domain = 'x')),
        ),
    ],
    [
      'operators that the runtime has not',
      'model/invalid',
      () =>
        file(
          'operator.onnx',
          spoilt((m) => (m.graph!.node[0]!.opType = 'Foretell')),
        ),
    ],
    ['pictures of an odd size', 'model/input-size', () => file('odd.onnx', shaped([1, 3, 333, 500]))],
    ['pictures of 8000×8000', 'model/too-complex', () => file('wide.onnx', shaped([1, 3, 8000, 8000]))],
  ])('refuses %s with %s, in one line that names the file, and opens the next', async (_, expected, made) => {
    const bad = made();
    const refused = InferencePool.open({ modelPath: bad, workers: 2, log: silentLog });
    const error = await refused.then(
      () => undefined,
      (reason: Error) => reason,
    );
    expect(error).toMatchObject({ code: expected });
    expect(error!.message).toContain(bad);
    expect(error!.message).not.toContain('\n');
    const pool = await InferencePool.open({
      modelPath: file('sound.onnx', sound),
      workers: 1,
      log: silentLog,
    });
    expect((await pool.detect(greyJob({ widthPx: 64, heightPx: 64 }))).detections).toHaveLength(1);
    await pool.close();
  });

  it('finds nothing with a model whose outputs are no numbers, picture after picture', async () => {
    const model = shaped([1, 3, 64, 64], NaN);
    const pool = await InferencePool.open({ modelPath: file('nan.onnx', model), workers: 1, log: silentLog });
    for (let i = 0; i < 3; i++)
      expect((await pool.detect(greyJob({ widthPx: 64, heightPx: 64 }))).detections).toEqual([]);
    await pool.close();
  });

  const itWithImages = existsSync(images) ? it : it.skip;
  itWithImages(
    'finds what is in a picture, and the same again after pictures of other sizes and contents',
    () =>
      withPool({ workers: 1 }, async (pool) => {
        const giraffes = imageJob(path.join(images, '000000000025.jpg'), { widthPx: 640, heightPx: 426 });
        const first = await pool.detect(giraffes);
        expect(first.detections[0]).toMatchObject({ label: 'giraffe' });
        await pool.detect(greyJob());
        const again = { ...giraffes, options: { ...giraffes.options, scoreMin: 0.3 } };
        const second = await pool.detect(again);
        expect(second.detections).toEqual(first.detections.filter(({ score }) => score >= 0.3));
      }),
  );
});
