import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { silentLog } from '../../src/base/index.js';
import { defaultTextModels, TextPool } from '../../src/inference/index.js';
import type { TextPicture } from '../../src/reading/index.js';
import { sharedDir } from '../support/shared-data.js';

const plates = path.join(sharedDir, 'data/ocr/plates');
const ifPlates = existsSync(plates) ? it : it.skip;

async function written(text: string, turn = 0): Promise<TextPicture> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="480" height="160"><rect width="100%" height="100%" fill="#eee"/>
    <text x="240" y="100" text-anchor="middle" font-family="DejaVu Sans, sans-serif" font-size="56">${text}</text></svg>`;
  return raw(sharp(Buffer.from(svg)).flatten({ background: '#eee' }).rotate(turn));
}

async function raw(image: ReturnType<typeof sharp>): Promise<TextPicture> {
  const { data, info } = await image
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { rgb: new Uint8Array(data), size: { widthPx: info.width, heightPx: info.height } };
}

const even = (widthPx: number, heightPx: number, value: number): TextPicture => ({
  rgb: new Uint8Array(widthPx * heightPx * 3).fill(value),
  size: { widthPx, heightPx },
});

describe('the thread that reads text', () => {
  let pool: TextPool;
  beforeAll(async () => {
    pool = await TextPool.open({ log: silentLog });
  });
  afterAll(() => pool.close());

  it('reads a line, and says where it is', async () => {
    const { texts } = await pool.read({ picture: await written('HARBOUR 27'), options: {} });
    expect(texts).toHaveLength(1);
    expect(texts[0]!.value.replace(/\s/g, '')).toBe('HARBOUR27');
    expect(texts[0]!.confidence).toBeGreaterThan(0.8);
    expect(texts[0]!.characters.map(({ value }) => value).join('')).toBe(texts[0]!.value);
    const [[x1, y1], , [x2, y2]] = texts[0]!.polygon;
    expect(x1).toBeGreaterThan(20);
    expect(x2).toBeLessThan(460);
    expect(y1).toBeGreaterThan(30);
    expect(y2).toBeLessThan(130);
  });

  it('reads a line on its head, and begins it where it begins', async () => {
    const { texts } = await pool.read({ picture: await written('HARBOUR 27', 180), options: {} });
    expect(texts[0]?.value.replace(/\s/g, '')).toBe('HARBOUR27');
    expect(texts[0]!.polygon[0][0]).toBeGreaterThan(240);
  });

  it('reads a plate by its pattern', async () => {
    const { texts } = await pool.read({ picture: await written('RK-O99AN'), options: { plates: ['sk'] } });
    expect(texts[0]).toMatchObject({ value: 'RK099AN', fitsPattern: true });
  });

  ifPlates('reads a plate of a street scene', async () => {
    const picture = await raw(sharp(path.join(plates, 'eu/test_002.jpg')));
    const { texts } = await pool.read({ picture, options: { plates: ['eu'] } });
    expect(texts[0]?.value).toBe('RK755AJ');
  });

  it.each([
    ['of one pixel', even(1, 1, 0)],
    ['that is black', even(320, 240, 0)],
    ['that is white', even(320, 240, 255)],
    ['of one row', even(5000, 1, 90)],
    ['of one column', even(1, 3000, 90)],
  ])('reads nothing in a picture %s', async (_, picture) => {
    for (const options of [{}, { plates: ['any'] }])
      await expect(pool.read({ picture, options })).resolves.toMatchObject({ texts: [] });
  });

  it('takes a line so long that 10,000 characters would stand in it', async () => {
    const picture = even(16_000, 8, 200);
    await expect(pool.read({ picture, options: { isLine: true } })).resolves.toMatchObject({ lines: 1 });
  });

  it('refuses what is no picture, and patterns that are none, and reads on', async () => {
    const none = { rgb: new Uint8Array(3), size: { widthPx: 2, heightPx: NaN } };
    await expect(pool.read({ picture: none, options: {} })).rejects.toMatchObject({
      code: 'inference/bad-job',
    });
    const picture = await written('ABC 123');
    await expect(pool.read({ picture, options: { plates: ['?'] } })).rejects.toMatchObject({
      code: 'reading/bad-pattern',
    });
    expect((await pool.read({ picture, options: {} })).texts).toHaveLength(1);
  });

  it('gives a picture up that takes too long, and reads the next one in another thread', async () => {
    const hasty = await TextPool.open({ log: silentLog, jobTimeoutMs: 1 });
    await expect(hasty.read({ picture: await written('SLOW'), options: {} })).rejects.toMatchObject({
      code: 'inference/timeout',
    });
    expect(hasty.isIdle).toBe(true);
    await hasty.close();
    await hasty.close();
    await expect(hasty.read({ picture: even(8, 8, 0), options: {} })).rejects.toMatchObject({
      code: 'inference/closed',
    });
  });

  it('refuses files that are no models, and names them', async () => {
    const files = { ...defaultTextModels(), recognitionPath: defaultTextModels().alphabetPath };
    await expect(TextPool.open({ files, log: silentLog })).rejects.toMatchObject({
      message: expect.stringContaining('ppocr_keys_v1.txt'),
    });
  });
});
