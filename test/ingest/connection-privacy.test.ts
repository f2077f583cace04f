import { afterAll, expect, it } from '@jest/globals';
import { ffmpegOutput } from '../support/fragments.js';
import { ffmpegPrograms, makeClip } from '../support/clips.js';
import { FakeCamera } from '../support/fakecam/index.js';
import { WatchedConnection } from '../support/watched-connection.js';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

const open: { close(): Promise<void> }[] = [];
afterAll(async () => {
  for (const each of open.reverse()) await each.close();
});

it('masks a camera over RTSP whose stream could be copied, from its first frame on, and says so', async () => {
  const camera = await FakeCamera.open({ clips: [await makeClip()] });
  const watched = new WatchedConnection({
    camera: 'masked',
    source: camera.url,
    keepBytes: true,
    privacy: [{ polygon: [[0, 0], [1, 0], [1, 1], [0, 1]], fill: 'black' }], // prettier-ignore
  });
  open.push(camera, watched);
  await watched.moreFragments(30);
  expect(watched.status).toMatchObject({ state: 'live', transcoded: true, masked: true, reconnects: 0 });
  // No try before this one was let through unmasked.
  expect(watched.streams).toHaveLength(1);
  expect(watched.streams[0]!.codec).toMatch(/^avc1\.42/);
  const dir = await mkdtemp(path.join(os.tmpdir(), 'sightline-masked-'));
  const file = path.join(dir, 'masked.mp4');
  await writeFile(file, Buffer.concat([watched.streams[0]!.initSegment, ...watched.fragments.map(({ bytes }) => bytes!)])); // prettier-ignore
  const luma = await ffmpegOutput(ffmpegPrograms[0]!.path, [
    '-i',
    file,
    '-f',
    'rawvideo',
    '-pix_fmt',
    'gray',
  ]);
  await rm(dir, { recursive: true });
  expect(luma.length).toBeGreaterThanOrEqual(25 * 320 * 180);
  expect(luma.every((value) => value < 5)).toBe(true);
}, 60_000);
