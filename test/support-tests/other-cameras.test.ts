import { describe, expect, it } from '@jest/globals';
import { ffmpegPrograms } from '../support/clips.js';
import { GstCamera } from '../support/gst-camera.js';
import { HttpCamera } from '../support/http-camera.js';
import { runFfmpeg } from '../support/run-ffmpeg.js';

const describeWithGst = GstCamera.available() ? describe : describe.skip;
const twentyFrames = ['-an', '-frames:v', '20', '-f', 'null', '-'];
const timeoutMs = 25_000;

describe.each(ffmpegPrograms)('seen by the $name FFmpeg', (ffmpeg) => {
  describeWithGst("GStreamer's RTSP camera", () => {
    it.concurrent(
      'sends H.264 and JPEG to whoever knows the password',
      async () => {
        const camera = await GstCamera.open({ user: 'viewer', password: 'secret1' });
        try {
          for (const mount of ['h264', 'mjpeg'] as const) {
            const args = ['-rtsp_transport', 'tcp', '-i', camera.url(mount), ...twentyFrames];
            const run = await runFfmpeg(ffmpeg.path, args, { timeoutMs });
            expect(run).toMatchObject({ exitCode: 0, frames: 20 });
          }
          const wrong = camera.url('h264').replace('secret1', 'wrong');
          const refused = await runFfmpeg(
            ffmpeg.path,
            ['-rtsp_transport', 'tcp', '-i', wrong, ...twentyFrames],
            {
              timeoutMs,
            },
          );
          expect(refused.complaints).toContain('401');
        } finally {
          await camera.close();
        }
      },
      60_000,
    );
  });

  it.concurrent.each([
    ['/mjpeg', ['-f', 'mpjpeg']],
    ['/video.mp4', []],
    ['/live.m3u8', []],
  ])('the web camera serves %s', async (path, format) => {
    const camera = await HttpCamera.open();
    try {
      const args = [...format, '-i', camera.url(path), ...twentyFrames];
      expect(await runFfmpeg(ffmpeg.path, args, { timeoutMs })).toEqual({
        exitCode: 0,
        frames: 20,
        complaints: '',
      });
    } finally {
      await camera.close();
    }
  });

  it.concurrent('the web camera refuses with 401, 403 and 404, and wants its password', async () => {
    const camera = await HttpCamera.open({ auth: { user: 'viewer', password: 'secret1' } });
    try {
      const url = camera.url('/video.mp4');
      const refused = await runFfmpeg(ffmpeg.path, ['-i', url, ...twentyFrames], { timeoutMs });
      expect(refused.complaints).toContain('401');
      const known = url.replace('//', '//viewer:secret1@');
      expect(await runFfmpeg(ffmpeg.path, ['-i', known, ...twentyFrames], { timeoutMs })).toMatchObject({
        frames: 20,
      });
      const missing = known.replace('/video.mp4', '/nothing');
      const lost = await runFfmpeg(ffmpeg.path, ['-i', missing, ...twentyFrames], { timeoutMs });
      expect(lost.complaints).toContain('404');
    } finally {
      await camera.close();
    }
  });
});
