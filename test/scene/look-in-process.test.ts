import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { systemClock } from '../../src/base/index.js';
import { isInPolygon } from '../../src/geometry/index.js';
import { lookInProcess } from '../../src/scene/index.js';
import { tinyModel } from '../models/tiny-model.js';
import { streetModel } from '../models/scene/street-model.js';

/** Processes that load the runtime, on a busy machine. */
jest.setTimeout(120_000);

const code = (value: string) => expect.objectContaining({ code: value });
let folder: string;
let modelPath: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sightline-scene-'));
  modelPath = path.join(folder, 'street.onnx');
  writeFileSync(modelPath, streetModel());
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Sky above a third, a lawn at the left of what is below, and a street; a car of sky's colour stands somewhere on it. */
async function street(carLeft?: number): Promise<Buffer> {
  const rgb = Buffer.alloc(320 * 240 * 3);
  for (let y = 0; y < 240; y++)
    for (let x = 0; x < 320; x++) {
      const isCar = carLeft !== undefined && y >= 150 && y < 200 && x >= carLeft && x < carLeft + 60;
      const colour = y < 80 || isCar ? [90, 130, 230] : x < 120 ? [60, 150, 40] : [110, 110, 110];
      rgb.set(colour, (y * 320 + x) * 3);
    }
  return sharp(rgb, { raw: { width: 320, height: 240, channels: 3 } })
    .jpeg({ quality: 95 })
    .toBuffer();
}
const ask = (pictures: readonly Uint8Array[], signal = new AbortController().signal, model = modelPath) =>
  lookInProcess({ modelPath: model, pictures }, { clock: systemClock, signal });

describe('a process that looks at a scene', () => {
  it('proposes zones of what several pictures show together, cars left out', async () => {
    const look = await ask(await Promise.all([130, 190, 250].map(street)));
    expect(look).toMatchObject({ pictures: 3, size: { widthPx: 320, heightPx: 240 } });
    expect(look.model).toMatch(/^street@sha256:[0-9a-f]{12}$/);
    expect(look.proposals.map((zone) => zone.class)).toEqual(['road', 'vegetation']);
    const [road, lawn] = look.proposals;
    expect(road!.share).toBeCloseTo((200 / 320) * (2 / 3), 1);
    expect(lawn!.share).toBeCloseTo((120 / 320) * (2 / 3), 1);
    // Where each of the cars stood, there is road.
    for (const x of [160, 220, 280]) expect(isInPolygon([x / 320, 175 / 240], road!.polygon)).toBe(true);
    expect(isInPolygon([60 / 320, 175 / 240], lawn!.polygon)).toBe(true);
    expect(look.classes.map(({ class: name }) => name).sort()).toEqual(['pavement', 'road', 'vegetation']);
    expect(look.networkMs).toBeGreaterThan(0);
  });

  it('says what is wrong with a picture, or with a model, by name', async () => {
    await expect(ask([Buffer.from('no picture')])).rejects.toEqual(code('scene/bad-picture'));
    await expect(ask([])).rejects.toEqual(code('scene/bad-picture'));
    const other = path.join(folder, 'other.onnx');
    writeFileSync(other, tinyModel({}));
    await expect(ask([await street()], undefined, other)).rejects.toMatchObject({
      code: 'model/shape',
      message: expect.stringContaining('other.onnx'),
    });
    await expect(ask([await street()], undefined, `${folder}/none.onnx`)).rejects.toEqual(
      code('model/not-found'),
    );
  });

  it('ends when nobody wants to know any more', async () => {
    const gone = new AbortController();
    const asked = ask([await street()], gone.signal);
    gone.abort();
    await expect(asked).rejects.toEqual(code('scene/stopped'));
    await expect(ask([], gone.signal)).rejects.toEqual(code('scene/stopped'));
  });
});
