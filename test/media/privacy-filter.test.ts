import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isInPolygon, type Polygon } from '../../src/geometry/index.js';
import type { PrivacyMask } from '../../src/media/index.js';
import { ffmpegPrograms } from '../support/clips.js';
import { ffmpegOutput } from '../support/fragments.js';
import { runFfmpeg } from '../support/run-ffmpeg.js';
import { remux } from './remux.js';

const [widthPx, heightPx] = [322, 182];
const FRAMES = 3;
/** Squares of four pixels, light and dark: of what is made coarse, grey is left. */
const PICTURE = `color=black:size=${widthPx}x${heightPx}:rate=5:duration=1,geq=lum='if(mod(floor(X/4)+floor(Y/4),2),200,50)':cb=128:cr=128,format=yuv420p`;
/** Beyond a polygon that is not upright, and for the codec's blocks: shares of the picture. */
const BORDER = 0.05;
const slanted: Polygon = [[0.2, 0.2], [0.7, 0.35], [0.5, 0.9], [0.1, 0.6]]; // prettier-ignore

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(path.join(os.tmpdir(), 'sightline-privacy-'))));
afterAll(() => rm(folder, { recursive: true }));

/** Luma of all pictures, one after the other. */
const lumaOf = (program: string, file: string) =>
  ffmpegOutput(program, ['-i', file, '-frames:v', String(FRAMES), '-f', 'rawvideo', '-pix_fmt', 'gray']);

/** Whether a place and all around it are on one side of the polygon. */
function sideOf(x: number, y: number, polygon: Polygon): 'inside' | 'outside' | 'border' {
  const near = [-BORDER, 0, BORDER].flatMap((dx) => [-BORDER, 0, BORDER].map((dy) => isInPolygon([x + dx, y + dy], polygon))); // prettier-ignore
  return near.every(Boolean) ? 'inside' : near.some(Boolean) ? 'border' : 'outside';
}

describe.each(ffmpegPrograms)('masks of the $name FFmpeg', ({ name, path: program }) => {
  let clip: string;
  let original: Buffer;
  beforeAll(async () => {
    clip = path.join(folder, `${name}.mp4`);
    await runFfmpeg(program, ['-f', 'lavfi', '-i', PICTURE, '-c:v', 'libx264', '-y', clip], {
      timeoutMs: 20_000,
    });
    original = await lumaOf(program, clip);
  });

  async function masked(masks: readonly PrivacyMask[]): Promise<Buffer> {
    const file = path.join(folder, `${name}-${masks.map(({ fill }) => fill).join('-')}.mp4`);
    // `transcode: false`: masks alone decide that nothing is copied.
    await writeFile(file, await remux(program, clip, { privacy: masks, transcode: false }));
    return lumaOf(program, file);
  }
  /** Pixels that are clearly inside, or outside. */
  function pixels(after: Buffer, polygon: Polygon, wanted: 'inside' | 'outside') {
    const found: { before: number; after: number }[] = [];
    for (let at = 0; at < after.length; at += 3) {
      const inPicture = at % (widthPx * heightPx);
      const [x, y] = [inPicture % widthPx, Math.floor(inPicture / widthPx)];
      if (sideOf((x + 0.5) / widthPx, (y + 0.5) / heightPx, polygon) === wanted)
        found.push({ before: original[at]!, after: after[at]! });
    }
    return found;
  }
  const meanChange = (all: readonly { before: number; after: number }[]) =>
    all.reduce((sum, one) => sum + Math.abs(one.before - one.after), 0) / all.length;

  it('fill a polygon with black in every picture, and leave what is outside', async () => {
    const after = await masked([{ polygon: slanted, fill: 'black' }]);
    expect(after).toHaveLength(FRAMES * widthPx * heightPx);
    const inside = pixels(after, slanted, 'inside');
    expect(inside.length).toBeGreaterThan(0.03 * after.length);
    expect(inside.every(({ after: luma }) => luma < 12)).toBe(true);
    expect(meanChange(pixels(after, slanted, 'outside'))).toBeLessThan(4);
  });

  it.each(['pixelate', 'blur'] as const)(
    'leave no detail of what they %s, and what is outside as it is',
    async (fill) => {
      const after = await masked([{ polygon: slanted, fill }]);
      const inside = pixels(after, slanted, 'inside');
      expect(inside.every(({ after: luma }) => luma > 90 && luma < 160)).toBe(true);
      expect(meanChange(inside)).toBeGreaterThan(10);
      expect(meanChange(pixels(after, slanted, 'outside'))).toBeLessThan(4);
    },
  );

  it('of all kinds go together', async () => {
    const [left, right]: Polygon[] = [[[0, 0], [0.3, 0], [0.3, 1], [0, 1]], [[0.7, 0], [1, 0], [1, 1], [0.7, 1]]]; // prettier-ignore
    const after = await masked([
      { polygon: left!, fill: 'black' },
      { polygon: right!, fill: 'blur' },
      { polygon: right!, fill: 'pixelate' },
    ]);
    const mean = (all: readonly { after: number }[]) =>
      all.reduce((sum, one) => sum + one.after, 0) / all.length;
    expect(mean(pixels(after, left!, 'inside'))).toBeLessThan(5);
    const middle: Polygon = [[0.3, 0], [0.7, 0], [0.7, 1], [0.3, 1]]; // prettier-ignore
    expect(meanChange(pixels(after, middle, 'inside'))).toBeLessThan(4);
    expect(meanChange(pixels(after, right!, 'inside'))).toBeGreaterThan(10);
  });
});
