import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { App } from '../../src/app/index.js';
import { silentLog } from '../../src/base/index.js';
import { loadConfig } from '../../src/config/index.js';
import type { CameraView, RecordingPage } from '../../src/server/protocol.js';
import { ffmpegPrograms } from '../support/clips.js';
import { ffmpegOutput } from '../support/fragments.js';
import { runFfmpeg } from '../support/run-ffmpeg.js';
import { waitFor } from '../support/wait-for.js';

const [widthPx, heightPx] = [320, 180];
const program = ffmpegPrograms[0]!.path;
/** The left half. */
const MASK = 'privacy: [{ polygon: [[0, 0], [0.5, 0], [0.5, 1], [0, 1]] }]';

describe('a camera with a privacy mask', () => {
  let dir: string;
  let app: App;
  let configPath: string;
  const configure = async (record: string, privacy: string) =>
    writeFile(
      configPath,
      `server: { port: 0 }\ndata: { dir: data }\nengine: { workers: 1 }\ncameras:\n` +
        `  gate: { source: white.mp4, analyse: { width: 64, fps: 1 }, record: { ${record} }${privacy} }\n` +
        `  yard: { source: white.mp4, analyse: { width: 64, fps: 1 } }\n`,
    );
  const get = (address: string) => fetch(new URL(`/api/v1/${address}`, app.url));
  const camera = async (id: string) => (await (await get(`cameras/${id}`)).json()) as CameraView;
  const until = <T>(what: string, test: () => Promise<T | undefined | false>) =>
    waitFor(test, { timeoutMs: 40_000, what });
  const isLive = (id: string) => until(`${id} to be live`, async () => (await camera(id)).state === 'live');

  beforeAll(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), 'sightline-privacy-app-'));
    configPath = path.join(dir, 'sightline.yaml');
    const white = ['-f', 'lavfi', '-i', `color=white:size=${widthPx}x${heightPx}:rate=5:duration=10`, '-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-g', '5', '-y', path.join(dir, 'white.mp4')]; // prettier-ignore
    await runFfmpeg(program, white, { timeoutMs: 20_000 });
    // Not masked at first, and nothing recorded: some seconds wait in memory in case that something happens.
    await configure('mode: events, preRollSeconds: 20', '');
    app = await App.open({ config: await loadConfig(configPath, {}), configPath, env: {}, version: '0', log: silentLog }); // prettier-ignore
    await Promise.all(['gate', 'yard'].map(isLive));
    await until('some pictures', async () => (await camera('gate')).fps !== undefined);
  }, 90_000);
  afterAll(async () => {
    await app?.close();
    await rm(dir, { recursive: true, force: true });
  });

  /** Lightest of what must be dark, darkest of what must be light, over all pictures of a file; and how many there are. */
  async function halvesOf(bytes: Uint8Array) {
    const file = path.join(dir, 'seen');
    await writeFile(file, bytes);
    const luma = await ffmpegOutput(program, ['-i', file, '-f', 'rawvideo', '-pix_fmt', 'gray']);
    let [left, right] = [0, 255];
    for (let at = 0; at < luma.length; at++) {
      const x = at % widthPx;
      if (x < 150) left = Math.max(left, luma[at]!);
      if (x >= 170) right = Math.min(right, luma[at]!);
    }
    return { left, right, pictures: luma.length / (widthPx * heightPx) };
  }
  function expectMasked(halves: Awaited<ReturnType<typeof halvesOf>>, picturesMin: number) {
    expect(halves.left).toBeLessThan(20);
    expect(halves.right).toBeGreaterThan(235);
    expect(halves.pictures).toBeGreaterThanOrEqual(picturesMin);
  }

  it('shows, stores and tells nothing of what is behind it, from the moment that it is saved; other cameras go on', async () => {
    expect((await camera('gate')).transcoded).toBe(false);
    const before = await halvesOf(
      new Uint8Array(await (await get('cameras/gate/snapshot.jpg')).arrayBuffer()),
    );
    expect(before.left).toBeGreaterThan(235);
    const yardSince = (await camera('yard')).since;

    await configure('mode: continuous, preRollSeconds: 20, segmentSeconds: 2', `, ${MASK}`);
    await until('the mask', async () => (await camera('gate')).masked === true);
    await isLive('gate');
    expect(await camera('gate')).toMatchObject({ transcoded: true, masked: true });
    expectMasked(
      await halvesOf(new Uint8Array(await (await get('cameras/gate/snapshot.jpg')).arrayBuffer())),
      1,
    );
    expectMasked(await halvesOf(await liveBytes(20)), 5);

    await until('recordings', async () => {
      const { recordings } = (await (await get('recordings?camera=gate')).json()) as RecordingPage;
      return recordings.filter(({ open }) => open !== true).length >= 2;
    });
    const from = new Date(Date.now() - 120_000).toISOString();
    const clip = await get(`recordings/gate/clip.mp4?from=${from}&to=${new Date().toISOString()}`);
    expect(clip.status).toBe(200);
    expectMasked(await halvesOf(new Uint8Array(await clip.arrayBuffer())), 15);
    expect((await camera('yard')).since).toBe(yardSince);
    expect((await camera('yard')).masked).toBeUndefined();
  }, 90_000);

  /** Init segment and so many fragments of the live view. */
  async function liveBytes(count: number): Promise<Buffer> {
    const socket = new WebSocket(`${app.url.replace('http', 'ws')}/api/v1/cameras/gate/live`);
    const chunks: Buffer[] = [];
    socket.on('message', (data: Buffer, isBinary) => isBinary && chunks.push(data));
    try {
      await until('live pictures', () => Promise.resolve(chunks.length > count));
    } finally {
      socket.terminate();
    }
    return Buffer.concat(chunks);
  }
});
