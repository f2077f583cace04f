import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { WebSocket } from 'ws';
import { App } from '../../src/app/index.js';
import { silentLog } from '../../src/base/index.js';
import { loadConfig } from '../../src/config/index.js';
import type { CameraView, Readiness, ServerMessage } from '../../src/server/protocol.js';
import { ffmpegPrograms, makeClip } from '../support/clips.js';
import { descendantsOf, hasProcessTable, isAlive } from '../support/process-table.js';
import { runFfmpeg } from '../support/run-ffmpeg.js';
import { waitFor } from '../support/wait-for.js';

const withProcesses = hasProcessTable ? it : it.skip;

let clip: string;
let dir: string;
let app: App | undefined;
const sockets: WebSocket[] = [];

beforeAll(async () => {
  ({ path: clip } = await makeClip({ fps: 5, seconds: 4, gopFrames: 5, container: 'mp4' }));
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  await app?.close();
  app = undefined;
  if (dir !== undefined) await rm(dir, { recursive: true, force: true });
});

const cameraLine = (id: string, extra = '') =>
  `  ${id}: { source: ${clip}, analyse: { width: 64, fps: 1${extra} } }\n`;

async function writeConfig(cameras: string): Promise<string> {
  dir ??= await mkdtemp(path.join(os.tmpdir(), 'sightline-app-'));
  const file = path.join(dir, 'sightline.yaml');
  await writeFile(
    file,
    `server: { port: 0 }\ndata: { dir: data }\nengine: { workers: 1 }\ncameras:\n${cameras}`,
  );
  return file;
}

async function openApp(cameras: string): Promise<{ opened: App; configPath: string }> {
  dir = await mkdtemp(path.join(os.tmpdir(), 'sightline-app-'));
  const configPath = await writeConfig(cameras);
  const config = await loadConfig(configPath, {});
  const opened = await App.open({ config, configPath, env: {}, version: '0.0.0', log: silentLog });
  app = opened;
  return { opened, configPath };
}

/** All of one colour, in the colours of HD video: taken for those of SD, it would look another. */
async function makeBlueClip(): Promise<string> {
  const file = path.join(path.dirname(clip), 'blue.mp4');
  const filters = 'scale=out_color_matrix=bt709,format=yuv420p';
  const tags = ['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'];
  const args = ['-f', 'lavfi', '-i', 'color=0x2040c0:size=640x360:rate=10:duration=2', '-vf', filters, ...tags, '-c:v', 'libx264', '-y', file]; // prettier-ignore
  await runFfmpeg(ffmpegPrograms[0]!.path, args, { timeoutMs: 20_000 });
  return file;
}

async function get<T>(url: string, route: string): Promise<T> {
  return (await (await fetch(new URL(route, url))).json()) as T;
}
const cameras = async (url: string) => (await get<{ cameras: CameraView[] }>(url, '/api/v1/cameras')).cameras;
const live = (count: number, url: string) =>
  waitFor(async () => (await cameras(url)).filter(({ state }) => state === 'live').length === count, {
    timeoutMs: 25_000,
    what: `${count} cameras to be live`,
  });

/** FFmpeg processes that remux, by the camera whose source is their input: each has the clip's path in its arguments. */
const remuxPids = () =>
  descendantsOf(process.pid)
    .filter(({ name }) => name === 'ffmpeg')
    .map(({ pid }) => pid);

function listen(url: string): ServerMessage[] {
  const messages: ServerMessage[] = [];
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/stream`, 'sightline.v1');
  sockets.push(socket);
  socket.on('open', () => socket.send(JSON.stringify({ type: 'subscribe', cameras: '*', topics: ['camera', 'track', 'frame'], since: 0 }))); // prettier-ignore
  socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString()) as ServerMessage));
  return messages;
}

describe('App', () => {
  it('takes a camera from its source to the event stream, the list and the metrics', async () => {
    const { opened } = await openApp(cameraLine('gate'));
    const messages = listen(opened.url);
    await live(1, opened.url);
    const frame = await waitFor(() => messages.find((message) => message.type === 'frame'), {
      timeoutMs: 20_000,
      what: 'a frame message',
    });
    expect(frame).toMatchObject({ camera: 'gate', epoch: 1, frame: { width: 320, height: 180 } });
    const statuses = messages.filter((message) => message.type === 'camera.status');
    expect(statuses.map(({ seq, status }) => [seq, status.state])).toEqual([[1, 'connecting'], [2, 'live']]); // prettier-ignore
    const metrics = await (await fetch(new URL('/metrics', opened.url))).text();
    expect(metrics).toMatch(/sightline_camera_up\{camera="gate"\} 1/);
    expect(metrics).toMatch(/sightline_stage_seconds_count\{stage="inference"\} [1-9]/);
    expect(await get<Readiness>(opened.url, '/readyz')).toMatchObject({
      ready: true,
      cameras: { total: 1, live: 1 },
    });
  });

  it('gives the newest picture of a camera, in the size that is asked for', async () => {
    const { opened } = await openApp(`  gate: { source: ${await makeBlueClip()}, analyse: { fps: 1 } }\n`);
    await live(1, opened.url);
    const picture = async (query: string) => {
      const response = await waitFor(
        async () => {
          const answer = await fetch(new URL(`/api/v1/cameras/gate/snapshot.jpg${query}`, opened.url));
          return answer.status === 200 ? answer : undefined;
        },
        { timeoutMs: 10_000, what: 'a picture' },
      );
      return sharp(Buffer.from(await response.arrayBuffer()));
    };
    const whole = await picture('');
    expect(await whole.metadata()).toMatchObject({ format: 'jpeg', width: 640, height: 360 });
    const { channels } = await whole.stats();
    const blue = [29, 61, 188]; // of the encoded clip; read as SD video's it would be 33, 57, 183
    for (const [at, { mean }] of channels.entries()) expect(Math.abs(mean - blue[at]!)).toBeLessThan(3);
    expect(await (await picture('?width=100')).metadata()).toMatchObject({ width: 100, height: 56 });
    expect(await (await picture('?width=4000')).metadata()).toMatchObject({ width: 640, height: 360 });
  });

  it('keeps the live view flowing, without a gap, while the engine is killed and replaced', async () => {
    const { opened } = await openApp(cameraLine('gate'));
    await live(1, opened.url);
    await waitFor(async () => (await get<Readiness>(opened.url, '/readyz')).ready, {
      timeoutMs: 20_000,
      what: 'ready',
    });
    const arrivals: number[] = [];
    const viewer = new WebSocket(`${opened.url.replace('http', 'ws')}/api/v1/cameras/gate/live`);
    sockets.push(viewer);
    viewer.on('message', (_, isBinary) => isBinary && arrivals.push(performance.now()));
    await waitFor(() => arrivals.length > 10, { timeoutMs: 10_000, what: 'live pictures' });
    process.kill(opened.enginePid!, 'SIGKILL');
    const before = arrivals.length;
    await waitFor(() => arrivals.length > before + 10, { timeoutMs: 10_000, what: 'more live pictures' });
    const gaps = arrivals.slice(before).map((atMs, i) => atMs - arrivals[before + i - 1]!);
    expect(Math.max(...gaps)).toBeLessThan(1000); // pictures come every 200 ms
    const after = await waitFor(
      async () => {
        const readiness = await get<Readiness>(opened.url, '/readyz');
        return readiness.ready && readiness.engine?.restarts === 1 ? readiness : undefined;
      },
      { timeoutMs: 10_000, what: 'the engine to be back' },
    );
    expect(after.cameras.live).toBe(1);
  });

  withProcesses('restarts only the camera that was edited', async () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
    const { opened, configPath } = await openApp(ids.map((id) => cameraLine(id)).join(''));
    await live(6, opened.url);
    const before = await cameras(opened.url);
    const pids = remuxPids();
    await writeConfig(ids.map((id) => cameraLine(id, id === 'c' ? ', scoreMin: 0.5' : '')).join(''));
    expect(configPath).toBe(path.join(dir, 'sightline.yaml'));
    await waitFor(
      async () => (await cameras(opened.url)).find(({ id }) => id === 'c')?.since !== before[2]!.since,
      {
        timeoutMs: 15_000,
        what: 'camera c to be connected anew',
      },
    );
    await live(6, opened.url);
    const after = await cameras(opened.url);
    const unchanged = after.filter(
      ({ id, since }) => before.find((camera) => camera.id === id)?.since === since,
    );
    expect(unchanged.map(({ id }) => id)).toEqual(['a', 'b', 'd', 'e', 'f']);
    // Of the six pairs of processes only those of one camera were replaced.
    expect(pids.filter((pid) => isAlive(pid)).length).toBeGreaterThanOrEqual(pids.length - 2);
  });

  it('keeps what runs when a broken configuration is saved, and says where it is broken', async () => {
    const { opened } = await openApp(cameraLine('gate'));
    await live(1, opened.url);
    const [before] = await cameras(opened.url);
    await writeConfig(`${cameraLine('gate')}  yard: { sorce: ${clip} }\n`);
    const readiness = await waitFor(
      async () => {
        const answer = await get<Readiness>(opened.url, '/readyz');
        return answer.config === undefined ? undefined : answer;
      },
      { timeoutMs: 10_000, what: 'the refusal' },
    );
    expect(readiness.config).toMatch(/sightline\.yaml:6:\d+.*sorce.*source/s);
    expect(await cameras(opened.url)).toEqual([expect.objectContaining({ id: 'gate', since: before!.since, reconnects: 0 })]); // prettier-ignore
    expect(await (await fetch(new URL('/metrics', opened.url))).text()).toMatch(
      /sightline_config_reload_failed_total 1/,
    );
  });
});

describe('A server that is killed with SIGKILL', () => {
  let server: ChildProcess | undefined;
  afterEach(() => void server?.kill('SIGKILL'));

  withProcesses('leaves no process behind within a second', async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), 'sightline-app-'));
    const configPath = await writeConfig(cameraLine('gate') + cameraLine('yard'));
    server = spawn(process.execPath, ['bin/sightline.mjs', 'serve', '--config', configPath], { stdio: ['ignore', 'pipe', 'ignore'] }); // prettier-ignore
    let output = '';
    server.stdout!.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const url = await waitFor(() => /http:\/\/\S+/.exec(output)?.[0], {
      timeoutMs: 30_000,
      what: 'the server to listen',
    });
    await live(2, url);
    const children = await waitFor(
      () => {
        const all = descendantsOf(server!.pid!);
        return all.filter(({ name }) => name === 'ffmpeg').length >= 4 ? all : undefined;
      },
      { timeoutMs: 20_000, what: 'two remuxers and two decoders' },
    );
    server.kill('SIGKILL');
    const killedMs = performance.now();
    await waitFor(() => children.every(({ pid }) => !isAlive(pid)), {
      timeoutMs: 5000,
      what: 'all children to end',
    });
    expect(performance.now() - killedMs).toBeLessThan(1500);
  });
});
