import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Uploads } from '../../src/app/uploads.js';
import { systemClock } from '../../src/base/index.js';
import { demoConfig, type Config } from '../../src/config/index.js';
import { findFfmpeg } from '../../src/media/index.js';
import { makeClip } from '../support/clips.js';
import { FakeClock } from '../support/fake-clock.js';

let dir: string;
let config: Config;
let uploads: Uploads;
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'sightline-uploads-'));
  config = demoConfig({}, dir);
  await mkdir(config.data.dir);
  uploads = new Uploads({ config: () => config, ffmpeg: () => findFfmpeg({ env: {} }), clock: systemClock });
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const folder = () => path.join(config.data.dir, 'uploads');

/** Sends all of it, in pieces of a size. */
async function send(bytes: Buffer, pieceBytes: number) {
  let upload = await uploads.begin(bytes.length);
  while (upload.received < bytes.length)
    upload = await uploads.add(
      upload.id,
      upload.received,
      bytes.subarray(upload.received, upload.received + pieceBytes),
    );
  return upload;
}

describe('a clip that is sent', () => {
  it('lies in the data folder as it was, for its owner alone, and is a source of a camera', async () => {
    const clip = await makeClip({ container: 'mp4', widthPx: 320, heightPx: 180, fps: 25, seconds: 2 });
    const bytes = await readFile(clip.path);
    const { id, clip: found } = await send(bytes, 10_000);
    expect(found).toMatchObject({ source: `upload:${id}`, codec: 'h264', width: 320, height: 180, fps: 25 });
    expect(found!.durationMs).toBeCloseTo(2000, -2);
    const file = path.join(folder(), id);
    expect((await readFile(file)).equals(bytes)).toBe(true);
    expect((await stat(file)).mode & 0o077).toBe(0);
    expect(await readdir(folder())).toEqual([id]);
  });

  it('is refused and deleted where it is no video, without a word of where it lay', async () => {
    const sent = send(Buffer.from('#EXTM3U\nfile:///etc/hostname\n'), 1000);
    await expect(sent).rejects.toMatchObject({ code: 'server/upload-no-video' });
    await expect(sent).rejects.not.toMatchObject({ message: expect.stringContaining(dir) });
    expect(await readdir(folder())).toEqual([]);
  });

  it('is not taken for one that was left when another begins while it is looked into', async () => {
    const clip = await makeClip({ container: 'mp4', widthPx: 320, heightPx: 180, fps: 25, seconds: 2 });
    let find: (ffmpeg: Awaited<ReturnType<typeof findFfmpeg>>) => void = () => undefined;
    const ffmpeg = new Promise<Parameters<typeof find>[0]>((resolve) => (find = resolve));
    let isAsked = false;
    const asked = () => ((isAsked = true), ffmpeg);
    uploads = new Uploads({ config: () => config, ffmpeg: asked, clock: systemClock });
    const sent = send(await readFile(clip.path), 4 << 20);
    while (!isAsked) await new Promise(setImmediate);
    await uploads.begin(10);
    find(await findFfmpeg({ env: {} }));
    expect((await sent).clip).toMatchObject({ codec: 'h264' });
  });

  it('goes on where it was, and nowhere else', async () => {
    const { id } = await uploads.begin(10);
    await uploads.add(id, 0, Buffer.from('12345'));
    for (const [from, piece] of [
      [0, 'again'],
      [6, 'gap'],
      [5, 'longer'],
    ] as const)
      await expect(uploads.add(id, from, Buffer.from(piece))).rejects.toMatchObject({
        code: 'server/upload-offset',
        message: expect.stringContaining('5 of 10'),
      });
    expect(await uploads.add(id, 5, Buffer.from('678'))).toMatchObject({ received: 8, bytes: 10 });
    await expect(uploads.add('../../x', 0, Buffer.from('x'))).rejects.toMatchObject({
      code: 'server/no-such-upload',
    });
  });

  it('takes two pieces that come at once one after the other', async () => {
    const { id } = await uploads.begin(10);
    const both = await Promise.all([
      uploads.add(id, 0, Buffer.from('12345')),
      uploads.add(id, 5, Buffer.from('678')),
    ]);
    expect(both.map(({ received }) => received)).toEqual([5, 8]);
  });
});

describe('what is not taken', () => {
  it('is a clip of more than 4 GB, and a third one at once', async () => {
    await expect(uploads.begin(4e9 + 1)).rejects.toMatchObject({ code: 'server/upload-too-large' });
    for (let count = 0; count < 2; count++) await uploads.begin(10);
    await expect(uploads.begin(10)).rejects.toMatchObject({ code: 'server/too-many-uploads' });
  });

  it('is a clip that would leave the disk less than its reserve', async () => {
    config = { ...config, recording: { ...config.recording, reserveBytes: Number.MAX_SAFE_INTEGER } };
    await expect(uploads.begin(10)).rejects.toMatchObject({
      code: 'server/upload-no-room',
      message: expect.stringContaining('recording.reserveGb'),
    });
    config = demoConfig({}, dir);
    const { id } = await uploads.begin(10);
    config = { ...config, recording: { ...config.recording, reserveBytes: Number.MAX_SAFE_INTEGER } };
    await expect(uploads.add(id, 0, Buffer.from('12345'))).rejects.toMatchObject({
      code: 'server/upload-no-room',
    });
  });
});

describe('clips that nobody needs', () => {
  it('are deleted when another begins: what was left unsent, and what no camera has played for a day', async () => {
    await mkdir(folder(), { recursive: true });
    const old = new Date(Date.now() - 25 * 3600_000);
    const played = path.join(folder(), 'played');
    for (const name of ['played', 'unused', 'new', 'left.part'])
      await writeFile(path.join(folder(), name), 'x');
    for (const name of ['played', 'unused']) await utimes(path.join(folder(), name), old, old);
    config = { ...config, cameras: [{ ...config.cameras[0]!, source: played }] };
    const { id } = await uploads.begin(10);
    expect((await readdir(folder())).sort()).toEqual([`${id}.part`, 'new', 'played'].sort());
  });

  it('are given up ten minutes after their last piece', async () => {
    const clock = new FakeClock();
    uploads = new Uploads({ config: () => config, ffmpeg: () => Promise.reject(new Error()), clock });
    const { id } = await uploads.begin(10);
    await uploads.begin(10);
    clock.advance(10 * 60_000 + 1);
    await uploads.begin(10);
    expect(existsSync(path.join(folder(), `${id}.part`))).toBe(false);
    await expect(uploads.add(id, 0, Buffer.from('x'))).rejects.toMatchObject({
      code: 'server/no-such-upload',
    });
  });
});
