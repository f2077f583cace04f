// How long a clip with people covered takes to make, and its pictures to look at: a server records each video and analyses it five times a second, a
// viewer asks for the clip of the newest --seconds, and one picture a second of it is drawn side by side. Prints a line for each video.
//
//   npm run build && node bench/covered-clips.mjs [VIDEO …] [--seconds 12] [--sheets FOLDER]
//
// The demo clip by default. --sheets: where the pictures go, NAME.png.
import { Buffer } from 'node:buffer';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { findFfmpeg } from '../dist/media/index.js';
import { adminAndViewer, serve } from './browser/served.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '12' }, sheets: { type: 'string', default: os.tmpdir() } },
});
const seconds = Number(values.seconds);
/** The newest seconds may not be on the disk yet. */
const BEHIND_S = 5;
const root = path.dirname(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname));
const videos = positionals.length > 0 ? positionals : [path.join(root, 'streams/demo.mp4')];
const { path: ffmpeg } = await findFfmpeg({});

const names = videos.map((_, at) => `video${at}`);
const lines = names.map((name, at) => `  ${name}: { source: "${path.resolve(videos[at])}", analyse: { fps: 5 }, record: { mode: continuous }, redact: {} }\n`); // prettier-ignore
const server = await serve(lines.join(''));
try {
  const { viewer } = await adminAndViewer(server);
  await new Promise((resolve) => setTimeout(resolve, (seconds + BEHIND_S + 10) * 1000));
  for (const [at, name] of names.entries()) {
    const [from, to] = [seconds + BEHIND_S, BEHIND_S].map((ago) => new Date(Date.now() - ago * 1000).toISOString()); // prettier-ignore
    const began = performance.now();
    const address = new URL(`/api/v1/recordings/${name}/clip.mp4?from=${from}&to=${to}`, server.url);
    const response = await fetch(address, { headers: { cookie: viewer } });
    if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
    const clip = path.join(values.sheets, `${name}.mp4`);
    fs.writeFileSync(clip, Buffer.from(await response.arrayBuffer()));
    const tookS = (performance.now() - began) / 1000;
    const sheet = path.join(values.sheets, `${name}.png`);
    const tile = `fps=1,scale=320:-2,tile=4x${Math.ceil(seconds / 4)}`;
    spawnSync(ffmpeg, ['-v', 'error', '-y', '-i', clip, '-vf', tile, '-frames:v', '1', sheet]);
    console.log(
      `${videos[at]}: ${seconds} s took ${tookS.toFixed(1)} s, load ${os.loadavg()[0].toFixed(1)}; ${sheet}`,
    );
  }
} finally {
  await server.close();
}
