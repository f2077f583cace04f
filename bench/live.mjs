// How late a live server is, and what it costs: starts `sightline serve` with N cameras that play the demo clip in
// real time, listens to its event stream as an integrator would, and prints one JSON object.
//
//   node bench/live.mjs [--cameras 16] [--fps 2] [--seconds 20] [--no-follow] [--no-snapshots]
//
// age: from a frame's arrival to its WebSocket message here. Memory is PSS: shared pages are counted once.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { WebSocket } from 'ws';
import { cpuSeconds, descendants } from './processes.mjs';

const { values } = parseArgs({
  options: {
    cameras: { type: 'string', default: '16' },
    fps: { type: 'string', default: '2' },
    seconds: { type: 'string', default: '20' },
    'no-follow': { type: 'boolean', default: false },
    'no-snapshots': { type: 'boolean', default: false },
  },
});
const cameras = Number(values.cameras);
const fps = Number(values.fps);
const seconds = Number(values.seconds);
const WARM_UP_MS = 8000;
const READY_LIMIT_MS = 60_000;

const root = path.dirname(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname));
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'sightline-bench-'));
const config = path.join(dir, 'sightline.yaml');
const ids = Array.from({ length: cameras }, (_, i) => `cam${i}`);
fs.writeFileSync(
  config,
  `server: { port: 0 }\ndata: { dir: data }\ncameras:\n${ids
    .map(
      (id) =>
        `  ${id}: { source: ${path.join(root, 'streams/demo.mp4')}, analyse: { fps: ${fps}, follow: ${!values['no-follow']}, snapshots: ${!values['no-snapshots']} } }\n`,
    )
    .join('')}`,
);

const server = spawn(process.execPath, [path.join(root, 'bin/sightline.mjs'), 'serve', '--config', config], {
  stdio: ['ignore', 'pipe', 'ignore'],
});
try {
  console.log(JSON.stringify(await measure(await listening()), null, 2));
} finally {
  server.kill('SIGTERM');
  await new Promise((resolve) => server.once('exit', resolve));
  fs.rmSync(dir, { recursive: true, force: true });
}

async function listening() {
  let output = '';
  for await (const chunk of server.stdout) {
    output += chunk;
    const url = /http:\/\/\S+/.exec(output)?.[0];
    if (url) return url;
  }
  throw new Error('the server did not start');
}

async function measure(url) {
  const deadlineMs = performance.now() + READY_LIMIT_MS;
  for (;;) {
    const { ready, cameras: state } = await (await fetch(`${url}/readyz`)).json();
    if (ready && state.live === cameras) break;
    if (performance.now() > deadlineMs) throw new Error(`only ${state.live} of ${cameras} cameras are live`);
    await pause(200);
  }
  await pause(WARM_UP_MS);

  const frames = [];
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/stream`, 'sightline.v1');
  await new Promise((resolve) => socket.once('open', resolve));
  const cpuBefore = cpuSeconds(server.pid);
  const startedMs = performance.now();
  socket.on('message', (data) => {
    const ageAt = Date.now();
    const message = JSON.parse(data);
    if (message.type === 'frame') frames.push({ ...message, ageMs: ageAt - Date.parse(message.time) });
  });
  socket.send(JSON.stringify({ type: 'subscribe', cameras: '*', topics: ['frame'] }));
  await pause(seconds * 1000);
  const wallSeconds = (performance.now() - startedMs) / 1000;
  const usedSeconds = cpuSeconds(server.pid) - cpuBefore;
  const metrics = await (await fetch(`${url}/metrics`)).text();
  socket.terminate();

  const counts = ids.map((id) => frames.filter(({ camera }) => camera === id).length);
  const fair = frames.length / cameras;
  const inference = frames.map(({ timing }) => timing.inferenceMs);
  return {
    cores: os.availableParallelism(),
    cameras,
    fpsAsked: fps * cameras,
    fpsAnalysed: round(frames.length / wallSeconds, 1),
    inferenceMs: quantiles(inference),
    ageMs: quantiles(frames.map(({ ageMs }) => ageMs)),
    followMs: quantiles(frames.map(({ timing }) => timing.followMs ?? 0)),
    ageWithoutInferenceMs: quantiles(
      frames.map(({ ageMs, timing }) => ageMs - timing.inferenceMs - (timing.followMs ?? 0)),
    ),
    decodeMs: quantiles(frames.map(({ timing }) => timing.decodeMs)),
    queueMs: quantiles(frames.map(({ timing }) => timing.queueMs)),
    shareOfFair: { least: round(Math.min(...counts) / fair, 3), most: round(Math.max(...counts) / fair, 3) },
    controlLoopLagMs: {
      p50: round(1000 * gauge(metrics, 'sightline_event_loop_lag_seconds{quantile="0.5"}'), 2),
      p99: round(1000 * gauge(metrics, 'sightline_event_loop_lag_seconds{quantile="0.99"}'), 2),
    },
    cpuCores: round(usedSeconds / wallSeconds, 2),
    memoryMiB: memoryByProcess(),
  };
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function quantiles(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share) => round(sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0, 1);
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

function round(value, digits) {
  return Number(value.toFixed(digits));
}

function gauge(text, series) {
  const line = text.split('\n').find((candidate) => candidate.startsWith(series));
  return Number(line?.slice(series.length));
}

function pssOf(pid) {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0; // gone meanwhile
  }
}

function memoryByProcess() {
  const sums = { control: 0, engine: 0, ffmpeg: 0, total: 0 };
  for (const { pid, name, parent } of descendants(server.pid)) {
    const pssKiB = pssOf(pid);
    const kind =
      name === 'ffmpeg'
        ? 'ffmpeg'
        : pid === server.pid
          ? 'control'
          : parent === server.pid
            ? 'engine'
            : 'ffmpeg';
    sums[kind] += pssKiB / 1024;
    sums.total += pssKiB / 1024;
  }
  return Object.fromEntries(Object.entries(sums).map(([kind, mib]) => [kind, round(mib, 1)]));
}
