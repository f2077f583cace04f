import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as ort from 'onnxruntime-node';
import { openSession } from '../../../src/inference/session.js';
import { importCenternet, importTfjs, parseTfGraph, type TfModel } from '../../../src/models/index.js';
import { tinyTfModel } from './tiny-tf-model.js';

/** Models of the npm package that also brings the default detector: real files of a real converter. */
const modelDir = path.resolve('node_modules/@vladmandic/human/models');

function load(name: string): TfModel {
  const read = (extension: string) => readFileSync(path.join(modelDir, `${name}.${extension}`));
  return { graph: parseTfGraph(read('json').toString()), shards: read('bin') };
}

/** Input that looks like a picture to a network: all values of 0..scale, well mixed, the same everywhere. */
function pattern(count: number, scale: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => (((i * 7919) % 256) / 256) * scale);
}

async function run(onnx: Uint8Array, input: ort.Tensor): Promise<ort.InferenceSession.OnnxValueMapType> {
  const session = await openSession(onnx);
  return session.run({ [session.inputNames[0]!]: input });
}

function firstValues(tensor: ort.Tensor | undefined, count: number): number[] {
  return [...(tensor!.data as Float32Array).subarray(0, count)];
}

describe('importTfjs', () => {
  // Expected values: TF.js 4.22.0 (CPU backend) on the same pattern.
  it.each([
    ['emotion', [1, 64, 64, 1], 'Identity', [0.000908514, 0.557894, 0.00000897711]],
    ['antispoof', [1, 128, 128, 3], 'Identity', [0.887026]],
    ['liveness', [1, 32, 32, 3], 'Identity', [0.804576, 0.195424]],
    ['blazeface', [1, 256, 256, 3], 'Identity_3', [1.94455, 6.88687, 92.1815]],
    ['blazeface', [1, 256, 256, 3], 'Identity', [-3.72283, -3.15712, -4.96212]],
  ])('gives the outputs of TF.js for %s %j %s', async (name, dims, output, expected) => {
    const count = dims.reduce((product, length) => product * length, 1);
    const outputs = await run(importTfjs(load(name)), new ort.Tensor('float32', pattern(count, 1), dims));
    firstValues(outputs[output], expected.length).forEach((value, i) =>
      expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-5 * Math.max(1, Math.abs(expected[i]!)) + 1e-6),
    );
  });

  it('pads SAME with the odd pixel behind, as TensorFlow does', async () => {
    const kernel = { name: 'w', shape: [3, 3, 1, 1], values: [1, 2, 3, 4, 5, 6, 7, 8, 9] };
    const model = tinyTfModel({
      input: [1, 4, 4, 1],
      constants: [kernel],
      nodes: [{ name: 'out', op: 'Conv2D', input: ['x', 'w'], strides: [2, 2], padding: 'SAME' }],
    });
    const image = Float32Array.from({ length: 16 }, (_, i) => i);
    const { out } = await run(importTfjs(model), new ort.Tensor('float32', image, [1, 4, 4, 1]));
    // By hand: rows and columns 0–2, then 2–3 and a zero behind.
    expect(firstValues(out, 4)).toEqual([303, 225, 253, 163]);
  });

  it('reads uint8 weights as scale and minimum say', async () => {
    const weights = {
      name: 'w',
      shape: [2, 1],
      values: [0, 255],
      quantization: { dtype: 'uint8' as const, scale: 0.01, min: -1 },
    };
    const model = tinyTfModel({
      input: [1, 2],
      constants: [weights],
      nodes: [{ name: 'out', op: 'MatMul', input: ['x', 'w'] }],
    });
    const { out } = await run(importTfjs(model), new ort.Tensor('float32', Float32Array.of(10, 100), [1, 2]));
    expect(firstValues(out, 1)[0]).toBeCloseTo(10 * -1 + 100 * 1.55, 3);
  });

  it('names every operator that it does not know, with count and nodes, at once', () => {
    const model = tinyTfModel({
      input: [1, 2],
      constants: [],
      nodes: [
        { name: 'a', op: 'Bessel', input: ['x'] },
        { name: 'b', op: 'Bessel', input: ['a'] },
        { name: 'out', op: 'Wavelet', input: ['b'] },
      ],
    });
    expect(() => importTfjs(model)).toThrow(
      expect.objectContaining({
        code: 'model/import-unsupported',
        message: expect.stringMatching(/Bessel ×2 \((a, b|b, a)\)/),
      }),
    );
    expect(() => importTfjs(model)).toThrow(/Wavelet ×1 \(out\)/);
  });

  it('refuses shards that are too short, too long, and files that are no graph model', () => {
    const { graph, shards } = load('liveness');
    const code = (value: string) => expect.objectContaining({ code: value });
    expect(() => importTfjs({ graph, shards: shards.subarray(0, -1) })).toThrow(code('model/import-invalid'));
    expect(() => importTfjs({ graph, shards: Buffer.concat([shards, Buffer.alloc(4)]) })).toThrow(
      code('model/import-invalid'),
    );
    expect(() => parseTfGraph('{"format":"layers-model"}')).toThrow(/layers-model/);
    expect(() => parseTfGraph('{')).toThrow(code('model/import-invalid'));
  });
});

describe('importCenternet', () => {
  let session: ort.InferenceSession;
  beforeAll(async () => {
    session = await openSession(importCenternet(load('centernet')));
  });

  /** The pattern as interleaved bytes, moved into planes. */
  const picture = (widthPx: number, heightPx: number) => {
    const area = widthPx * heightPx;
    const bytes = pattern(area * 3, 256);
    const planar = Float32Array.from(
      { length: area * 3 },
      (_, i) => bytes[(i % area) * 3 + Math.floor(i / area)]!,
    );
    return new ort.Tensor('float32', planar.map(Math.trunc), [1, 3, heightPx, widthPx]);
  };

  it('gives the outputs of TF.js', async () => {
    const { logits, wh } = await session.run({ image: picture(512, 512) });
    const cell = 64 * 128 + 64;
    const values = (tensor: ort.Tensor | undefined, width: number, count: number) =>
      [...(tensor!.data as Float32Array).subarray(cell * width, cell * width + count)].map((v) =>
        Number(v.toFixed(2)),
      );
    // TF.js 4.22.0 (CPU backend), whose float16 weights hold 0.16663 for 1/6 in each hard-swish.
    expect(values(logits, 80, 4)).toEqual([-4.71, -5.49, -5.61, -6.15]);
    expect(values(wh, 4, 4)).toEqual([158.12, 267.46, 189.33, 253.26]);
  });

  it('takes any multiples of 32 and gives the best logit of each cell', async () => {
    const { logits, best, wh } = await session.run({ image: picture(512, 288) });
    expect([logits!.dims, best!.dims, wh!.dims]).toEqual([
      [1, 72, 128, 80],
      [1, 72, 128],
      [1, 72, 128, 4],
    ]);
    const scores = logits!.data as Float32Array;
    const highest = new Float32Array(72 * 128).map((_, cell) =>
      Math.max(...scores.subarray(cell * 80, cell * 80 + 80)),
    );
    expect(best!.data).toEqual(highest);
  });
});
