// How late messages are for many clients of the event stream: a whole server with cameras that play the demo clip tells durable messages at a
// steady rate; each client of another process notes when it has them. Then the same once more beside clients that never read.
// Prints a Markdown table.
//
//   node bench/fan-out.mjs [--clients 200] [--rate 50] [--cameras 4] [--fps 2] [--stuck 100] [--seconds 20]
//
// lateness: from the call that publishes a message (before it is committed) to its arrival, ms, over all clients and messages.
// A client subscribes to events, tracks and cameras, not to frames. Clients run in one process beside the server and share its processors.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { WebSocket } from 'ws';

const WARM_UP_MS = 8000;
const SUBSCRIBE = { type: 'subscribe', cameras: '*', topics: ['event', 'track', 'camera'] };

const { values } = parseArgs({
  options: {
    clients: { type: 'string', default: '200' },
    rate: { type: 'string', default: '50' },
    cameras: { type: 'string', default: '4' },
    fps: { type: 'string', default: '2' },
    stuck: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '20' },
  },
});

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
if (process.send) await beClients();
else await measure();

/** The other process: opens clients when told, and answers with what they noted. */
async function beClients() {
  const lateness = [];
  const open = async (url, isReading) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/stream`, 'sightline.v1');
    await once(socket, 'open');
    socket.send(JSON.stringify(SUBSCRIBE));
    socket.on('error', () => undefined);
    if (!isReading) return socket.pause();
    socket.on('message', (data) => {
      const sentMs = /"reason":"sent (\d+)"/.exec(data)?.[1];
      if (sentMs !== undefined) lateness.push(Date.now() - Number(sentMs));
    });
  };
  process.on('message', async ({ what, url, count, isReading }) => {
    if (what === 'open') await Promise.all(Array.from({ length: count }, () => open(url, isReading)));
    process.send(what === 'report' ? lateness.splice(0) : 'done');
  });
}

async function measure() {
  const { App } = await import('../dist/app/index.js');
  const { silentLog } = await import('../dist/base/index.js');
  const { loadConfig } = await import('../dist/config/index.js');
  const { COCO_CLASSES } = await import('../dist/models/index.js');
  const root = path.dirname(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname));
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'sightline-bench-'));
  const cameras = Array.from(
    { length: Number(values.cameras) },
    (_, i) =>
      `  cam${i}: { source: ${path.join(root, 'streams/demo.mp4')}, analyse: { fps: ${values.fps} } }\n`,
  );
  const text = `server: { port: 0 }\ndata: { dir: ${path.join(dir, 'data')} }\ncameras:\n${cameras.join('')}`;
  const file = path.join(dir, 'sightline.yaml');
  fs.writeFileSync(file, text);
  const config = await loadConfig(file, process.env, COCO_CLASSES);
  const app = await App.open({ config, env: process.env, version: '0.0.0', log: silentLog });
  const clients = fork(new URL(import.meta.url), process.argv.slice(2));
  const ask = async (message) => {
    clients.send(message);
    return (await once(clients, 'message'))[0];
  };
  try {
    await ask({ what: 'open', url: app.url, count: Number(values.clients), isReading: true });
    await pause(WARM_UP_MS);
    console.log(
      '| clients | messages each | p50 ms | p95 ms | p99 ms | most ms |\n|---|---|---|---|---|---|',
    );
    await round(app, ask, `${values.clients}`);
    await ask({ what: 'open', url: app.url, count: Number(values.stuck), isReading: false });
    await pause(1000);
    await round(app, ask, `${values.clients}, and ${values.stuck} that never read`);
  } finally {
    clients.kill();
    await app.close();
    fs.rmSync(dir, { recursive: true, force: true });
  }
}

async function round(app, ask, title) {
  const total = Number(values.rate) * Number(values.seconds);
  const startMs = performance.now();
  for (let n = 0; n < total; n++) {
    const dueMs = startMs + (n * 1000) / Number(values.rate);
    const waitMs = dueMs - performance.now();
    if (waitMs > 0) await pause(waitMs);
    const time = new Date();
    const status = { state: 'live', reason: `sent ${time.getTime()}`, transcoded: false };
    app.publish({ v: 1, type: 'camera.status', camera: 'cam0', time: time.toISOString(), status });
  }
  await pause(2000);
  const lateness = (await ask({ what: 'report' })).sort((a, b) => a - b);
  const expected = total * Number(values.clients);
  if (lateness.length !== expected) throw new Error(`${lateness.length} of ${expected} messages arrived`);
  const at = (share) => lateness[Math.min(expected - 1, Math.floor(share * expected))];
  console.log(`| ${title} | ${total} | ${at(0.5)} | ${at(0.95)} | ${at(0.99)} | ${lateness.at(-1)} |`);
}
