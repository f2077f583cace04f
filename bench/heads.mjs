// What each head costs the detector: frames analysed a second by a whole server with one head on, as a share of detection alone, all alternating in
// one run. Cameras play the demo clip in real time and ask for every frame; four of them are more than a small machine can look at. Prints a Markdown
// table; --json prints the figures of every round.
//
//   node bench/heads.mjs [--cameras 1,4] [--rounds 5] [--seconds 10] [--json]
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { App } from '../dist/app/index.js';
import { createLog, sleep, systemClock } from '../dist/base/index.js';
import { loadConfig } from '../dist/config/index.js';

const { values } = parseArgs({
  options: {
    cameras: { type: 'string', default: '1,4' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '10' },
    json: { type: 'boolean', default: false },
  },
});
const counts = values.cameras.split(',').map(Number);
const seconds = Number(values.seconds);
const demo = path.join(path.dirname(import.meta.dirname), 'streams/demo.mp4');
const BARE = { heads: '[]', follow: false, snapshots: false, light: 'off' };
/** By what the table calls it. The classifier is asked of tracks' pictures, so that it comes with the look. */
const HEADS = {
  'detection and tracking alone': BARE,
  mask: { ...BARE, heads: '[mask]' },
  'follow and look (embedding)': { ...BARE, follow: true, snapshots: true },
  'light: auto': { ...BARE, light: 'auto' },
  'look and a classifier': { ...BARE, follow: true, snapshots: true, isClassified: true },
  'all of them': { heads: '[mask]', follow: true, snapshots: true, light: 'auto', isClassified: true },
};

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'sightline-heads-'));
const configPath = path.join(dir, 'sightline.yaml');
configure(0, BARE);
const app = await App.open({
  config: await loadConfig(configPath, {}),
  configPath,
  env: {},
  version: '0',
  log: createLog('error'),
});
const cookie = await signIn();
await makeClassifier();
const rounds = [];
try {
  for (let round = 0; round < Number(values.rounds); round++)
    for (const cameras of counts)
      for (const head of Object.keys(HEADS)) rounds.push({ round, cameras, head, ...(await measure(cameras, HEADS[head])) }); // prettier-ignore
} finally {
  await app.close();
  fs.rmSync(dir, { recursive: true, force: true });
}
report();

/** Frames received and analysed a second, once every camera is analysed. */
async function measure(cameras, { isClassified = false, ...head }) {
  await request('PATCH', 'classifiers/bench', { cameras: isClassified ? null : ['none'] });
  const isAnother = configure(cameras, head);
  const changedMs = isAnother ? Date.now() : 0;
  const isThere = ({ state, since, analysedFps }) => state === 'live' && Date.parse(since) >= changedMs && analysedFps > 0; // prettier-ignore
  for (;;) {
    const { cameras: views } = await request('GET', 'cameras');
    if (views.length === cameras && views.every(isThere)) break;
    await sleep(systemClock, 200);
  }
  await sleep(systemClock, 3000);
  const [before, beforeMs, usage] = [await frames(), performance.now(), process.cpuUsage()];
  await sleep(systemClock, seconds * 1000);
  const [after, tookS, used] = [
    await frames(),
    (performance.now() - beforeMs) / 1000,
    process.cpuUsage(usage),
  ];
  return {
    received: (after.received - before.received) / tookS,
    analysed: (after.analysed - before.analysed) / tookS,
    masks: after.masks - before.masks,
    controlCores: (used.user + used.system) / 1e6 / tookS,
  };
}

/** Whether that is another configuration than before. */
function configure(cameras, { heads, ...analyse }) {
  const rest = Object.entries(analyse).map(([key, value]) => `, ${key}: ${value}`).join(''); // prettier-ignore
  const all = Array.from({ length: cameras }, (_, at) => `  c${at}: { source: ${demo}, analyse: { fps: 60, heads: ${heads}${rest} } }\n`); // prettier-ignore
  const text = `server: { port: 0 }\ndata: { dir: data }\ncameras: ${cameras === 0 ? '{}\n' : `\n${all.join('')}`}`;
  if (fs.existsSync(configPath) && fs.readFileSync(configPath, 'utf8') === text) return false;
  fs.writeFileSync(`${configPath}.new`, text);
  fs.renameSync(`${configPath}.new`, configPath);
  return true;
}

async function frames() {
  const text = await request('GET', '/metrics');
  const sum = (pattern) => [...text.matchAll(pattern)].reduce((total, [, count]) => total + Number(count), 0);
  return {
    received: sum(/^sightline_camera_frames_total\{[^}]*stage="received"[^}]*\} (\d+)/gm),
    analysed: sum(/^sightline_camera_frames_total\{[^}]*stage="analysed"[^}]*\} (\d+)/gm),
    masks: sum(/^sightline_masks_total\{[^}]*\} (\d+)/gm),
  };
}

async function signIn() {
  const body = { code: app.setupCode, name: 'bench', password: 'lamp otter quartz seven' };
  const response = await send('POST', '/api/v1/setup', body);
  return response.headers.getSetCookie()[0].split(';')[0];
}

/** Two classes that any picture is one of. */
async function makeClassifier() {
  await request('POST', 'classifiers', { name: 'bench', classes: ['light', 'dark'] });
  for (let at = 0; at < 16; at++) {
    const grey = at % 2 === 0 ? 200 + at : 40 + at;
    const create = { width: 64, height: 96, channels: 3, background: { r: grey, g: grey, b: grey } };
    const picture = (await sharp({ create }).jpeg().toBuffer()).toString('base64');
    await request('POST', 'classifiers/bench/examples', { class: at % 2 === 0 ? 'light' : 'dark', picture, clip: `c${at >> 2}` }); // prettier-ignore
  }
  await request('POST', 'classifiers/bench/train', {});
}

async function request(method, address, body) {
  const response = await send(method, address.startsWith('/') ? address : `/api/v1/${address}`, body);
  const text = await response.text();
  // A camera that is being begun anew is not there for a moment.
  if (!response.ok && response.status !== 404)
    throw new Error(`${method} ${address}: ${response.status} ${text}`);
  return response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text;
}

function send(method, address, body) {
  const headers = { origin: new URL(app.url).origin, ...(address !== '/api/v1/setup' && { cookie }) };
  if (body === undefined) return fetch(new URL(address, app.url), { method, headers });
  const json = { ...headers, 'content-type': 'application/json' };
  return fetch(new URL(address, app.url), { method, headers: json, body: JSON.stringify(body) });
}

function report() {
  if (values.json) console.log(JSON.stringify(rounds));
  const [load] = os.loadavg();
  console.log(
    `${os.availableParallelism()} cores, ${os.cpus()[0]?.model}, Node ${process.version}, load ${load.toFixed(1)} at the end`,
  );
  const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
  console.log(
    `\n| | ${counts.map((n) => `${n} camera${n > 1 ? 's' : ''}, frames/s | of detection alone`).join(' | ')} |`,
  );
  console.log(`|---|${counts.map(() => '---|---|').join('')}`);
  for (const head of Object.keys(HEADS)) {
    const cells = counts.flatMap((cameras) => {
      const of = (name, round) => rounds.find((each) => each.cameras === cameras && each.head === name && each.round === round).analysed; // prettier-ignore
      const all = Array.from({ length: Number(values.rounds) }, (_, round) => round);
      const [first] = Object.keys(HEADS);
      const ratios = all.map((round) => of(head, round) / of(first, round)).sort((a, b) => a - b);
      const spread = head === first ? '' : ` (${ratios[0].toFixed(2)}–${ratios.at(-1).toFixed(2)})`;
      return [
        median(all.map((round) => of(head, round))).toFixed(1),
        `${median(ratios).toFixed(2)}${spread}`,
      ];
    });
    console.log(`| ${head} | ${cells.join(' | ')} |`);
  }
}
