import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { silentLog } from '../../src/base/index.js';
import { i420Bytes, rgbToI420 } from '../../src/frames/index.js';
import { boxIou, type Box, type Size } from '../../src/geometry/index.js';
import { InferencePool, type FollowJob, type KernelStore } from '../../src/inference/index.js';
import { sound } from '../models/hostile-models.js';
import { TINY_METADATA, tinyFollower } from '../models/follower/tiny-follower.js';
import { sharedDir } from '../support/shared-data.js';
import { greyJob, imageJob } from './pictures.js';

const code = (value: string) => expect.objectContaining({ code: value });
const FRAME = { widthPx: 320, heightPx: 180 };
type Rgb = readonly [number, number, number];
const RED: Rgb = [200, 40, 40];
const GREEN: Rgb = [40, 180, 60];

/** A grey picture with plain squares in it. The follower of these tests sees steps of 8 pixels. */
function pictureOf(squares: readonly { box: Box; colour: Rgb }[], size: Size = FRAME): SharedArrayBuffer {
  const rgb = new Uint8Array(size.widthPx * size.heightPx * 3).fill(110);
  for (const { box, colour } of squares)
    for (let y = box[1]; y < box[3]; y++)
      for (let x = box[0]; x < box[2]; x++) rgb.set(colour, (y * size.widthPx + x) * 3);
  const memory = new SharedArrayBuffer(i420Bytes(size));
  rgbToI420(rgb, size, new Uint8Array(memory));
  return memory;
}

const square = (x: number, y: number, side = 32): Box => [x, y, x + side, y + side];

let folder: string;
let modelPath: string;
let tiny: { templatePath: string; searchPath: string };
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sightline-follow-'));
  modelPath = file('detector.onnx', sound);
  tiny = pair('tiny', tinyFollower());
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, bytes: Uint8Array): string {
  const made = path.join(folder, name);
  writeFileSync(made, bytes);
  return made;
}

function pair(name: string, { template, search }: { template: Uint8Array; search: Uint8Array }) {
  return {
    templatePath: file(`${name}-template.onnx`, template),
    searchPath: file(`${name}-search.onnx`, search),
  };
}

async function withPool(
  options: Partial<Parameters<typeof InferencePool.open>[0]>,
  use: (pool: InferencePool, kernels: KernelStore) => Promise<void>,
): Promise<void> {
  const pool = await InferencePool.open({
    modelPath,
    follower: tiny,
    workers: 1,
    log: silentLog,
    ...options,
  });
  try {
    await use(pool, pool.createKernelStore(16));
  } finally {
    await pool.close();
  }
}

const job = (
  memory: SharedArrayBuffer,
  kernels: KernelStore,
  asked: Partial<Pick<FollowJob, 'searches' | 'templates' | 'source' | 'frame' | 'byteOffset'>>,
): FollowJob => ({
  memory,
  byteOffset: 0,
  frame: FRAME,
  source: FRAME,
  kernels,
  searches: [],
  templates: [],
  ...asked,
});

describe('InferencePool.follow', () => {
  it('finds what a template shows where it has moved to, among others, whichever worker made the template', () =>
    withPool({ workers: 2 }, async (pool, kernels) => {
      const [red, green] = [kernels.take()!, kernels.take()!];
      const before = pictureOf([
        { box: square(40, 60), colour: RED },
        { box: square(80, 60), colour: GREEN },
      ]);
      const templates = [
        { slot: red, box: square(40, 60) },
        { slot: green, box: square(80, 60) },
      ];
      const made = await pool.follow(job(before, kernels, { templates }));
      expect(made.templates.map(({ slot }) => slot)).toEqual([red, green]);
      const after = pictureOf([
        { box: square(56, 68), colour: RED },
        { box: square(88, 52), colour: GREEN },
      ]);
      const searches = templates.map(({ slot, box }) => ({ slot, box }));
      const found = await Promise.all([
        pool.follow(job(after, kernels, { searches })),
        pool.follow(job(after, kernels, { searches })),
      ]);
      for (const {
        searches: [first, second],
      } of found) {
        expect(boxIou(first!.box, square(56, 68))).toBeGreaterThan(0.7);
        expect(boxIou(second!.box, square(88, 52))).toBeGreaterThan(0.7);
        expect(Math.min(first!.confidence, second!.confidence)).toBeGreaterThan(0.8);
      }
      expect(pool.follower).toMatchObject({ embeddingLength: 3 });
      expect(pool.follower!.version).toMatch(/^tiny-follower@sha256:[0-9a-f]{12}$/);
    }));

  it('is not confident of an object that is gone', () =>
    withPool({}, async (pool, kernels) => {
      const slot = kernels.take()!;
      const here = pictureOf([{ box: square(40, 60), colour: RED }]);
      await pool.follow(job(here, kernels, { templates: [{ slot, box: square(40, 60) }] }));
      const gone = await pool.follow(
        job(pictureOf([]), kernels, { searches: [{ slot, box: square(40, 60) }] }),
      );
      expect(gone.searches[0]!.confidence).toBeLessThan(0.2);
    }));

  it('takes and gives boxes in pixels of the source, whatever size the picture has', () =>
    withPool({}, async (pool, kernels) => {
      const slot = kernels.take()!;
      const source = { widthPx: 1280, heightPx: 720 };
      const scaled = (box: Box): Box => [box[0] * 4, box[1] * 4, box[2] * 4, box[3] * 4];
      const before = pictureOf([{ box: square(40, 60), colour: RED }]);
      const template = { slot, box: scaled(square(40, 60)) };
      await pool.follow(job(before, kernels, { source, templates: [template] }));
      const after = pictureOf([{ box: square(48, 68), colour: RED }]);
      const { searches } = await pool.follow(job(after, kernels, { source, searches: [template] }));
      expect(boxIou(searches[0]!.box, scaled(square(48, 68)))).toBeGreaterThan(0.7);
    }));

  it('searches for more boxes than fit into one run, in their order, and the same again', () =>
    withPool({}, async (pool, kernels) => {
      const boxes = Array.from({ length: 13 }, (_, i) =>
        square(8 + (i % 7) * 44, 20 + Math.floor(i / 7) * 60),
      );
      const memory = pictureOf(
        boxes.map((box, i) => ({ box, colour: [20 * i, 250 - 20 * i, (i % 3) * 120] })),
      );
      const templates = boxes.map((box) => ({ slot: kernels.take()!, box }));
      await pool.follow(job(memory, kernels, { templates }));
      const once = await pool.follow(job(memory, kernels, { searches: templates }));
      once.searches.forEach(({ slot, box }, i) => {
        expect(slot).toBe(templates[i]!.slot);
        expect(boxIou(box, boxes[i]!)).toBeGreaterThan(0.8);
      });
      const again = await pool.follow(job(memory, kernels, { searches: templates }));
      expect(again.searches).toEqual(once.searches);
    }));

  it('gives an embedding for each template, and for boxes that need no template', () =>
    withPool({}, async (pool, kernels) => {
      const memory = pictureOf([
        { box: square(40, 60), colour: RED },
        { box: square(140, 60), colour: GREEN },
      ]);
      const templates = [{ box: square(40, 60) }, { slot: kernels.take()!, box: square(140, 60) }];
      const { templates: made } = await pool.follow(job(memory, kernels, { templates }));
      const lengths = made.map(({ embedding }) => Math.hypot(...embedding!));
      expect(lengths).toEqual([expect.closeTo(1, 5), expect.closeTo(1, 5)]);
      expect(made[0]!.embedding![0]).toBeGreaterThan(0.9);
      expect(made[1]!.embedding![1]).toBeGreaterThan(0.9);
    }));

  it('searches with a template as it was before the same job makes it anew', () =>
    withPool({}, async (pool, kernels) => {
      const slot = kernels.take()!;
      const memory = pictureOf([
        { box: square(40, 60), colour: RED },
        { box: square(88, 60), colour: GREEN },
      ]);
      await pool.follow(job(memory, kernels, { templates: [{ slot, box: square(40, 60) }] }));
      const searches = [{ slot, box: square(64, 60) }];
      const both = await pool.follow(
        job(memory, kernels, { searches, templates: [{ slot, box: square(88, 60) }] }),
      );
      expect(boxIou(both.searches[0]!.box, square(40, 60))).toBeGreaterThan(0.7);
      const then = await pool.follow(job(memory, kernels, { searches }));
      expect(boxIou(then.searches[0]!.box, square(88, 60))).toBeGreaterThan(0.7);
    }));

  it('rejects what is no job alone: the worker goes on with the next', () =>
    withPool({}, async (pool, kernels) => {
      const memory = pictureOf([]);
      const [slot, empty] = [kernels.take()!, kernels.take()!];
      const bad: Partial<FollowJob>[] = [
        { templates: [{ slot, box: [NaN, 0, 10, 10] }] },
        { templates: [{ slot, box: [10, 10, 10, 20] }] },
        { templates: [{ slot, box: [0, 0, 1e9, 10] }] },
        { templates: [{ slot: 16, box: square(0, 0) }] },
        { searches: [{ slot: -1, box: square(0, 0) }] },
        { searches: [{ slot: empty, box: square(0, 0) }] },
        { byteOffset: 4 },
        { frame: { widthPx: 321, heightPx: 180 } },
        { source: { widthPx: 0, heightPx: 180 } },
      ];
      for (const asked of bad)
        await expect(pool.follow(job(memory, kernels, asked))).rejects.toThrow(code('inference/bad-job'));
      const other = { memory: new SharedArrayBuffer(64), slots: 5, kernelLength: 3 };
      await expect(pool.follow({ ...job(memory, kernels, {}), kernels: other })).rejects.toThrow(/64 bytes/);
      const { templates } = await pool.follow(
        job(memory, kernels, { templates: [{ slot, box: square(0, 0) }] }),
      );
      expect(templates).toHaveLength(1);
    }));

  it('shares the workers with detection: busy ones take no picture, what waits gets the next, and late ones are replaced', () =>
    withPool({ jobTimeoutMs: 1 }, async (pool, kernels) => {
      const large = { widthPx: 2048, heightPx: 2048 };
      const memory = new SharedArrayBuffer(i420Bytes(large));
      const many = Array.from({ length: 20 }, () => ({ box: [0, 0, 2048, 2048] as Box }));
      const late = expect(
        pool.follow(job(memory, kernels, { frame: large, source: large, templates: many })),
      ).rejects.toThrow(code('inference/timeout'));
      expect(() => pool.detect(greyJob())).toThrow(code('inference/busy'));
      // What a picture in work needs next waits instead, for the new worker.
      const waiting = pool.follow(job(memory, kernels, {}));
      await late;
      const outcome = await waiting.then(
        () => 'done',
        ({ code: why }: { code: string }) => why,
      );
      // A millisecond is enough for it, or not; it was begun.
      expect(['done', 'inference/timeout']).toContain(outcome);
    }));

  it('is refused by a pool without a follower, and by one that is closed', async () => {
    const without = await InferencePool.open({ modelPath, workers: 1, log: silentLog });
    expect(without.follower).toBeUndefined();
    expect(() => without.createKernelStore(4)).toThrow(code('inference/no-follower'));
    await without.close();
    const pool = await InferencePool.open({ modelPath, follower: tiny, workers: 1, log: silentLog });
    const kernels = pool.createKernelStore(1);
    await pool.close();
    expect(() => pool.follow(job(pictureOf([]), kernels, {}))).toThrow(code('inference/closed'));
  });

  it.each<[string, string, () => { templatePath: string; searchPath: string }, RegExp]>([
    [
      'a file that is not there',
      'model/not-found',
      () => ({ ...tiny, searchPath: path.join(folder, 'none.onnx') }),
      /none\.onnx/,
    ],
    [
      'half a file',
      'model/invalid',
      () => ({ ...tiny, templatePath: file('half.onnx', tinyFollower().template.subarray(0, 300)) }),
      /half\.onnx/,
    ],
    [
      'two files that differ',
      'model/shape',
      () => pair('mixed', tinyFollower({ search: { ...TINY_METADATA, grid: '8' } })),
      /mixed-template\.onnx/,
    ],
    [
      'a detector',
      'model/shape',
      () => ({ templatePath: modelPath, searchPath: modelPath }),
      /detector\.onnx/,
    ],
  ])('is not opened with %s: %s, naming the file', async (_, expected, made, named) => {
    const refused = InferencePool.open({ modelPath, follower: made(), workers: 2, log: silentLog });
    await expect(refused).rejects.toThrow(code(expected));
    await expect(refused).rejects.toThrow(named);
  });
});

describe('KernelStore', () => {
  it('hands out each slot once, and forgets what was in it', () =>
    withPool({}, async (pool) => {
      const kernels = pool.createKernelStore(2);
      const [first, second] = [kernels.take()!, kernels.take()!];
      expect([first, second].sort()).toEqual([0, 1]);
      expect([kernels.take(), kernels.free]).toEqual([undefined, 0]);
      const memory = pictureOf([]);
      await pool.follow(job(memory, kernels, { templates: [{ slot: first, box: square(0, 0) }] }));
      kernels.release(first);
      expect(() => kernels.release(first)).toThrow(/not taken/);
      expect(kernels.take()).toBe(first);
      const empty = pool.follow(job(memory, kernels, { searches: [{ slot: first, box: square(0, 0) }] }));
      await expect(empty).rejects.toThrow(/holds no template/);
    }));
});

const models = path.join(sharedDir, 'models');
const crossing = path.join(sharedDir, 'data', 'sot', 'otb_Crossing', 'img');
const itWith = existsSync(models) && existsSync(crossing) ? it : it.skip;
describe('NanoTrack in a pool', () => {
  itWith.each([
    ['v2', '_backbone_sim', '_head_sim'],
    ['v3', '_backbone', '_head'],
  ])(
    '%s finds a pedestrian in the next picture, and is less sure where there is none',
    async (version, backbone, head) => {
      const part = (name: string) => path.join(models, `nanotrack${version}_nanotrack${name}.onnx`);
      const source = { widthPx: 360, heightPx: 240 };
      const picture = (name: string) => imageJob(path.join(crossing, name), source, 360);
      const follower = { templatePath: part(backbone), searchPath: part(head) };
      await withPool({ follower }, async (pool, kernels) => {
        const slot = kernels.take()!;
        const box: Box = [204, 150, 221, 200];
        const asked = (name: string) => {
          const { memory, frame } = picture(name);
          return job(memory, kernels, { frame, source });
        };
        await pool.follow({ ...asked('0001.jpg'), templates: [{ slot, box }] });
        const found = await pool.follow({ ...asked('0002.jpg'), searches: [{ slot, box }] });
        expect(boxIou(found.searches[0]!.box, [201, 149, 220, 198])).toBeGreaterThan(0.7);
        expect(found.searches[0]!.confidence).toBeGreaterThan(0.8);
        const away = await pool.follow({ ...asked('0002.jpg'), searches: [{ slot, box: [20, 20, 37, 70] }] });
        expect(away.searches[0]!.confidence).toBeLessThan(found.searches[0]!.confidence - 0.05);
      });
    },
  );
});
