import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { FakeClock } from '../support/fake-clock.js';
import { silentLog } from '../../src/base/index.js';
import { planAnalysis } from '../../src/engine/analysis-plan.js';
import { Detector } from '../../src/inference/detector.js';
import { ensureDefaultDetector, InferencePool, type DetectJob } from '../../src/inference/index.js';
import { loadModel } from '../../src/inference/load-model.js';
import type { DetectorInput } from '../../src/models/index.js';
import { GraphBuilder } from '../../src/models/onnx/graph-builder.js';
import { sharedDir } from '../support/shared-data.js';
import { greyJob, imageJob } from './pictures.js';

const CPU = { provider: 'cpu', isRequired: true } as const;
const images = path.join(sharedDir, 'data', 'det', 'images');
const PICTURES = ['000000000025', '000000000042', '000000000061', '000000000074'];
const itWithShared = existsSync(images) ? it : it.skip;

const SMALL = { widthPx: 64, heightPx: 64 };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sightline-batches-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Opens a model twice: for one picture a run, and for several wherever it can. */
async function openBoth(file: string) {
  const { bytes, description } = await loadModel(file);
  const copy = () => new Uint8Array(new Uint8Array(bytes));
  const single = await Detector.open(copy(), description, CPU);
  const batched = await Detector.open(copy(), description, CPU, undefined, 'always');
  return { single, batched, input: description.input };
}

/** Pictures, all shown to the model in the shape of the first. */
async function jobsOn(input: DetectorInput): Promise<DetectJob[]> {
  const files = PICTURES.map((name) => path.join(images, `${name}.jpg`));
  const { width, height } = await sharp(files[0]).metadata();
  const { frame, placed } = planAnalysis({ widthPx: width, heightPx: height }, 512, input);
  return files.map((file) => ({
    ...imageJob(file, frame, Math.max(frame.widthPx, frame.heightPx)),
    frame,
    placed,
  }));
}

/** A detector of the family `yolo` with one cell that scores each picture by the brightness of all of the run. */
function mixing(): Uint8Array {
  const builder = new GraphBuilder();
  builder.input('images', 'float32', [1, 3, 64, 64]);
  const brightness = builder.node('ReduceMean', ['images'], {
    axes: { ints: [0, 1, 2, 3] },
    keepdims: { int: 0 },
  });
  const zeros = builder.node('Mul', [
    builder.node('Reshape', ['images', builder.int64s([1, -1])]),
    builder.floats([1], Float32Array.of(0)),
  ]);
  const cells = builder.node('Slice', [
    zeros,
    builder.int64s([0]),
    builder.int64s([84 * 7]),
    builder.int64s([1]),
  ]);
  const shaped = builder.node('Reshape', [cells, builder.int64s([1, 7, 84])]);
  const out = builder.node('Concat', [builder.node('Add', [shaped, brightness])], { axis: { int: 1 } });
  builder.node('Identity', [out], {}, 'output0');
  builder.output('output0', [1, 7, 84]);
  return builder.build('mixing');
}

describe('several pictures in one run', () => {
  itWithShared.each([
    ['the default detector', () => ensureDefaultDetector({ cacheDir: folder, log: silentLog })],
    [
      'YOLOX, exported for one picture',
      () => Promise.resolve(path.join(sharedDir, 'models', 'yolox_nano_416x416.onnx')),
    ],
    [
      'NanoDet, exported for one picture',
      () => Promise.resolve(path.join(sharedDir, 'models', 'nanodet_m_416.onnx')),
    ],
    [
      'YuNet, exported for any number',
      () => Promise.resolve(path.join(sharedDir, 'models', 'yunet_n_dynamic.onnx')),
    ],
  ])('show %s what it sees in each alone', async (_, file) => {
    const { single, batched, input } = await openBoth(await file());
    expect([single.canBatch, batched.canBatch]).toEqual([false, true]);
    const jobs = await jobsOn(input);
    const together = [...(await batched.detectAll(jobs)), ...(await batched.detectAll(jobs.slice(1)))];
    for (const [index, job] of [...jobs, ...jobs.slice(1)].entries()) {
      const { detections } = await single.detect(job);
      expect(together[index]).toMatchObject({
        detections: detections.map(({ label, score, box }) => ({
          label,
          score: expect.closeTo(score, 3),
          box: box.map((edge) => expect.closeTo(edge, 0)),
        })),
      });
    }
  });

  it('are not for a model in which they get into each other', async () => {
    const file = path.join(folder, 'mixing.onnx');
    writeFileSync(file, mixing());
    const { batched } = await openBoth(file);
    expect(batched.canBatch).toBe(false);
    expect((await batched.detect(greyJob(SMALL))).inferenceMs).toBeGreaterThan(0);
  });

  itWithShared('are not for a model whose outputs have no place for them', async () => {
    const { batched } = await openBoth(path.join(sharedDir, 'models', 'hpc203_mnet_plate_det.onnx'));
    expect(batched.canBatch).toBe(false);
  });

  it('fail one by one when they are bad', async () => {
    const { batched } = await openBoth(await ensureDefaultDetector({ cacheDir: folder, log: silentLog }));
    const short = { ...greyJob(), memory: new SharedArrayBuffer(100) };
    const results = await batched.detectAll([greyJob(), short, greyJob()]);
    expect(results).toMatchObject([
      { inferenceMs: expect.any(Number) },
      { code: 'inference/bad-job' },
      { inferenceMs: expect.any(Number) },
    ]);
  });

  it('are taken by a pool of one worker, which says how many it has room for', async () => {
    const pool = await InferencePool.open({
      modelPath: await ensureDefaultDetector({ cacheDir: folder, log: silentLog }),
      workers: 2,
      batches: 'always',
      log: silentLog,
      // Time stands still, so that no run takes too long.
      clock: new FakeClock(),
    });
    expect([pool.idle, pool.size, pool.sizeMax]).toEqual([1, 1, 8]);
    // Two may be tried when it is known what one costs.
    for (let i = 0; i < 4; i++) await pool.detect(greyJob(SMALL));
    expect(pool.idle).toBe(2);
    const results = [pool.detect(greyJob(SMALL))];
    expect(pool.idle).toBe(1);
    results.push(pool.detect(greyJob(SMALL)));
    expect(() => pool.detect(greyJob(SMALL))).toThrow(expect.objectContaining({ code: 'inference/busy' }));
    const [first, second] = await Promise.all(results);
    expect(first!.inferenceMs).toBe(second!.inferenceMs);
    const lone = pool.detect(greyJob(SMALL));
    pool.expectNone();
    expect(pool.idle).toBe(0);
    const closed = expect(lone).rejects.toThrow(expect.objectContaining({ code: 'inference/closed' }));
    await pool.close();
    await closed;
  });
});
