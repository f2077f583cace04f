import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import * as ort from 'onnxruntime-node';
import sharp from 'sharp';
import { findFfmpeg } from '../../src/media/index.js';
import {
  checkModel,
  PLANES,
  prepareDetector,
  type DetectorDescription,
  type DetectorInput,
} from '../../src/models/index.js';
import { GraphBuilder } from '../../src/models/onnx/graph-builder.js';

const INPUT: DetectorInput = {
  name: 'image',
  dtype: 'float32',
  layout: 'nchw',
  order: 'rgb',
  mean: [0, 0, 0],
  std: [1, 1, 1],
  size: 'dynamic',
  stridePx: 2,
  fit: 'letterbox',
  anchor: 'centre',
  border: 114,
};

/** A model that gives back the picture that it was shown, prepared. */
function mirror(
  changes: Partial<DetectorInput> = {},
  constants: DetectorDescription['constants'] = [],
): Uint8Array {
  const input = { ...INPUT, ...changes };
  const builder = new GraphBuilder();
  const size = input.size === 'dynamic' ? ['height', 'width'] : [input.size.heightPx, input.size.widthPx];
  builder.input(
    'image',
    input.dtype === 'uint8' ? 'uint8' : 'float32',
    input.layout === 'nchw' ? [1, 3, ...size] : [1, ...size, 3],
  );
  for (const { name, dims } of constants) builder.input(name, 'float32', dims);
  const picture = builder.node('Cast', ['image'], { to: { int: 1 } });
  builder.node('Mul', [picture, constants[0]?.name ?? builder.floats([1], Float32Array.of(1))], {}, 'seen');
  builder.output('seen', input.layout === 'nchw' ? [1, 3, 'h', 'w'] : [1, 'h', 'w', 3]);
  return prepareDetector(builder.build('mirror'), { family: 'x', input, classes: [], constants, facts: {} });
}

async function see(
  model: Uint8Array,
  picture: Uint8Array,
  widthPx: number,
  heightPx: number,
): Promise<Float32Array> {
  const session = await ort.InferenceSession.create(model, { logSeverityLevel: 3 });
  const area = widthPx * heightPx;
  const plane = (from: number, to: number, dims: number[]) =>
    new ort.Tensor('uint8', picture.slice(from, to), [1, 1, ...dims]);
  const [y, u, v] = PLANES;
  const half = [heightPx / 2, widthPx / 2];
  const { seen } = await session.run({
    [y]: plane(0, area, [heightPx, widthPx]),
    [u]: plane(area, area * 1.25, half),
    [v]: plane(area * 1.25, area * 1.5, half),
  });
  return seen!.data as Float32Array;
}

const onePixel = (y: number, u: number, v: number) => Uint8Array.of(y, y, y, y, u, v);

describe('prepareDetector', () => {
  // BT.601 limited range, from the standard's own equations.
  it.each([
    ['black', [16, 128, 128], [0, 0, 0]],
    ['white', [235, 128, 128], [255, 255, 255]],
    ['mid grey', [126, 128, 128], [128, 128, 128]],
    ['red', [81, 90, 240], [254, 0, 0]],
    ['green', [145, 54, 34], [0, 255, 1]],
    ['blue', [41, 240, 110], [0, 0, 255]],
  ] as const)('turns %s into its RGB value within one step', async (_, [y, u, v], expected) => {
    const seen = await see(mirror(), onePixel(y, u, v), 2, 2);
    expected.forEach((value, channel) => {
      expect(Math.abs(seen[channel * 4]! - value)).toBeLessThanOrEqual(1.1);
      expect(new Set(seen.subarray(channel * 4, channel * 4 + 4)).size).toBe(1);
    });
  });

  it('puts blue first, and takes mean and std of each channel, where the model wants it so', async () => {
    const plain = await see(mirror(), onePixel(81, 90, 200), 2, 2);
    const [r, g, b] = [plain[0]!, plain[4]!, plain[8]!];
    const seen = await see(
      mirror({ order: 'bgr', mean: [10, 20, 30], std: [2, 4, 8] }),
      onePixel(81, 90, 200),
      2,
      2,
    );
    expect(seen[0]).toBeCloseTo((b - 10) / 2, 3);
    expect(seen[4]).toBeCloseTo((g - 20) / 4, 3);
    expect(seen[8]).toBeCloseTo((r - 30) / 8, 3);
  });

  it('rounds and clips for a model that takes bytes, interleaved', async () => {
    const model = mirror({ dtype: 'uint8', layout: 'nhwc', size: { widthPx: 2, heightPx: 2 } });
    expect([...(await see(model, onePixel(255, 128, 128), 2, 2))]).toEqual(new Array(12).fill(255));
    expect([...(await see(model, onePixel(0, 128, 128), 2, 2))]).toEqual(new Array(12).fill(0));
    expect([...(await see(model, onePixel(126, 128, 128), 2, 2))]).toEqual(new Array(12).fill(128));
  });

  it('fills further inputs with their constants, so that nobody has to feed them', async () => {
    const model = mirror({}, [{ name: 'gain', type: 'float32', dims: [1], values: [3] }]);
    expect(checkModel(model).inputs.map(({ name }) => name)).toEqual([...PLANES]);
    expect((await see(model, onePixel(235, 128, 128), 2, 2))[0]).toBeCloseTo(765, 1);
  });

  it('keeps every pixel at its place, and agrees with FFmpeg within 2 steps on smooth colours', async () => {
    const [widthPx, heightPx] = [128, 96];
    // Colours that change slowly: chroma of 2×2 pixels is then what it is of each.
    const rgb = new Uint8Array(widthPx * heightPx * 3);
    for (let y = 0; y < heightPx; y++)
      for (let x = 0; x < widthPx; x++)
        rgb.set([40 + x, 220 - y, 60 + ((x + y) >> 1)], (y * widthPx + x) * 3);
    const png = await sharp(rgb, { raw: { width: widthPx, height: heightPx, channels: 3 } })
      .png()
      .toBuffer();
    const scale =
      'scale=out_color_matrix=bt601:out_range=tv:flags=accurate_rnd+full_chroma_int,format=yuv420p';
    const { path: ffmpeg } = await findFfmpeg();
    const picture = execFileSync(ffmpeg, ['-v', 'error', '-i', '-', '-vf', scale, '-f', 'rawvideo', '-'], {
      input: png,
    });
    const seen = await see(mirror(), picture, widthPx, heightPx);
    const area = widthPx * heightPx;
    let worst = 0;
    for (let i = 0; i < area; i++)
      for (let channel = 0; channel < 3; channel++)
        worst = Math.max(worst, Math.abs(Math.round(seen[channel * area + i]!) - rgb[i * 3 + channel]!));
    expect(worst).toBeLessThanOrEqual(2);
  });
});
