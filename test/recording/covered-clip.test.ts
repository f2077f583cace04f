import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { makeClip } from '../support/clips.js';
import { fragmentClip, type FragmentedClip } from '../support/fragments.js';
import { bytesOf, continuous, probe, Recorded } from './recorded.js';

let clip: FragmentedClip;
let recorded: Recorded;
beforeAll(async () => {
  const { path: file } = await makeClip({ seconds: 4, fps: 10, widthPx: 320, container: 'mp4' });
  clip = await fragmentClip('ffmpeg', file);
});
afterEach(() => recorded.tearDown());

async function record() {
  recorded = await Recorded.open();
  const recorder = recorded.recordings.recorder('gate', continuous);
  const fromMs = recorded.clock.wallMs();
  recorded.start(recorder, clip);
  await recorded.play(recorder, clip);
  await recorder.close();
  return { fromMs, toMs: fromMs + 4000 };
}

describe('a covered clip', () => {
  it('has five pictures a second, each as it was covered, and in order', async () => {
    const range = await record();
    const times: number[] = [];
    const sizes = new Set<string>();
    const made = await recorded.recordings.coveredClip('gate', range, 'grey', async (jpeg, atMs) => {
      const { width, height } = await sharp(jpeg).metadata();
      sizes.add(`${width}x${height}`);
      times.push(atMs - range.fromMs);
      const grey = 10 * times.length;
      return sharp({ create: { width, height, channels: 3, background: { r: grey, g: grey, b: grey } } }).jpeg().toBuffer(); // prettier-ignore
    });
    expect(sizes.size).toBe(1);
    expect(times).toEqual(Array.from({ length: 20 }, (_, at) => at * 200));
    expect(made.ranges).toEqual([range]);
    const probed = await probe(await bytesOf(made), recorded.dir);
    expect(probed).toMatchObject({ frames: 20, seconds: 4, complaints: '' });
    expect(new Set(probed.pictures).size).toBe(20);
  });

  it('is made once for all who ask for the same, and anew where it is to be covered in another way', async () => {
    const range = await record();
    let count = 0;
    const cover = (jpeg: Buffer) => {
      count++;
      return Promise.resolve(jpeg);
    };
    const part = { fromMs: range.fromMs + 1000, toMs: range.fromMs + 2000 };
    const [first, second] = await Promise.all([1, 2].map(() => recorded.recordings.coveredClip('gate', part, 'black', cover))); // prettier-ignore
    expect([second!.etag, count]).toEqual([first!.etag, 5]);
    expect((await recorded.recordings.coveredClip('gate', part, 'blur', cover)).etag).not.toBe(first!.etag);
    expect(count).toBe(10);
  });

  it('is not given where one of its pictures cannot be covered, and leaves no file', async () => {
    const range = await record();
    let count = 0;
    const made = recorded.recordings.coveredClip('gate', range, 'black', (jpeg) =>
      ++count > 3 ? Promise.reject(new Error('nobody covers it')) : Promise.resolve(jpeg),
    );
    await expect(made).rejects.toThrow('nobody covers it');
    expect(await readdir(path.join(recorded.dir, 'hot', '.clips'))).toEqual([]);
  });
});
