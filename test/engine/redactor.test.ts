import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { createLog, silentLog, type AppError } from '../../src/base/index.js';
import { findCovered, Redactor, type RedactWish } from '../../src/engine/redactor.js';
import { decodeMask, type Box, type MaskRle } from '../../src/geometry/index.js';
import { defaultMaskHead, ensureDefaultDetector, InferencePool } from '../../src/inference/index.js';
import { ffmpegPrograms } from '../support/clips.js';

const WISH: RedactWish = { labels: ['person'], fill: 'black', shape: 'box', known: [] };
/** A picture of the demo clip in which people are near. */
const AT = 60;

interface TruthObject {
  readonly label: string;
  readonly visibility: number;
  readonly box: Box | null;
  readonly mask: MaskRle;
}

let pool: InferencePool;
let jpeg: Buffer;
let people: TruthObject[];
beforeAll(async () => {
  const modelPath = await ensureDefaultDetector({ log: createLog('error'), onProgress: () => undefined });
  pool = await InferencePool.open({ modelPath, maskHead: defaultMaskHead(), workers: 1, log: silentLog });
  jpeg = execFileSync(ffmpegPrograms[0]!.path, ['-v', 'error', '-i', 'streams/demo.mp4', '-vf', `select=eq(n\\,${AT})`, '-frames:v', '1', '-q:v', '2', '-f', 'mjpeg', '-'], { maxBuffer: 1 << 24 }); // prettier-ignore
  const lines = readFileSync('streams/demo.truth.jsonl', 'utf8').trim().split('\n').slice(1);
  const { objects } = JSON.parse(lines[AT]!) as { objects: TruthObject[] };
  people = objects.filter(
    ({ label, visibility, box }) =>
      label === 'person' && visibility > 0.5 && box !== null && (box[2] - box[0]) * (box[3] - box[1]) > 900,
  );
}, 120_000);
afterAll(() => pool.close());

const pixelsOf = async (picture: Uint8Array) =>
  sharp(picture).removeAlpha().raw().toBuffer({ resolveWithObject: true });
/** Of the pixels of a mask, how many are as good as black. */
async function blackShare(picture: Uint8Array, mask: MaskRle): Promise<number> {
  const { data } = await pixelsOf(picture);
  let [all, black] = [0, 0];
  decodeMask(mask).forEach((isInside, at) => {
    if (isInside === 0) return;
    all++;
    if (Math.max(data[3 * at]!, data[3 * at + 1]!, data[3 * at + 2]!) < 24) black++;
  });
  return black / all;
}
async function refusal(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'none',
    (error: unknown) => (error as AppError).code,
  );
}

describe('a redacted picture', () => {
  it.each(['box', 'outline'] as const)(
    'shows nobody, by %s, and the rest as it was',
    async (shape) => {
      expect(people.length).toBeGreaterThan(0);
      const covered = await new Redactor().redact(pool, jpeg, { ...WISH, shape });
      for (const { mask } of people) {
        expect(await blackShare(jpeg, mask)).toBeLessThan(0.5);
        expect(await blackShare(covered, mask)).toBeGreaterThan(shape === 'box' ? 0.95 : 0.9);
      }
      const [before, after] = [await pixelsOf(jpeg), await pixelsOf(covered)];
      expect([after.info.width, after.info.height]).toEqual([before.info.width, before.info.height]);
      const same = after.data.reduce(
        (sum, value, at) => sum + (Math.abs(value - before.data[at]!) < 24 ? 1 : 0),
        0,
      );
      expect(same / after.data.length).toBeGreaterThan(0.5);
    },
    60_000,
  );

  it('covers what is known to be there though nothing is seen there', async () => {
    const sky = await sharp({ create: { width: 200, height: 100, channels: 3, background: '#c0d0f0' } }).jpeg().toBuffer(); // prettier-ignore
    const covered = await pixelsOf(
      await new Redactor().redact(pool, sky, { ...WISH, known: [[0.25, 0.2, 0.5, 0.8]] }),
    );
    const red = (x: number, y: number) => covered.data[3 * (y * covered.info.width + x)]!;
    expect(red(75, 50)).toBeLessThan(24);
    expect(red(150, 50)).toBeGreaterThan(170);
  }, 60_000);

  it('covers what was known and is found again once, and by its box of now', async () => {
    const { data, info } = await pixelsOf(jpeg);
    const size = { widthPx: info.width, heightPx: info.height };
    const found = await findCovered(pool, data, size, WISH);
    const [x1, y1, x2, y2] = found[0]!.box;
    const known: Box = [(x1 + 1) / info.width, y1 / info.height, (x2 + 1) / info.width, y2 / info.height];
    expect(await findCovered(pool, data, size, { ...WISH, known: [known] })).toEqual(found);
  }, 60_000);

  it.each([
    ['one pixel', { width: 1, height: 1 }, '#808080'],
    ['two by three', { width: 2, height: 3 }, '#808080'],
    ['a single row', { width: 640, height: 1 }, '#808080'],
    ['all black', { width: 320, height: 180 }, '#000000'],
    ['all white', { width: 320, height: 180 }, '#ffffff'],
  ] as const)(
    'may be %s',
    async (_what, { width, height }, background) => {
      const empty = await sharp({ create: { width, height, channels: 3, background } })
        .jpeg()
        .toBuffer();
      const covered = await sharp(await new Redactor().redact(pool, empty, WISH)).metadata();
      expect([covered.width, covered.height]).toEqual([width, height]);
    },
    60_000,
  );

  it('may be grey', async () => {
    const grey = await sharp(jpeg).greyscale().jpeg().toBuffer();
    const covered = await new Redactor().redact(pool, grey, WISH);
    for (const { mask } of people) expect(await blackShare(covered, mask)).toBeGreaterThan(0.9);
  }, 60_000);

  it('is refused where it cannot be read, is cut off, or the detector does not know the label', async () => {
    const redactor = new Redactor();
    expect(await refusal(redactor.redact(pool, Buffer.from('no picture'), WISH))).toBe(
      'engine/cannot-redact',
    );
    expect(await refusal(redactor.redact(pool, Buffer.alloc(0), WISH))).toBe('engine/cannot-redact');
    expect(await refusal(redactor.redact(pool, jpeg.subarray(0, jpeg.length / 2), WISH))).toBe('engine/cannot-redact'); // prettier-ignore
    expect(await refusal(redactor.redact(pool, jpeg, { ...WISH, labels: ['unicorn'] }))).toBe('engine/cannot-redact'); // prettier-ignore
    // The next one is none the worse for it.
    expect((await redactor.redact(pool, jpeg, WISH)).length).toBeGreaterThan(1000);
  }, 60_000);

  it('is refused while eight wait', async () => {
    const redactor = new Redactor();
    const small = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#fff' } })
      .jpeg()
      .toBuffer();
    const all = Array.from({ length: 9 }, () => refusal(redactor.redact(pool, small, WISH)));
    expect(await all.at(-1)).toBe('engine/redact-busy');
    expect(new Set(await Promise.all(all.slice(0, -1)))).toEqual(new Set(['none']));
  }, 60_000);
});
