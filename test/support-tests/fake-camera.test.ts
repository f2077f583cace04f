import { describe, expect, it } from '@jest/globals';
import { ffmpegPrograms, makeClip } from '../support/clips.js';
import { FakeCamera, parseScript, type FakeCameraOptions } from '../support/fakecam/index.js';
import { runFfmpeg } from '../support/run-ffmpeg.js';
import { delay, waitFor } from '../support/wait-for.js';

const RUN_TIMEOUT_MS = 25_000;
const clips = await Promise.all([makeClip(), makeClip({ widthPx: 640, heightPx: 360 })]);

async function withCamera(
  options: Partial<FakeCameraOptions>,
  use: (camera: FakeCamera) => Promise<void>,
): Promise<void> {
  const camera = await FakeCamera.open({ clips, ...options });
  try {
    await use(camera);
  } finally {
    await camera.close();
  }
}

function sentFrames(camera: FakeCamera, count: number): Promise<unknown> {
  return waitFor(() => camera.framesSent >= count, { timeoutMs: 15_000, what: `${count} frames sent` });
}

/** FFmpeg else looks at two seconds of video before it begins. */
const quickStart = ['-rtsp_transport', 'tcp', '-analyzeduration', '200000'];
const nullOutput = ['-an', '-f', 'null', '-'];

describe.each(ffmpegPrograms)('the fake camera, seen by the $name FFmpeg', (ffmpeg) => {
  function watch(url: string, output: readonly string[]) {
    const input = [...quickStart, ffmpeg.rtspTimeoutOption, '5000000', '-i', url];
    return runFfmpeg(ffmpeg.path, [...input, ...output], { timeoutMs: RUN_TIMEOUT_MS });
  }

  it.concurrent('sends frames that decode without a complaint', () =>
    withCamera({}, async (camera) => {
      const run = await watch(camera.url, ['-frames:v', '40', ...nullOutput]);
      expect(run).toEqual({ exitCode: 0, complaints: '', frames: 40 });
      expect(camera.requests.map(({ method }) => method).slice(0, 4)).toEqual([
        'OPTIONS',
        'DESCRIBE',
        'SETUP',
        'PLAY',
      ]);
      expect(camera.requests.every(({ userAgent }) => userAgent?.startsWith('Lavf'))).toBe(true);
      expect(camera.connections).toBe(1);
    }),
  );

  it.concurrent.each(['basic', 'digest'] as const)(
    'lets only those in who answer its %s challenge',
    (scheme) =>
      withCamera({ auth: { scheme, user: 'viewer', password: 'p@ss w/rd' } }, async (camera) => {
        const allowed = await watch(camera.urlWithCredentials, ['-t', '0.4', ...nullOutput]);
        expect(allowed).toMatchObject({ exitCode: 0, complaints: '' });
        await camera.run('password other');
        const refused = await watch(camera.url.replace('//', '//viewer:wrong@'), nullOutput);
        expect(refused.exitCode).not.toBe(0);
        expect(refused.complaints).toContain('401');
        expect(camera.requestsOf('PLAY')).toHaveLength(1);
      }),
  );

  it.concurrent('goes on in another size when told so, still without a decoding error', () =>
    withCamera({}, async (camera) => {
      const running = watch(camera.url, ['-frames:v', '50', ...nullOutput]);
      await sentFrames(camera, 40);
      void camera.run('sps 640x360');
      expect(await running).toEqual({ exitCode: 0, complaints: '', frames: 50 });
    }),
  );

  it.concurrent('answers the status that its script names', () =>
    withCamera({ script: 'status 404' }, async (camera) => {
      const run = await watch(camera.url, nullOutput);
      expect(run.complaints).toContain('404');
      expect(camera.requestsOf('DESCRIBE').map(({ status }) => status)).toEqual([404]);
    }),
  );

  it.concurrent('cuts a frame inside a NAL unit, which ends FFmpeg', () =>
    withCamera({}, async (camera) => {
      const running = watch(camera.url, ['-c', 'copy', ...nullOutput]);
      await sentFrames(camera, 40);
      void camera.run('rst');
      await waitFor(() => camera.openConnections === 0, { timeoutMs: 5000, what: 'no open connection' });
      expect((await running).frames).toBeGreaterThanOrEqual(10);
    }),
  );
});

describe('the fake camera', () => {
  const ffmpeg = ffmpegPrograms[0]!;
  const watch = (url: string, output: readonly string[] = nullOutput) =>
    runFfmpeg(ffmpeg.path, [...quickStart, '-i', url, ...output], { timeoutMs: RUN_TIMEOUT_MS });

  it.concurrent('sends 150 frames a second in a burst', () =>
    withCamera({ script: 'burst 150' }, async (camera) => {
      const before = camera.framesEncoded;
      const startedMs = performance.now();
      await watch(camera.url, ['-frames:v', '200', ...nullOutput]);
      const perSecond = ((camera.framesEncoded - before) * 1000) / (performance.now() - startedMs);
      // A machine that stands still makes the camera leave frames out, but never send more.
      expect(perSecond).toBeGreaterThan(75);
      expect(perSecond).toBeLessThan(160);
    }),
  );

  it.concurrent('shifts its timestamps by an hour', () =>
    withCamera({}, async (camera) => {
      const running = watch(camera.url, ['-c', 'copy', '-t', '3000', ...nullOutput]);
      await sentFrames(camera, 40);
      void camera.run('ts +3600');
      expect((await running).exitCode).toBe(0);
    }),
  );

  it.concurrent('says nothing when mute, so that a client waits in vain', () =>
    withCamera({ script: 'mute' }, async (camera) => {
      const running = watch(camera.url);
      await waitFor(() => camera.requests.length > 0, { timeoutMs: 10_000, what: 'a request' });
      await delay(300);
      expect(camera.requests).toMatchObject([{ method: 'OPTIONS', status: undefined }]);
      expect(camera.openConnections).toBe(1);
      await camera.close();
      expect((await running).frames).toBe(0);
    }),
  );

  it.concurrent('drips its answer a byte a second, and lets everything go when it plays again', () =>
    withCamera({ script: 'drip 1' }, async (camera) => {
      const running = watch(camera.url, ['-t', '0.4', ...nullOutput]);
      await waitFor(() => camera.requests.length > 0, { timeoutMs: 10_000, what: 'a request' });
      await delay(1000);
      expect(camera.requests).toHaveLength(1);
      void camera.run('play');
      expect((await running).exitCode).toBe(0);
    }),
  );

  it.concurrent('keeps the connection open and sends no frame while it stalls', () =>
    withCamera({}, async (camera) => {
      const running = watch(camera.url, ['-t', '3', ...nullOutput]);
      await sentFrames(camera, 10);
      void camera.run('stall');
      const sent = camera.framesSent;
      const encoded = camera.framesEncoded;
      await waitFor(() => camera.framesEncoded >= encoded + 12, { timeoutMs: 5000, what: 'half a second' });
      expect(camera.framesSent).toBe(sent);
      expect(camera.openConnections).toBe(1);
      void camera.run('play');
      expect((await running).exitCode).toBe(0);
    }),
  );

  it.concurrent('sends a client to itself for ever with "redirect self"', () =>
    withCamera({ script: 'redirect self' }, async (camera) => {
      const running = watch(camera.url);
      await waitFor(() => camera.connections > 3, { timeoutMs: 10_000, what: 'a fourth connection' });
      expect(camera.requests.every(({ status }) => status === 302)).toBe(true);
      await camera.close();
      expect((await running).frames).toBe(0);
    }),
  );

  it.concurrent('pads its session description as asked', () =>
    withCamera({ script: 'sdp-bytes 5000' }, async (camera) => {
      const response = await fetchDescription(camera);
      expect(response.length).toBeGreaterThan(5000);
    }),
  );

  it('refuses a script that it does not understand, naming the step', () => {
    expect(() => parseScript('play 2s; dance 3')).toThrow('"dance 3" is no step of a camera script');
    expect(() => parseScript('status')).toThrow('"status" needs a number');
    expect(parseScript('play 3s; rst; redirect rtsp://x/y DESCRIBE 500ms')).toEqual([
      { action: { verb: 'play' }, durationMs: 3000 },
      { action: { verb: 'rst' }, durationMs: 0 },
      { action: { verb: 'redirect', url: 'rtsp://x/y', method: 'DESCRIBE' }, durationMs: 500 },
    ]);
  });
});

async function fetchDescription(camera: FakeCamera): Promise<string> {
  const { connect } = await import('node:net');
  const socket = connect(camera.port, '127.0.0.1');
  socket.write(`DESCRIBE ${camera.url} RTSP/1.0\r\nCSeq: 1\r\n\r\n`);
  let text = '';
  socket.on('data', (chunk) => (text += chunk.toString()));
  await waitFor(() => text.endsWith('\r\n') && text.includes('x-pad'), { timeoutMs: 5000, what: 'the SDP' });
  socket.destroy();
  return text;
}
