import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { isInPolygon, type Polygon } from '../../src/geometry/index.js';
import { streetModel } from '../models/scene/street-model.js';
import { sharedDir } from '../support/shared-data.js';
import { runCli, runCliProcess } from './run-cli.js';

interface Told {
  readonly pictures: number;
  readonly width: number;
  readonly height: number;
  readonly proposals: readonly {
    readonly class: string;
    readonly polygon: Polygon;
    readonly confidence: number;
  }[];
}
const roadModel = path.join(sharedDir, 'models/road_segmentation_adas_0001.onnx');
/** Processes that load the runtime, on a busy machine. */
jest.setTimeout(120_000);

const itWithRoad = existsSync(roadModel) ? it : it.skip;

let folder: string;
const inFolder = (name: string) => path.join(folder, name);
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'sightline-scene-'));
  writeFileSync(inFolder('street.onnx'), streetModel());
  const grey = { width: 320, height: 180, channels: 3 as const, background: '#6e6e6e' };
  const lawn = await sharp({ create: { ...grey, width: 128, background: '#3c9628' } })
    .png()
    .toBuffer();
  await sharp({ create: grey })
    .composite([{ input: lawn, left: 0, top: 0 }])
    .png()
    .toFile(inFolder('a.png'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('sightline scene', () => {
  it('tells what a picture shows where, and draws it', async () => {
    const asked = ['scene', inFolder('a.png'), '--model', inFolder('street.onnx')];
    const { status, stdout, stderr } = await runCliProcess([
      ...asked,
      '--out',
      inFolder('out.png'),
      '--json',
    ]);
    expect([status, stderr]).toEqual([0, '']);
    const told = JSON.parse(stdout) as Told;
    expect(told).toMatchObject({ pictures: 1, width: 320, height: 180 });
    expect(told.proposals.map((zone) => zone.class)).toEqual(['road', 'vegetation']);
    expect(isInPolygon([0.7, 0.5], told.proposals[0]!.polygon)).toBe(true);
    const { data, info } = await sharp(inFolder('out.png')).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([320, 180]);
    const pixel = (x: number, y: number) => [
      ...data.subarray((y * 320 + x) * info.channels, (y * 320 + x) * info.channels + 3),
    ];
    expect(pixel(250, 20)).not.toEqual([0x6e, 0x6e, 0x6e]);
    const table = await runCliProcess(asked);
    expect(table.stdout).toMatch(/^1 pictures, street@.*\nroad (59|60)\.\d %, vegetation (39|40)\.\d %\n/);
  });

  it('says how to get a model where there is none, and what cannot be read or written', async () => {
    const empty = { SIGHTLINE_CACHE_DIR: folder };
    const none = await runCli(['scene', inFolder('a.png')], empty);
    expect([none.status, none.stderr]).toEqual([1, expect.stringMatching(/models list --task scene into SIGHTLINE_MODEL_DIR, or .*--model/)]); // prettier-ignore
    const model = ['--model', inFolder('street.onnx')];
    const absent = await runCliProcess(['scene', inFolder('none.png'), ...model]);
    expect([absent.status, absent.stderr]).toEqual([1, expect.stringMatching(/none\.png: ENOENT/)]);
    const unwritable = await runCliProcess([
      'scene',
      inFolder('a.png'),
      ...model,
      '--out',
      inFolder('none/out.png'),
    ]);
    expect([unwritable.status, unwritable.stderr]).toEqual([1, expect.stringMatching(/--out .*out\.png: /)]); // prettier-ignore
  });

  itWithRoad('finds the streets of the demo clip, and neither the plaza nor the sign', async () => {
    const { stdout } = await runCliProcess(['scene', 'streams/demo.mp4', '--model', roadModel, '--pictures', '3', '--json']); // prettier-ignore
    const { proposals, pictures } = JSON.parse(stdout) as Told;
    const isRoad = (x: number, y: number) =>
      proposals.some((zone) => zone.class === 'road' && isInPolygon([x, y], zone.polygon));
    expect(pictures).toBe(3);
    const places: [number, number][] = [[0.8, 0.6], [0.85, 0.45], [0.1, 0.42], [0.2, 0.85], [0.2, 0.1], [0.7, 0.1]]; // prettier-ignore
    expect(places.map(([x, y]) => isRoad(x, y))).toEqual([true, true, true, false, false, false]);
  });
});
