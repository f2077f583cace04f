import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLog, silentLog } from '../../src/base/index.js';
import { i420Bytes } from '../../src/frames/index.js';
import type { Box, Size } from '../../src/geometry/index.js';
import {
  defaultFollower,
  defaultMaskHead,
  ensureDefaultDetector,
  InferencePool,
} from '../../src/inference/index.js';
import { Detector } from '../../src/inference/detector.js';
import { checkModel, prepareDetector, recogniseDetector } from '../../src/models/index.js';
import { GraphBuilder } from '../../src/models/onnx/graph-builder.js';
import { greyJob } from './pictures.js';

// What ships, on pictures that show nothing or are no pictures. Their bytes are whole numbers: what is no number can come from a network alone.

const FRAME: Size = { widthPx: 320, heightPx: 192 };
const PICTURES: readonly [string, (at: number) => number][] = [
  ['all black', () => 16],
  ['all white', () => 235],
  ['blacker than black', () => 0],
  ['whiter than white', () => 255],
  ['noise', (at) => (at * 2654435761) >>> 24],
];
const CROPS: readonly Box[] = [
  [10, 10, 11, 11],
  [0, 0, 1, 1],
  [319, 191, 320, 192],
  [-50, -50, -10, -10],
  [310, 180, 900, 700],
  [5, 5, 5.01, 190],
];

let pool: InferencePool;
beforeAll(async () => {
  const modelPath = await ensureDefaultDetector({ log: createLog('error'), onProgress: () => undefined });
  pool = await InferencePool.open({ modelPath, follower: defaultFollower(), maskHead: defaultMaskHead(), workers: 1, log: silentLog }); // prettier-ignore
}, 120_000);
afterAll(() => pool.close());

function pictureOf(value: (at: number) => number): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(i420Bytes(FRAME));
  new Uint8Array(memory).forEach((_, at, bytes) => (bytes[at] = value(at)));
  return memory;
}

describe.each(PICTURES)('a picture that is %s', (what, value) => {
  const memory = pictureOf(value);
  const picture = { memory, byteOffset: 0, frame: FRAME, source: FRAME };

  it('has boxes and scores that are numbers, if any', async () => {
    const { detections } = await pool.detect({ ...greyJob(FRAME), memory }, true);
    for (const { box, score } of detections) expect([...box, score].every(Number.isFinite)).toBe(true);
    if (what !== 'noise') expect(detections.filter(({ score }) => score >= 0.4)).toEqual([]);
  });

  it('has a look and a template for crops of one pixel and off the picture, of numbers', async () => {
    const kernels = pool.createKernelStore(4);
    const slot = kernels.take()!;
    const made = await pool.follow({ ...picture, kernels, searches: [], templates: [{ slot, box: CROPS[0]! }, ...CROPS.map((box) => ({ box }))] }); // prettier-ignore
    const looks = made.templates.flatMap(({ embedding }) => (embedding === undefined ? [] : [...embedding]));
    expect(looks.every(Number.isFinite)).toBe(true);
    const { searches } = await pool.follow({ ...picture, kernels, searches: [{ slot, box: CROPS[0]! }], templates: [] }); // prettier-ignore
    expect([...searches[0]!.box, searches[0]!.confidence].every(Number.isFinite)).toBe(true);
  });

  it('has masks of numbers for them', async () => {
    const { masks } = await pool.segment({ ...picture, boxes: CROPS });
    expect(masks.every(({ values }) => values.every((share) => share >= 0 && share <= 1))).toBe(true);
  });
});

describe('a detector whose outputs are no numbers', () => {
  it('has found nothing', async () => {
    const builder = new GraphBuilder();
    builder.input('images', 'float32', [1, 3, 64, 64]);
    const mean = builder.node('GlobalAveragePool', ['images']);
    const nothing = builder.node('Mul', [mean, builder.floats([1], Float32Array.of(NaN))]);
    const none = builder.node('Slice', [builder.node('Reshape', [nothing, builder.int64s([3])]), builder.int64s([1]), builder.int64s([2])].flat()); // prettier-ignore
    builder.node('Add', [builder.floats([3, 7], new Float32Array(21).fill(0.9)), none], {}, 'output');
    builder.output('output', ['n', 7]);
    const bytes = builder.build('broken');
    const description = recogniseDetector(checkModel(bytes));
    const detector = await Detector.open(prepareDetector(bytes, description), description, { provider: 'cpu', isRequired: true }); // prettier-ignore
    expect((await detector.detect(greyJob({ widthPx: 64, heightPx: 64 }))).detections).toEqual([]);
  });
});
