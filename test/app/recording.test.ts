import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import type { CameraView } from '../../src/server/protocol.js';
import { probe } from '../recording/recorded.js';
import { hasChromium, launchBrowser, openPage } from '../support/browser.js';
import { makeClip } from '../support/clips.js';
import { hasProcessTable } from '../support/process-table.js';
import { delay, waitFor } from '../support/wait-for.js';
import { RecordingServer } from './recording-server.js';

const FPS = 25;
const GOP_SECONDS = 1;
const run = promisify(execFile);
const withProcesses = hasProcessTable ? describe : describe.skip;
const withBrowser = hasChromium ? it : it.skip;

let dir: string;
let source: string;
beforeAll(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'sightline-recording-app-'));
  const clip = await makeClip({ seconds: 10, fps: FPS, gopFrames: FPS * GOP_SECONDS, container: 'mp4' });
  source = clip.path;
});
afterAll(() => rm(dir, { recursive: true, force: true }));

withProcesses('a server that records', () => {
  let server: RecordingServer;
  beforeAll(async () => {
    server = new RecordingServer(dir);
    await server.writeConfig(source);
    await server.start();
    await server.untilRecorded(13);
  }, 120_000);
  afterAll(() => server.kill('SIGTERM'));

  it('gives a clip of the last seconds that ffprobe and FFmpeg take without a complaint', async () => {
    const nowMs = Date.now();
    const response = await fetch(server.clipUrl(nowMs - 10_000, nowMs));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('video/mp4');
    const probed = await probe(Buffer.from(await response.arrayBuffer()), dir);
    expect(probed.complaints).toBe('');
    expect(probed.startSeconds).toBe(0);
    const told = ['from', 'to'].map((end) => Date.parse(response.headers.get(`sightline-clip-${end}`)!));
    expect(told[0]).toBeLessThanOrEqual(nowMs - 10_000);
    expect(told[0]).toBeGreaterThan(nowMs - 10_000 - GOP_SECONDS * 1000 - 100);
    expect(probed.seconds).toBeCloseTo((told[1]! - told[0]!) / 1000, 1);
    expect(probed.frames).toBe(Math.round(probed.seconds * FPS));
    expect(nowMs - told[1]!).toBeLessThan(1500);
    const [camera] = (await server.get<{ cameras: CameraView[] }>('/api/v1/cameras')).cameras;
    expect(camera!.recording).toEqual({ state: 'recording' });
    const metrics = await (await fetch(new URL('/metrics', server.url))).text();
    expect(metrics).toMatch(/sightline_recording_segments\{camera="gate"\} [1-9]/);
  });

  it('gives any part of a clip, as players ask for it', async () => {
    const nowMs = Date.now();
    const url = server.clipUrl(nowMs - 9000, nowMs - 3000);
    const whole = Buffer.from(await (await fetch(url)).arrayBuffer());
    const part = async (range: string) => {
      const response = await fetch(url, { headers: { range } });
      return { status: response.status, range: response.headers.get('content-range'), body: Buffer.from(await response.arrayBuffer()) }; // prettier-ignore
    };
    const size = whole.length;
    const middle = await part('bytes=1000-100999');
    expect([middle.status, middle.range]).toEqual([206, `bytes 1000-100999/${size}`]);
    expect(middle.body.equals(whole.subarray(1000, 101_000))).toBe(true);
    expect((await part('bytes=-77')).body.equals(whole.subarray(size - 77))).toBe(true);
    expect((await part(`bytes=${size - 5}-`)).body.equals(whole.subarray(size - 5))).toBe(true);
    expect(await part(`bytes=${size}-`)).toMatchObject({ status: 416, range: `bytes */${size}` });
  });

  withBrowser('gives clips that Chromium plays, and seeks in', async () => {
    let browser: Browser | undefined;
    try {
      browser = await launchBrowser();
      const { page, problems } = await openPage(browser);
      await page.goto(server.url);
      const nowMs = Date.now();
      for (const more of ['', '&exact=true']) {
        const played = await page.evaluate(playClip, server.clipUrl(nowMs - 10_000, nowMs - 1000, more));
        expect(played).toMatchObject({ error: null, widthPx: 320, heightPx: 180, hasEnded: true });
        expect(played.seconds).toBeGreaterThan(8.5);
        expect(played.seconds).toBeLessThan(10.5);
        expect(Math.abs(played.soughtSeconds - 5)).toBeLessThan(0.1);
      }
      // A player that seeks gives up the answer that it was reading.
      expect(problems.filter((problem) => !problem.endsWith('net::ERR_ABORTED'))).toEqual([]);
    } finally {
      await browser?.close();
    }
  });

  it('misses no more than a second and a group of pictures after it was killed, and says so', async () => {
    await server.untilRecorded(18);
    const missing: number[] = [];
    for (let round = 0; round < 3; round++) {
      await delay(700 + 900 * round); // at another place within a segment each time
      const before = (await server.recordings()).recordings.at(-1)!;
      expect(before.open).toBe(true);
      const killedMs = Date.now();
      await server.kill();
      await server.start();
      const { recordings } = await server.recordings(killedMs - 60_000, killedMs);
      expect(recordings.at(-1)!.open).toBeUndefined();
      missing.push((killedMs - Date.parse(recordings.at(-1)!.to)) / 1000);
      await waitFor(
        async () =>
          (await server.recordings(killedMs - 3000)).gaps.some(({ reason }) => reason === 'server-stopped'),
        { timeoutMs: 30_000, what: 'recording to go on, and the gap to be told' },
      );
      const clip = await fetch(server.clipUrl(killedMs - 5000, killedMs));
      expect(await probe(Buffer.from(await clip.arrayBuffer()), dir)).toMatchObject({ complaints: '' });
    }
    const left = await run('find', [path.join(dir, 'data/recordings'), '-name', '*.part']);
    expect(left.stdout.trim().split('\n')).toHaveLength(1); // the one that is written now
    process.stdout.write(`missing after kill -9, s: ${missing.map((s) => s.toFixed(2)).join(' ')}\n`);
    for (const seconds of missing) expect(seconds).toBeLessThan(1 + GOP_SECONDS);
  }, 180_000);
});

interface Played {
  readonly error: string | null;
  readonly seconds: number;
  readonly soughtSeconds: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly hasEnded: boolean;
}

/** Runs in the page: loads a clip, seeks to 5 s, and plays the rest fast. */
async function playClip(url: string): Promise<Played> {
  const page = globalThis as unknown as { document: { createElement(name: 'video'): Video } };
  interface Video {
    src: string;
    muted: boolean;
    currentTime: number;
    playbackRate: number;
    readonly duration: number;
    readonly videoWidth: number;
    readonly videoHeight: number;
    readonly ended: boolean;
    readonly error: { message: string } | null;
    play(): Promise<void>;
    addEventListener(type: string, listener: () => void): void;
  }
  const video = page.document.createElement('video');
  const happens = (type: string) =>
    new Promise<void>((resolve) => {
      video.addEventListener(type, resolve);
      video.addEventListener('error', resolve);
      setTimeout(resolve, 15_000);
    });
  video.muted = true;
  const loaded = happens('loadeddata');
  video.src = url;
  await loaded;
  const sought = happens('seeked');
  video.currentTime = 5;
  await sought;
  const soughtSeconds = video.currentTime;
  const ended = happens('ended');
  video.playbackRate = 4;
  await video.play().catch(() => undefined);
  await ended;
  return {
    error: video.error?.message ?? null,
    seconds: video.duration,
    soughtSeconds,
    widthPx: video.videoWidth,
    heightPx: video.videoHeight,
    hasEnded: video.ended,
  };
}
