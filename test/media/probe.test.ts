import { mkdtemp, rm, truncate, writeFile, copyFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findFfmpeg, probeSource, type Ffmpeg } from '../../src/media/index.js';
import { ffmpegPrograms, makeClip, makeTurnedClip } from '../support/clips.js';
import { HttpCamera } from '../support/http-camera.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sightline-probe-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe.each(ffmpegPrograms)('a probe with the $name FFmpeg', ({ path: program }) => {
  let ffmpeg: Ffmpeg;
  const probe = (source: string) => probeSource({ ffmpeg, source, timeoutMs: 20_000 });
  beforeAll(async () => {
    ffmpeg = await findFfmpeg({ configuredPath: program, env: {} });
  });

  it('tells codec, size, rate, length and container of a file', async () => {
    const clip = await makeClip({ fps: 10, seconds: 2, container: 'mp4' });
    expect(await probe(clip.path)).toEqual({
      codec: 'h264',
      widthPx: 320,
      heightPx: 180,
      fps: 10,
      durationMs: 2000,
      pixelFormat: 'yuv420p',
      container: expect.stringContaining('mp4'),
    });
  });

  it('tells the size of a turned video as it is shown', async () => {
    const clip = await makeTurnedClip({ fps: 10, seconds: 2 });
    expect(await probe(clip.path)).toMatchObject({ widthPx: 320, heightPx: 180 });
  });

  it('has nothing to look into where a browser would send', async () => {
    await expect(probe('webcam:0b1f-6d4a')).rejects.toMatchObject({ code: 'media/source-unsupported' });
  });

  it('looks into an address', async () => {
    const server = await HttpCamera.open();
    const facts = await probe(server.url('/mjpeg'));
    await server.close();
    expect(facts).toMatchObject({ codec: 'mjpeg', widthPx: 320, heightPx: 180, container: 'mpjpeg' });
    expect(facts.durationMs).toBeUndefined();
  });

  it('says what is wrong with a file', async () => {
    const text = path.join(folder, 'notes.mp4');
    await writeFile(text, 'not a video at all\n'.repeat(50));
    const cut = path.join(folder, 'cut.mp4');
    await copyFile((await makeClip({ fps: 10, seconds: 2, container: 'mp4' })).path, cut);
    await truncate(cut, 5000);
    const empty = path.join(folder, 'empty.mp4');
    await writeFile(empty, '');
    for (const file of [text, cut, empty]) {
      await expect(probe(file)).rejects.toThrow(
        expect.objectContaining({ code: 'media/not-a-video', kind: 'input' }),
      );
    }
    await expect(probe(path.join(folder, 'none.mp4'))).rejects.toThrow(
      expect.objectContaining({ code: 'media/no-such-file' }),
    );
    await expect(probe(folder)).rejects.toThrow(
      expect.objectContaining({ code: 'media/no-such-file', message: expect.stringContaining('folder') }),
    );
  });

  it('gives up in time', async () => {
    const silent = `udp://127.0.0.1:${20_000 + (process.pid % 20_000)}`;
    await expect(probeSource({ ffmpeg, source: silent, timeoutMs: 300 })).rejects.toThrow(
      expect.objectContaining({ code: 'media/source-timeout' }),
    );
  });
});
