// What live pictures with people covered are like beside the plain ones: how many a second, how much later each arrives, and the processor time that they take.
// A server analyses each video five times a second as a camera; an administrator watches each camera, and then viewers do as well, who see people covered.
// Prints a line for each camera, and the processor time of all processes of the server without and with them.
//
//   npm run build && node bench/covered-live.mjs [VIDEO …] [--seconds 30]
//
// The demo clip by default. A machine with nothing else to do, please.
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { WebSocket } from 'ws';
import { parseInit, readFragmentHead } from '../dist/media/index.js';
import { adminAndViewer, serve } from './browser/served.mjs';
import { cpuSeconds } from './processes.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '30' } },
});
const lengthMs = Number(values.seconds) * 1000;
/** Models are loaded, and streams begin. */
const WARM_UP_MS = 12_000;
const SAME_BURST_MS = 20;
const root = path.dirname(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname));
const videos = positionals.length > 0 ? positionals : [path.join(root, 'streams/demo.mp4')];
const names = videos.map((_, at) => `video${at}`);
const lines = names.map((name, at) => `  ${name}: { source: "${path.resolve(videos[at])}", analyse: { fps: 5 }, redact: {} }\n`); // prettier-ignore
const server = await serve(lines.join(''));
try {
  const { admin, viewer } = await adminAndViewer(server);
  const plain = names.map((name) => watch(name, admin));
  await pause(WARM_UP_MS);
  const before = await processorSeconds(lengthMs / 2);
  const covered = names.map((name) => watch(name, viewer));
  await pause(WARM_UP_MS / 2);
  for (const one of [...plain, ...covered]) one.arrivals.clear();
  const during = await processorSeconds(lengthMs);
  for (const [at, name] of names.entries()) {
    // A picture comes right behind the copies of the one before it, which lead up to it.
    const all = [...covered[at].arrivals];
    const fresh = all.filter(([, ms], n) => n + 1 < all.length && all[n + 1][1] - ms > SAME_BURST_MS);
    const shown = fresh.filter(([time]) => plain[at].arrivals.has(time));
    const laterMs = shown.map(([time, ms]) => ms - plain[at].arrivals.get(time)).sort((a, b) => a - b);
    const share = (part) => Math.round(laterMs[Math.floor(part * (laterMs.length - 1))]);
    console.log(
      `${name} ${videos[at]}: ${(shown.length / (lengthMs / 1000)).toFixed(1)} pictures a second, later by p50 ${share(0.5)} ms, p95 ${share(0.95)} ms`,
    );
  }
  console.log(
    `processor time: ${before.toFixed(2)} cores before, ${during.toFixed(2)} with people covered; load ${os.loadavg()[0].toFixed(1)}`,
  );
} finally {
  await server.close();
}

/** When each picture of a camera's live stream arrived, by its presentation time. */
function watch(camera, cookie) {
  const address = `${server.url.replace('http', 'ws')}/api/v1/cameras/${camera}/live`;
  const socket = new WebSocket(address, { headers: { cookie, origin: new URL(server.url).origin } });
  const arrivals = new Map();
  let init;
  socket.on('message', (data, isBinary) => {
    if (!isBinary) {
      init = undefined;
      arrivals.clear();
    } else if (init === undefined) init = parseInit(data);
    else arrivals.set(readFragmentHead(data, init).ptsTicks, performance.now());
  });
  socket.on('error', (error) => console.error(error.message));
  return { arrivals };
}

/** Cores that the server and all that it has started keep busy, over the next `ms`. */
async function processorSeconds(ms) {
  const began = cpuSeconds(server.pid);
  await pause(ms);
  return (cpuSeconds(server.pid) - began) / (ms / 1000);
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
