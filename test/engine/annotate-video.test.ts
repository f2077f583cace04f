import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { silentLog } from '../../src/base/index.js';
import { VideoAnnotation } from '../../src/engine/index.js';
import { findFfmpeg, probeSource, type DrawnObject, type Ffmpeg } from '../../src/media/index.js';
import { ffmpegPrograms } from '../support/clips.js';
import { ffmpegOutput } from '../support/fragments.js';
import { runFfmpeg } from '../support/run-ffmpeg.js';

const WIDTH = 320;
const HEIGHT = 180;
const FRAMES = 30;
/** A row of the picture that boxes cross, and no tag. */
const ROW = 120;
const size = { widthPx: WIDTH, heightPx: HEIGHT };
const oldTmp = process.env['TMPDIR'];

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'sightline-annotate-'));
  // The script's path becomes part of a filter's text, where all of these mean something.
  process.env['TMPDIR'] = path.join(dir, `it's [a], b; c:d=e\\f`);
  await mkdir(process.env['TMPDIR']);
});
afterEach(async () => {
  if (oldTmp === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = oldTmp;
  await rm(dir, { recursive: true, force: true });
});

const leftOf = (frame: number) => 20 + 9 * frame;
const objectAt = (frame: number): DrawnObject => ({
  track: 1,
  label: 'person',
  score: 0.5,
  box: [leftOf(frame), 90, leftOf(frame) + 18, 170],
  state: 'tracked',
});

describe.each(ffmpegPrograms)('VideoAnnotation with the $name FFmpeg', ({ path: program }) => {
  /** Writes a black video, gives each frame's time as the decoder does: in ms, rounded to 1/90000 s. */
  async function blackVideo(file: string, timing: string): Promise<{ ffmpeg: Ffmpeg; ptsMs: number[] }> {
    const picture = `color=black:size=${WIDTH}x${HEIGHT}:rate=240:duration=1,${timing}`;
    const args = ['-f', 'lavfi', '-i', picture, '-frames:v', `${FRAMES}`, '-vsync', 'passthrough', '-enc_time_base', '-1', '-c:v', 'libx264', '-bf', '2', file]; // prettier-ignore
    const { complaints } = await runFfmpeg(program, args, { timeoutMs: 20_000 });
    expect(complaints).toBe('');
    return { ffmpeg: await findFfmpeg({ configuredPath: program }), ptsMs: await timesOf(file) };
  }

  async function timesOf(file: string): Promise<number[]> {
    const text = await ffmpegOutput(program, ['-copyts', '-i', file, '-vsync', 'passthrough', '-enc_time_base', '1:90000', '-f', 'framecrc', '-c:v', 'rawvideo']); // prettier-ignore
    const ticks = [...text.toString().matchAll(/^0,\s*-?\d+,\s*(-?\d+)/gm)].map((match) => Number(match[1]));
    return ticks.map((tick) => tick / 90);
  }

  /** In each picture the x of the leftmost bright pixel; undefined where there is none. */
  async function boxesIn(file: string): Promise<(number | undefined)[]> {
    const pixels = await ffmpegOutput(program, ['-i', file, '-vsync', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'gray']); // prettier-ignore
    return Array.from({ length: pixels.length / (WIDTH * HEIGHT) }, (_, frame) => {
      const row = pixels.subarray(frame * WIDTH * HEIGHT + ROW * WIDTH, frame * WIDTH * HEIGHT + (ROW + 1) * WIDTH); // prettier-ignore
      const at = row.findIndex((luma) => luma > 100);
      return at < 0 ? undefined : at;
    });
  }

  it.each([
    ['at 240 pictures a second', 'black.mp4', 'null'],
    [
      'at an uneven pace, from a stream that does not begin at zero',
      'black.ts',
      "settb=1/90000,setpts='N*375+mod(N,3)*100'",
    ],
    ['a frame rate that milliseconds cannot name', 'black.mp4', 'settb=1/60000,setpts=N*1001'],
  ])('draws each box on its own picture: %s', async (_, name, timing) => {
    const source = path.join(dir, name);
    const { ffmpeg, ptsMs } = await blackVideo(source, timing);
    expect(ptsMs).toHaveLength(FRAMES);
    const annotation = await VideoAnnotation.open({ source, size, ffmpeg, log: silentLog });
    const target = path.join(dir, 'drawn here.mp4');
    let written = 0;
    // Every fourth picture is not analysed, and the one before it sees nothing.
    for (const [frame, ms] of ptsMs.entries())
      if (frame % 4 !== 3) annotation.add(ms, frame % 4 === 2 ? [] : [objectAt(frame)]);
    await annotation.write(target, (count) => (written = count));
    await annotation.close();

    const boxes = await boxesIn(target);
    expect(boxes).toHaveLength(FRAMES);
    for (const [frame, x] of boxes.entries()) {
      if (frame % 4 >= 2) expect([frame, x]).toEqual([frame, undefined]);
      else expect(Math.abs(x! - leftOf(frame))).toBeLessThanOrEqual(2);
    }
    expect(written).toBe(FRAMES);
    const times = await timesOf(target);
    for (const [frame, ms] of times.entries())
      expect(Math.abs(ms - times[0]! - (ptsMs[frame]! - ptsMs[0]!))).toBeLessThan(0.05);
    expect(await probeSource({ ffmpeg, source: target, timeoutMs: 10_000 })).toMatchObject({ codec: 'h264', ...size }); // prettier-ignore
    expect(await readdir(process.env['TMPDIR']!)).toEqual([]);
  });

  it('carries the last boxes to the end, and lets a picture of odd sides lose one pixel', async () => {
    const source = path.join(dir, 'odd.avi');
    await runFfmpeg(program, ['-f', 'lavfi', '-i', 'color=black:size=321x181:rate=10:duration=1', '-c:v', 'mjpeg', source], { timeoutMs: 20_000 }); // prettier-ignore
    const ffmpeg = await findFfmpeg({ configuredPath: program });
    const annotation = await VideoAnnotation.open({ source, size: { widthPx: 321, heightPx: 181 }, ffmpeg, log: silentLog }); // prettier-ignore
    annotation.add(0, [objectAt(3)]);
    const target = path.join(dir, 'even.mp4');
    await annotation.write(target, () => undefined);
    await annotation.close();
    expect(await probeSource({ ffmpeg, source: target, timeoutMs: 10_000 })).toMatchObject(size);
    const boxes = await boxesIn(target);
    expect(boxes).toHaveLength(10);
    for (const x of boxes) expect(Math.abs(x! - leftOf(3))).toBeLessThanOrEqual(2);
  });

  it('says why the video could not be written', async () => {
    const source = path.join(dir, 'black.mp4');
    const { ffmpeg } = await blackVideo(source, 'null');
    const annotation = await VideoAnnotation.open({ source, size, ffmpeg, log: silentLog });
    annotation.add(0, []);
    const target = path.join(dir, 'nowhere', 'drawn.mp4');
    await expect(annotation.write(target, () => undefined)).rejects.toMatchObject({
      code: 'engine/annotate-failed',
      message: expect.stringMatching(/nowhere\/drawn\.mp4.*No such file/),
    });
    await annotation.close();
    await annotation.close();
  });
});
