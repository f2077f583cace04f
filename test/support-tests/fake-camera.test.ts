import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ffmpegPrograms, makeClip, type Clip } from '../support/clips.js';
import { FakeCamera, parseScript, type FakeCameraOptions } from '../support/fakecam/index.js';
import { runFfmpeg } from '../support/run-ffmpeg.js';
import { waitFor } from '../support/wait-for.js';

const RUN_TIMEOUT_MS = 25_000;
let small: Clip;
let large: Clip;
const cameras: FakeCamera[] = [];

beforeAll(async () => {
  [small, large] = await Promise.all([makeClip(), makeClip({ widthPx: 640, heightPx: 360 })]);
}, 60_000);

afterEach(async () => {
  await Promise.all(cameras.splice(0).map((camera) => camera.close()));
});

async function openCamera(options: Partial<FakeCameraOptions> = {}): Promise<FakeCamera> {
  const camera = await FakeCamera.open({ clips: [small, large], ...options });
  cameras.push(camera);
  return camera;
}

const nullOutput = ['-an', '-f', 'null', '-'];

describe.each(ffmpegPrograms)('the fake camera, seen by the $name FFmpeg', (ffmpeg) => {
  function watch(url: string, output: readonly string[]) {
    const input = ['-rtsp_transport', 'tcp', ffmpeg.rtspTimeoutOption, '5000000', '-i', url];
    return runFfmpeg(ffmpeg.path, [...input, ...output], { timeoutMs: RUN_TIMEOUT_MS });
  }

  it('sends frames that decode without a complaint', async () => {
    const camera = await openCamera();
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
  });

  it.each(['basic', 'digest'] as const)('lets only those in who answer its %s challenge', async (scheme) => {
    const camera = await openCamera({ auth: { scheme, user: 'viewer', password: 'p@ss w/rd' } });
    const allowed = await watch(camera.urlWithCredentials, ['-t', '0.4', ...nullOutput]);
    expect(allowed).toMatchObject({ exitCode: 0, complaints: '' });
    await camera.run('password other');
    const refused = await watch(camera.url.replace('//', '//viewer:wrong@'), nullOutput);
    expect(refused.exitCode).not.toBe(0);
    expect(refused.complaints).toContain('401');
    expect(camera.requestsOf('PLAY')).toHaveLength(1);
  });

  it('goes on in another size when told so, still without a decoding error', async () => {
    const camera = await openCamera({ script: 'play 2s; sps 640x360' });
    const run = await watch(camera.url, ['-frames:v', '60', ...nullOutput]);
    expect(run).toEqual({ exitCode: 0, complaints: '', frames: 60 });
  });

  it('answers the status that its script names', async () => {
    const camera = await openCamera({ script: 'status 404' });
    const run = await watch(camera.url, nullOutput);
    expect(run.complaints).toContain('404');
    expect(camera.requestsOf('DESCRIBE').map(({ status }) => status)).toEqual([404]);
  });

  it('cuts a frame inside a NAL unit, which ends FFmpeg', async () => {
    const camera = await openCamera({ script: 'play 3s; rst' });
    const run = await watch(camera.url, nullOutput);
    expect(run.frames).toBeGreaterThanOrEqual(25);
    await waitFor(() => camera.openConnections === 0, { timeoutMs: 5000, what: 'no open connection' });
  });
});

describe('the fake camera', () => {
  const ffmpeg = ffmpegPrograms[0]!;
  const watch = (url: string, output: readonly string[] = nullOutput, timeoutMs = RUN_TIMEOUT_MS) =>
    runFfmpeg(ffmpeg.path, ['-rtsp_transport', 'tcp', '-i', url, ...output], { timeoutMs });

  it('sends 150 frames a second in a burst', async () => {
    const camera = await openCamera({ script: 'burst 150' });
    const before = camera.framesEncoded;
    const startedMs = performance.now();
    await watch(camera.url, ['-frames:v', '300', ...nullOutput]);
    const perSecond = ((camera.framesEncoded - before) * 1000) / (performance.now() - startedMs);
    expect(perSecond).toBeGreaterThan(130);
    expect(perSecond).toBeLessThan(160);
  });

  it('shifts its timestamps by an hour', async () => {
    const camera = await openCamera({ script: 'play 3s; ts +3600' });
    const watched = await watch(camera.url, ['-c', 'copy', '-t', '3000', ...nullOutput]);
    expect(watched.frames).toBeGreaterThan(25);
  });

  it('says nothing when mute, so that a client waits in vain', async () => {
    const camera = await openCamera({ script: 'mute' });
    const run = await watch(camera.url, nullOutput, 1500);
    expect(run.exitCode).toBeNull();
    expect(camera.requests).toMatchObject([{ method: 'OPTIONS', status: undefined }]);
  });

  it('drips its answer a byte a second, and lets everything go when it plays again', async () => {
    const camera = await openCamera({ script: 'drip 1 1500ms; play' });
    const run = await watch(camera.url, ['-t', '0.4', ...nullOutput]);
    expect(run.exitCode).toBe(0);
    const [first, second] = camera.requests;
    expect(second!.atMs - first!.atMs).toBeGreaterThan(1000);
  });

  it('keeps the connection open and sends no frame while it stalls', async () => {
    const camera = await openCamera();
    const running = watch(camera.url, ['-t', '3', ...nullOutput]);
    await waitFor(() => camera.framesSent > 10, { timeoutMs: 10_000, what: 'frames sent' });
    void camera.run('stall 700ms; play');
    const sent = camera.framesSent;
    const encoded = camera.framesEncoded;
    await waitFor(() => camera.framesEncoded >= encoded + 12, { timeoutMs: 5000, what: 'half a second' });
    expect(camera.framesSent).toBe(sent);
    expect(camera.openConnections).toBe(1);
    expect((await running).exitCode).toBe(0);
  });

  it('sends a client to itself for ever with "redirect self"', async () => {
    const camera = await openCamera({ script: 'redirect self' });
    await watch(camera.url, nullOutput, 1500);
    expect(camera.connections).toBeGreaterThan(3);
    expect(camera.requests.every(({ status }) => status === 302)).toBe(true);
  });

  it('pads its session description as asked', async () => {
    const camera = await openCamera({ script: 'sdp-bytes 5000' });
    const response = await fetchDescription(camera);
    expect(response.length).toBeGreaterThan(5000);
  });

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

