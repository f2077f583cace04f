import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { silentLog } from '../../src/base/index.js';
import { i420Bytes, rgbToI420 } from '../../src/frames/index.js';
import { decodeMask, maskOfCells, type Box, type Size } from '../../src/geometry/index.js';
import { defaultMaskHead, InferencePool, loadMaskHead, type SegmentJob } from '../../src/inference/index.js';
import { sound } from '../models/hostile-models.js';

const code = (value: string) => expect.objectContaining({ code: value });
const FRAME: Size = { widthPx: 320, heightPx: 180 };

let folder: string;
let modelPath: string;
let pool: InferencePool;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'sightline-mask-'));
  modelPath = path.join(folder, 'detector.onnx');
  writeFileSync(modelPath, sound);
  pool = await InferencePool.open({ modelPath, maskHead: defaultMaskHead(), workers: 1, log: silentLog });
});
afterAll(async () => {
  await pool.close();
  rmSync(folder, { recursive: true });
});

function pictureOf(colourAt: (x: number, y: number) => readonly [number, number, number]): SharedArrayBuffer {
  const rgb = new Uint8Array(FRAME.widthPx * FRAME.heightPx * 3);
  for (let y = 0; y < FRAME.heightPx; y++)
    for (let x = 0; x < FRAME.widthPx; x++) rgb.set(colourAt(x, y), (y * FRAME.widthPx + x) * 3);
  const memory = new SharedArrayBuffer(i420Bytes(FRAME));
  rgbToI420(rgb, FRAME, new Uint8Array(memory));
  return memory;
}

const job = (
  memory: SharedArrayBuffer,
  boxes: readonly Box[],
  more: Partial<SegmentJob> = {},
): SegmentJob => ({
  memory,
  byteOffset: 0,
  frame: FRAME,
  source: FRAME,
  boxes,
  ...more,
});

describe('a mask head', () => {
  it('tells an object from what is around it, in the order asked for, whatever its shape', async () => {
    const isDisc = (x: number, y: number) => ((x - 160) / 30) ** 2 + ((y - 90) / 60) ** 2 < 1;
    const memory = pictureOf((x, y) => (isDisc(x, y) ? [190, 60, 40] : [90, 110, 90]));
    const boxes: Box[] = [[130, 60, 190, 120], [130, 30, 190, 150], [100, 70, 220, 110], [130, 30, 190, 150]]; // prettier-ignore
    const { masks, cropMs, networkMs } = await pool.segment(job(memory, boxes));
    expect(masks.map(({ columns, rows }) => [columns, rows])).toEqual([[48, 48], [32, 64], [64, 32], [32, 64]]); // prettier-ignore
    expect([...masks[1]!.values]).toEqual([...masks[3]!.values]);
    expect(Math.min(cropMs, networkMs)).toBeGreaterThan(0);
    const pixels = decodeMask(maskOfCells(masks[1]!, boxes[1]!, FRAME));
    let [both, either] = [0, 0];
    for (let y = 0; y < FRAME.heightPx; y++)
      for (let x = 0; x < FRAME.widthPx; x++) {
        const [a, b] = [pixels[y * FRAME.widthPx + x] === 1, isDisc(x, y)];
        if (a && b) both++;
        if (a || b) either++;
      }
    expect(both / either).toBeGreaterThan(0.85);
  });

  it('looks at the same place whatever size the picture was scaled to', async () => {
    const memory = pictureOf((x) => (x > 100 && x < 140 ? [200, 200, 60] : [60, 60, 60]));
    const [here] = (await pool.segment(job(memory, [[96, 40, 144, 150]]))).masks;
    const large = { widthPx: 1280, heightPx: 720 };
    const [there] = (await pool.segment(job(memory, [[384, 160, 576, 600]], { source: large }))).masks;
    expect([...there!.values]).toEqual([...here!.values]);
  });

  it.each<[string, number]>([
    ['black', 0],
    ['white', 255],
    ['even', 128],
  ])(
    'answers with numbers for a picture that is all %s, and for boxes of a pixel or off the picture',
    async (_, grey) => {
      const memory = pictureOf(() => [grey, grey, grey]);
      const boxes: Box[] = [[0, 0, 320, 180], [10, 10, 11, 11], [-200, -100, -150, 50], [310, 170, 900, 600], [5, 5, 5.01, 170]]; // prettier-ignore
      const { masks } = await pool.segment(job(memory, boxes));
      expect(masks).toHaveLength(boxes.length);
      for (const { values } of masks) expect(values.every((value) => value >= 0 && value <= 1)).toBe(true);
      boxes.forEach((box, at) => expect(() => maskOfCells(masks[at]!, box, FRAME)).not.toThrow());
    },
  );

  it.each<[string, readonly Box[], Partial<SegmentJob>]>([
    ['a box without area', [[10, 10, 10, 20]], {}],
    ['a box that is no number', [[NaN, 0, 10, 10]], {}],
    ['a box without end', [[0, 0, Infinity, 10]], {}],
    ['a picture that ends beyond its memory', [[0, 0, 10, 10]], { byteOffset: 2 }],
    ['an odd picture', [[0, 0, 10, 10]], { frame: { widthPx: 319, heightPx: 180 } }],
  ])('refuses %s, and goes on', async (_, boxes, more) => {
    const memory = pictureOf(() => [90, 90, 90]);
    await expect(pool.segment(job(memory, boxes, more))).rejects.toEqual(code('inference/bad-job'));
    expect((await pool.segment(job(memory, [[0, 0, 10, 10]]))).masks).toHaveLength(1);
  });

  it('has nothing to say of no box', async () => {
    expect(
      (
        await pool.segment(
          job(
            pictureOf(() => [1, 2, 3]),
            [],
          ),
        )
      ).masks,
    ).toEqual([]);
  });

  it('is refused by a pool without one, and where its file is not there or something else, each time it is asked', async () => {
    const [memory, boxes]: [SharedArrayBuffer, Box[]] = [pictureOf(() => [1, 2, 3]), [[0, 0, 10, 10]]];
    const without = await InferencePool.open({ modelPath, workers: 1, log: silentLog });
    expect(() => without.segment(job(memory, boxes))).toThrow(code('inference/no-mask-head'));
    await without.close();
    for (const [maskHeadPath, expected] of [
      [path.join(folder, 'none.onnx'), 'model/not-found'],
      [modelPath, 'model/shape'],
    ] as const) {
      // prettier-ignore
      const other = await InferencePool.open({ modelPath, maskHead: { maskHeadPath }, workers: 1, log: silentLog });
      for (let i = 0; i < 2; i++)
        await expect(other.segment(job(memory, boxes))).rejects.toMatchObject({ code: expected, message: expect.stringContaining(maskHeadPath) }); // prettier-ignore
      await other.close();
    }
  });

  it('has a version that tells its file', async () => {
    expect((await loadMaskHead(defaultMaskHead())).version).toMatch(/^sightline-mask@sha256:[0-9a-f]{12}$/);
  });
});
