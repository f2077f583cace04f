import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/base/index.js';
import { findFfmpeg } from '../../src/media/index.js';
import { CANARY_PASSWORD, canaryFormsIn } from '../support/canary.js';
import { ChaosProxy } from '../support/chaosproxy.js';
import { ffmpegPrograms } from '../support/clips.js';
import { GstCamera } from '../support/gst-camera.js';
import { waitFor } from '../support/wait-for.js';
import { WatchedConnection } from '../support/watched-connection.js';

const describeWithGst = GstCamera.available() ? describe : describe.skip;

describeWithGst("a camera connection to GStreamer's RTSP server", () => {
  const connections: WatchedConnection[] = [];
  let camera: GstCamera;

  beforeAll(async () => {
    camera = await GstCamera.open({ user: 'viewer', password: CANARY_PASSWORD });
  });

  afterAll(async () => {
    await Promise.all(connections.map((connection) => connection.close()));
    await camera.close();
  });

  function watch(options: { camera: string; source: string; program?: string }): WatchedConnection {
    const { program, ...rest } = options;
    const ffmpeg = () => findFfmpeg(program === undefined ? {} : { configuredPath: program });
    const watched = new WatchedConnection({ ...rest, ffmpeg });
    connections.push(watched);
    return watched;
  }

  it.each(ffmpegPrograms)('copies its H.264 with the $name FFmpeg', async ({ name, path }) => {
    const watched = watch({ camera: `copied-${name}`, source: camera.url('h264'), program: path });
    await watched.moreFragments(50);
    expect(watched.status).toMatchObject({ state: 'live', transcoded: false, widthPx: 320, heightPx: 180 });
    expect(watched.streams[0]!.codec).toMatch(/^avc1\./);
    expect(watched.fragments[0]!.isKeyframe).toBe(true);
    await watched.close();
  });

  it.each(ffmpegPrograms)('copies its HEVC with the $name FFmpeg', async ({ name, path }) => {
    const watched = watch({ camera: `hevc-${name}`, source: camera.url('h265'), program: path });
    await watched.moreFragments(30);
    expect(watched.status).toMatchObject({ state: 'live', transcoded: false, widthPx: 320, heightPx: 180 });
    expect(watched.streams.map(({ codec }) => codec)).toEqual([expect.stringMatching(/^hev1\.1\.6\.L/)]);
    expect(watched.fragments[0]!.isKeyframe).toBe(true);
    await watched.close();
  });

  it.each([
    ['mjpeg', 240],
    ['vp8', 180],
  ] as const)('encodes its %s anew, and says so', async (mount, heightPx) => {
    const watched = watch({ camera: `transcoded-${mount}`, source: camera.url(mount) });
    await watched.moreFragments(20);
    expect(watched.status).toMatchObject({ state: 'live', transcoded: true, widthPx: 320, heightPx });
    expect(watched.status).toMatchObject({ codec: expect.stringMatching(/^avc1\./), reconnects: 0 });
    await watched.close();
  });

  it('is back within 6 s when the connection was reset', async () => {
    const proxy = await ChaosProxy.open({ port: camera.port });
    try {
      const watched = watch({ camera: 'reset', source: proxy.through(camera.url('h264')) });
      await watched.moreFragments(10);
      proxy.set({ kind: 'rst' });
      const cutMs = systemClock.monotonicMs();
      await watched.entered(['reconnecting'], { sinceMs: cutMs, timeoutMs: 5000 });
      proxy.set({ kind: 'pass' });
      const healedMs = systemClock.monotonicMs();
      await watched.moreFragments(1);
      expect(watched.fragments.at(-1)!.arrivedMs - healedMs).toBeLessThanOrEqual(6000);
      await watched.close();
    } finally {
      await proxy.close();
    }
  });

  it('tells a wrong password from a wrong path', async () => {
    const wrong = camera.url('h264').replace(encodeURIComponent(CANARY_PASSWORD), 'wrong');
    const unauthorised = watch({ camera: 'unauthorised', source: wrong });
    const lost = watch({ camera: 'lost', source: camera.url('h264').replace('/h264', '/nothing') });
    const what = 'both refusals';
    await waitFor(() => unauthorised.state === 'auth_failed' && lost.state === 'not_found', {
      timeoutMs: 10_000,
      what,
    });
    await Promise.all([unauthorised.close(), lost.close()]);
  });

  it('L1: discloses no password', () => {
    expect(canaryFormsIn(connections.map((connection) => connection.disclosed).join('\n'))).toEqual([]);
  });
});
