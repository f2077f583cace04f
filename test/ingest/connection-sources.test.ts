import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { findFfmpeg } from '../../src/media/index.js';
import { Connection, type Fragment } from '../../src/ingest/index.js';
import { createLog, silentLog, systemClock } from '../../src/base/index.js';
import { ffmpegPrograms, makeClip, makeSegments } from '../support/clips.js';
import { FakeClock } from '../support/fake-clock.js';
import { HttpCamera } from '../support/http-camera.js';
import { isAlive } from '../support/process-table.js';
import { waitFor } from '../support/wait-for.js';
import { WatchedConnection } from '../support/watched-connection.js';

// Made here, since concurrent tests do not wait for beforeAll.
const folder = await mkdtemp(path.join(os.tmpdir(), 'sightline-sources-'));
const server = await HttpCamera.open();
await makeSegments();
const watched: WatchedConnection[] = [];

afterAll(async () => {
  await Promise.all(watched.map((each) => each.close()));
  await server.close();
  await rm(folder, { recursive: true });
});

function steps(fragments: readonly { readonly ptsTicks: number }[]): number[] {
  const shown = fragments.map(({ ptsTicks }) => ptsTicks).sort((one, other) => one - other);
  return shown.slice(1).map((ticks, index) => ticks - (shown[index] ?? 0));
}

describe.each(ffmpegPrograms)('a connection through the $name FFmpeg', ({ path: program }) => {
  const watch = (source: string): WatchedConnection => {
    const ffmpeg = () => findFfmpeg({ configuredPath: program, env: {} });
    const connection = new WatchedConnection({ camera: path.basename(source), source, ffmpeg });
    watched.push(connection);
    return connection;
  };

  it.concurrent('plays JPEG pictures over HTTP by the time of their arrival, encoded anew', async () => {
    const connection = watch(server.url('/mjpeg'));
    await connection.moreFragments(25);
    expect(connection.status).toMatchObject({
      state: 'live',
      transcoded: true,
      widthPx: 320,
      heightPx: 180,
      codec: expect.stringMatching(/^avc1/),
    });
    const spanS = connection.fragments
      .slice(-20)
      .reduce(
        (sum, _, index, all) =>
          index === 0 ? 0 : sum + (all[index]!.ptsTicks - all[index - 1]!.ptsTicks) / 90_000,
        0,
      );
    expect(spanS).toBeGreaterThan(1.2);
    expect(spanS).toBeLessThan(3.5);
    await connection.close();
  });

  it.concurrent('plays live HLS in real time', async () => {
    const connection = watch(server.url('/live.m3u8'));
    await connection.moreFragments(15);
    expect(connection.status).toMatchObject({ state: 'live', transcoded: false });
    expect(new Set(steps(connection.fragments))).toEqual(new Set([9000]));
    const last = connection.fragments.slice(-10);
    expect(last.at(-1)!.arrivedMs - last[0]!.arrivedMs).toBeGreaterThan(500);
    await connection.close();
  });

  it.concurrent('plays an MP4 over HTTP, and again after its end', async () => {
    const connection = watch(server.url('/video.mp4'));
    await waitFor(() => connection.streams.length >= 2, { timeoutMs: 20_000, what: 'a second stream' });
    expect(connection.streams.map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect(connection.fragments.filter(({ epoch }) => epoch === 1)).toHaveLength(100);
    expect(connection.states.slice(0, 4)).toEqual(['connecting', 'live', 'reconnecting', 'live']);
    await connection.close();
  });

  it.concurrent('plays a file over and over, evenly, as one stream', async () => {
    const clip = await makeClip({ fps: 10, seconds: 1, bFrames: 2, container: 'mp4' });
    const connection = watch(clip.path);
    await connection.moreFragments(35);
    expect(connection.streams).toHaveLength(1);
    expect(new Set(steps(connection.fragments.slice(0, 32)).slice(0, -3))).toEqual(new Set([9000]));
    expect(connection.status).toMatchObject({ state: 'live', reconnects: 0 });
    expect(connection.status.fps).toBeCloseTo(10, -1);
    await connection.close();
  });

  it.concurrent('encodes an old AVI anew, and says so', async () => {
    const connection = watch((await makeClip({ fps: 10, seconds: 2, container: 'avi' })).path);
    await connection.moreFragments(15);
    expect(connection.status).toMatchObject({ state: 'live', transcoded: true, reconnects: 0 });
    await connection.close();
  });

  it.concurrent.each([
    ['/page', 'unsupported'],
    ['/401', 'auth_failed'],
    ['/nowhere', 'not_found'],
    ['/redirect', 'redirect_refused'],
  ] as const)('calls %s of a web server %s', async (pathname, state) => {
    const connection = watch(server.url(pathname));
    await connection.entered([state], { sinceMs: 0, timeoutMs: 10_000 });
    expect(connection.status.reason).toMatch(/: |\)/);
    await connection.close();
  });

  it.concurrent('is not led elsewhere after its first answer, where this FFmpeg can be told so', async () => {
    const { capabilities } = await findFfmpeg({ configuredPath: program, env: {} });
    const camera = await HttpCamera.open();
    const connection = watch(camera.url('/redirect-ffmpeg'));
    if (capabilities.limitsRedirects) {
      await connection.entered(['reconnecting'], { sinceMs: 0, timeoutMs: 10_000 });
      expect(connection.fragments).toHaveLength(0);
    } else {
      await connection.moreFragments(1);
    }
    expect(camera.requests.includes('/mjpeg')).toBe(!capabilities.limitsRedirects);
    await connection.close();
    await camera.close();
  });

  it.concurrent('does not read a local file that a playlist names', async () => {
    const connection = watch(server.url('/evil.m3u8'));
    await connection.entered(['unsupported', 'reconnecting'], { sinceMs: 0, timeoutMs: 20_000 });
    expect(connection.fragments).toHaveLength(0);
    expect(connection.disclosed).not.toContain('root:');
    await connection.close();
  });

  it.concurrent('calls a text a source that is no video', async () => {
    const file = path.join(folder, 'notes.mp4');
    await writeFile(file, 'not a video\n'.repeat(100));
    const connection = watch(file);
    await connection.entered(['unsupported'], { sinceMs: 0, timeoutMs: 10_000 });
    await connection.close();
  });
});

describe('a connection', () => {
  const ffmpeg = () => findFfmpeg();

  it('finds a file that comes to be later, without a restart', async () => {
    const clock = new FakeClock();
    const file = path.join(folder, 'later.mp4');
    const connection = new Connection({ camera: 'later', source: file, ffmpeg, clock, log: silentLog });
    connection.start();
    await waitFor(() => connection.status.state === 'not_found', { timeoutMs: 10_000, what: 'not_found' });
    expect(connection.status.reason).toMatch('there is no such file');
    await copyFile((await makeClip({ container: 'mp4' })).path, file);
    await clock.advanceAsync(11_000);
    expect(connection.status.state).toBe('not_found');
    await clock.advanceAsync(8_000);
    await waitFor(() => connection.status.state === 'live', { timeoutMs: 10_000, what: 'live' });
    expect(connection.reconnectsByReason).toMatchObject({ not_found: 1, eof: 0 });
    await connection.close();
    expect(clock.pendingTimers).toBe(0);
  });

  it('says which device is missing, and looks for it again', async () => {
    const clock = new FakeClock();
    const source = '/dev/video4711';
    const connection = new Connection({ camera: 'device', source, ffmpeg, clock, log: silentLog });
    connection.start();
    await waitFor(() => connection.status.state === 'not_found', { timeoutMs: 10_000, what: 'not_found' });
    expect(connection.status.reason).toBe(
      '/dev/video4711: there is no such device; plug it in, or name one that /dev has',
    );
    await clock.advanceAsync(20_000);
    await waitFor(() => connection.reconnectsByReason.not_found === 2, {
      timeoutMs: 5000,
      what: 'a second try',
    });
    expect(connection.pid).toBeUndefined();
    await connection.close();
  });

  it('plays a file once when it shall not loop', async () => {
    const clip = await makeClip({ fps: 10, seconds: 1, container: 'mp4' });
    const fragments: Fragment[] = [];
    const connection = new Connection({
      camera: 'once',
      source: clip.path,
      ffmpeg,
      clock: systemClock,
      log: silentLog,
      loop: false,
    });
    connection.on('fragment', (fragment) => fragments.push(fragment));
    connection.start();
    await waitFor(() => connection.status.state === 'ended', { timeoutMs: 10_000, what: 'the end' });
    expect(fragments).toHaveLength(10);
    expect(connection.framesTotal).toBe(10);
    await connection.close();
  });

  it('leaves nothing behind when it is closed, whenever that is', async () => {
    const clip = await makeClip({ container: 'mp4' });
    for (const delayMs of [0, 5, 50, 200, 500]) {
      const connection = new Connection({
        camera: 'closed',
        source: clip.path,
        ffmpeg,
        clock: systemClock,
        log: silentLog,
      });
      connection.start();
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      const pid = connection.pid;
      await Promise.all([connection.close(), connection.close()]);
      expect(connection.status.state).toBe('stopped');
      expect(connection.pid).toBeUndefined();
      if (pid !== undefined && process.platform === 'linux') expect(isAlive(pid)).toBe(false);
      connection.start();
      expect(connection.status.state).toBe('stopped');
    }
  });

  it('writes one line for each change of its state', async () => {
    const lines: string[] = [];
    const clip = await makeClip({ fps: 10, seconds: 1, container: 'mp4' });
    const log = createLog('info', (line) => lines.push((JSON.parse(line) as { msg: string }).msg));
    const connection = new Connection({ camera: 'talk', source: clip.path, ffmpeg, clock: systemClock, log });
    connection.start();
    await waitFor(() => connection.framesTotal > 5, { timeoutMs: 10_000, what: 'frames' });
    await connection.close();
    expect(lines).toEqual(['connecting', 'camera is live', 'camera is stopped']);
  });

  it('refuses a source of a forbidden scheme before it does anything', () => {
    const make = () =>
      new Connection({
        camera: 'x',
        source: 'file:///etc/passwd',
        ffmpeg,
        clock: systemClock,
        log: silentLog,
      });
    expect(make).toThrow(expect.objectContaining({ code: 'ingest/scheme-not-allowed' }));
  });
});
