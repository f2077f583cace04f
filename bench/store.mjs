// How fast events are stored and found: fills a store in a folder of its own with events of 50 cameras, then asks for the newest page, for
// pages by each filter and several at once, and for one event. Prints one JSON object.
//
//   node bench/store.mjs [--events 5000000] [--dir FOLDER] [--postgres postgres://user:password@host/empty-database]
//
// `commitMs`: how long a message waits for its commit, alone, and the last of 20 and of 1000 that come at once.
// `sustained`: events a second over the last tenth of the filling, each with its start and its end, committed (synchronous=FULL) in
// batches as the journal makes them. Times are those that a caller waits, ms.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { silentLog, systemClock } from '../dist/base/index.js';
import { Store } from '../dist/store/index.js';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '5000000' },
    dir: { type: 'string' },
    postgres: { type: 'string' },
  },
});
const count = Number(values.events);
const dir = fs.mkdtempSync(path.join(values.dir ?? os.tmpdir(), 'sightline-bench-'));
const store = await Store.open({
  dataDir: dir,
  postgresUrl: values.postgres,
  clock: systemClock,
  log: silentLog,
});

let state = 1;
const random = (below) => {
  state = (state * 1664525 + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
};
const LABELS = ['person', 'person', 'person', 'person', 'car', 'car', 'car', 'truck', 'dog', 'bicycle'];
const TYPES = ['loiter', 'line', 'enter', 'crowd', 'speed'];
const START_MS = Date.parse('2026-01-01T00:00:00Z');
const timeOf = (ms) => new Date(ms).toISOString();

function started(i) {
  const camera = `cam${random(50)}`;
  const type = TYPES[random(5)];
  const startMs = START_MS + i * 2000 + random(1500);
  const box = [random(1800), random(900), random(1800), random(900)];
  const label = LABELS[random(10)];
  return {
    v: 1,
    type: 'event.started',
    camera,
    time: timeOf(startMs),
    epoch: 1,
    ptsMs: i,
    frame: { width: 1920, height: 1080 },
    event: {
      id: `${camera}-${i.toString(36)}`,
      rule: { name: `${type}-${random(20)}`, type, version: 'a1b2c3d4' },
      severity: random(100) === 0 ? 'alert' : 'info',
      zone: `zone${random(10)}`,
      label,
      tracks: [{ id: `${camera}-x-${i}`, label, score: 0.8, box }],
      startedAt: timeOf(startMs),
    },
    model: 'centernet-coco@sha256:5ffce127764d',
  };
}

function ended(message) {
  const time = timeOf(Date.parse(message.time) + 8000);
  const event = { ...message.event, endedAt: time, ending: 'over', value: { seconds: 8 } };
  return { ...message, type: 'event.ended', time, event };
}

/** The journal knows it as of its last commit, PostgreSQL as of half a minute before. */
async function bytesNow() {
  if (values.postgres !== undefined) await new Promise((resolve) => setTimeout(resolve, 31_000));
  await store.journal.append(status('last'));
  return store.journal.bytes;
}

async function fill() {
  const BATCH = 1000;
  let markMs = performance.now();
  const began = markMs;
  for (let i = 0; i < count; i += BATCH) {
    const messages = Array.from({ length: BATCH }, (_, at) => started(i + at));
    await Promise.all(
      messages.flatMap((one) => [store.journal.append(one), store.journal.append(ended(one))]),
    );
    if (i === count - count / 10) markMs = performance.now();
    if (process.stderr.isTTY && i % 50_000 === 0) process.stderr.write(`\r${i} of ${count}`);
  }
  const nowMs = performance.now();
  const sustained = count / 10 / ((nowMs - markMs) / 1000);
  return { overall: Math.round((count / (nowMs - began)) * 1000), sustained: Math.round(sustained) };
}

function shares(spentMs) {
  spentMs.sort((a, b) => a - b);
  const at = (share) => Number(spentMs[Math.floor((spentMs.length - 1) * share)].toFixed(1));
  return { p50: at(0.5), p95: at(0.95), max: at(1) };
}

const status = (reason) => ({
  ...{ v: 1, type: 'camera.status', camera: 'cam0', time: timeOf(START_MS) },
  status: { state: 'live', transcoded: false, reason: reason.padEnd(480, '.') },
});

async function commits(together, rounds) {
  const spentMs = [];
  for (let round = 0; round < rounds; round++) {
    const began = performance.now();
    await Promise.all(
      Array.from({ length: together }, (_, n) => store.journal.append(status(`${round}/${n}`))),
    );
    spentMs.push(performance.now() - began);
  }
  return shares(spentMs);
}

async function timed(make, rounds = 200) {
  const history = store.table('history');
  const spentMs = [];
  for (let round = 0; round < rounds; round++) {
    const query = { limit: 50, ...make() };
    const began = performance.now();
    await history.read('events', query);
    spentMs.push(performance.now() - began);
  }
  return shares(spentMs);
}

const somewhere = () => START_MS + random(count) * 2000;
const QUERIES = {
  newest: () => ({}),
  camera: () => ({ cameras: [`cam${random(50)}`], toMs: somewhere() }),
  'camera, label': () => ({ cameras: [`cam${random(50)}`], label: LABELS[random(10)], toMs: somewhere() }),
  'camera, zone, type': () => ({ cameras: [`cam${random(50)}`], zone: `zone${random(10)}`, type: TYPES[random(5)], toMs: somewhere() }), // prettier-ignore
  'five cameras, alerts': () => ({ cameras: [0, 1, 2, 3, 4].map((n) => `cam${random(10) * 5 + n}`), severity: 'alert', toMs: somewhere() }), // prettier-ignore
  'rule, label': () => ({ rule: `${TYPES[random(5)]}-${random(20)}`, label: 'bicycle', toMs: somewhere() }),
  'camera, label, alerts: rare': () => ({ cameras: [`cam${random(50)}`], label: 'dog', severity: 'alert' }),
  'camera, of which there is none': () => ({ cameras: [`cam${random(50)}`], label: 'cat' }),
  'label and another camera: none': () => ({ cameras: ['elsewhere'], label: 'person' }),
  'an hour': () => {
    const fromMs = somewhere();
    return { fromMs, toMs: fromMs + 3_600_000 };
  },
};

try {
  const commitMs = { 1: await commits(1, 300), 20: await commits(20, 200), 1000: await commits(1000, 50) };
  const eventsASecond = await fill();
  const queryMs = {};
  for (const [name, make] of Object.entries(QUERIES)) queryMs[name] = await timed(make);
  const bytes = await bytesNow();
  const report = {
    events: count,
    load: os.loadavg()[0],
    commitMs,
    eventsASecond,
    bytesAnEvent: Math.round(bytes / count),
    queryMs,
  };
  console.log(JSON.stringify(report, null, 2));
} finally {
  await store.close();
  fs.rmSync(dir, { recursive: true, force: true });
}
