// How fast tracks that look alike are found: fills a store in a folder of its own with looks of 10 cameras, then searches them all, those of one
// camera, of a zone and of a colour, and asks other questions meanwhile, compares what is found with all of them compared exactly, and says what memory it takes. Looks
// are random unit vectors, half of them near one of a thousand others, as the same things seen again are. Prints one JSON object; times are those
// that a caller waits, ms.
//
//   node bench/similar.mjs [--tracks 100000] [--rounds 100] [--dir FOLDER]
import { Buffer } from 'node:buffer';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import Database from 'libsql';
import { silentLog, systemClock } from '../dist/base/index.js';
import { Store } from '../dist/store/index.js';

const { values } = parseArgs({
  options: {
    tracks: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '100' },
    dir: { type: 'string' },
  },
});
const count = Number(values.tracks);
const rounds = Number(values.rounds);
/** Of the default network. */
const LENGTH = 64;
const LIMIT = 20;
/** Zones and colours, and of how many tracks one has each. */
const SHARES = [
  ['red', 1000],
  ['blue', 100],
  ['white', 10],
];
const BATCH = 10_000;
/** Questions whose answers are compared with exact ones. */
const COMPARED = 10;
const dir = fs.mkdtempSync(path.join(values.dir ?? os.tmpdir(), 'sightline-bench-'));
const open = () => Store.open({ dataDir: dir, clock: systemClock, log: silentLog });
await (await open()).close();

let state = 1;
/** Between -1 and 1, the same in each run (xorshift, Marsaglia 2003). */
function chance() {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return state / 2147483648;
}
function unit(look) {
  const length = Math.hypot(...look);
  return look.map((value) => value / length);
}
const randomLook = () => unit(Float32Array.from({ length: LENGTH }, chance));
const things = Array.from({ length: 1000 }, randomLook);
const looksLike = (thing) => unit(thing.map((value) => value + 0.08 * chance()));
const all = new Float32Array(count * LENGTH);

// Straight into the file: through the store each would be a transaction of its own.
const file = new Database(path.join(dir, 'sightline.db'));
const insert = file.prepare(
  'INSERT INTO looks (track, camera, label, seen_ms, model, embedding) VALUES (?, ?, ?, ?, ?, ?)',
);
const track = file.prepare(
  `INSERT INTO tracks (seq, id, camera, label, started_ms, colour, first_box, body) VALUES (?, ?, ?, 'person', ?, ?, '[]', '{}')`,
);
const inZone = file.prepare('INSERT INTO track_zones (zone, started_ms, seq) VALUES (?, ?, ?)');
for (let from = 0; from < count; from += BATCH) {
  file.exec('BEGIN');
  for (let i = from; i < Math.min(count, from + BATCH); i++) {
    track.run([i + 1, `t${i}`, `cam${i % 10}`, i, SHARES.find(([, each]) => i % each === 0)?.[0] ?? null]);
    for (const [zone, each] of SHARES) if (i % each === 1) inZone.run([zone, i, i + 1]);
    const look = i % 2 ? randomLook() : looksLike(things[(i / 2) % things.length]);
    all.set(look, i * LENGTH);
    insert.run([`t${i}`, `cam${i % 10}`, i % 3 ? 'person' : 'car', i, 'net@1', Buffer.from(look.buffer)]);
  }
  file.exec('COMMIT');
}
file.close();

const store = await open();
const similarity = store.table('similarity');
const beforeMb = process.memoryUsage().rss / 1e6;
const loadedMs = performance.now();
await similarity.read('load');
const loadMs = Math.round(performance.now() - loadedMs);
const memoryMb = Math.round(process.memoryUsage().rss / 1e6 - beforeMb);
const asked = (round) => Math.floor((round * 7919 * 13) % count);
const likeOf = (at) => ({
  track: `t${at}`,
  model: 'net@1',
  embedding: all.slice(at * LENGTH, (at + 1) * LENGTH),
});
const search = (at, query) => similarity.read('nearest', { like: likeOf(at), limit: LIMIT, ...query });

const timed = async (query) => {
  const ms = [];
  for (let round = 0; round < rounds; round++) {
    const beganMs = performance.now();
    await search(asked(round), query);
    ms.push(performance.now() - beganMs);
  }
  ms.sort((a, b) => a - b);
  const at = (share) => Math.round(10 * ms[Math.min(rounds - 1, Math.floor(share * rounds))]) / 10;
  return { p50: at(0.5), p95: at(0.95), max: at(1) };
};
await timed({});
const everywhere = await timed({});
const oneCamera = await timed({ cameras: ['cam3'] });
const byTrait = {};
for (const [name, each] of SHARES) {
  byTrait[`zone of 1 in ${each}`] = await timed({ zone: name });
  byTrait[`colour of 1 in ${each}`] = await timed({ colour: name });
}

/** Share of the exactly nearest that were found. */
let found = 0;
for (let round = 0; round < COMPARED; round++) {
  const at = asked(round);
  const scores = [];
  for (let i = 0; i < count; i++) {
    if (i === at) continue;
    let sum = 0;
    for (let k = 0; k < LENGTH; k++) sum += all[i * LENGTH + k] * all[at * LENGTH + k];
    scores.push([sum, i]);
  }
  const nearest = new Set(
    scores
      .sort((a, b) => b[0] - a[0])
      .slice(0, LIMIT)
      .map(([, i]) => `t${i}`),
  );
  found += (await search(at)).filter(({ track }) => nearest.has(track)).length;
}

// What else the store is asked, and told, while searches are under way.
const waits = { read: [], write: [] };
let isOver = false;
const searches = (async () => {
  for (let round = 0; round < 20; round++) await search(asked(round));
  isOver = true;
})();
let written = 0;
const look = { camera: 'cam1', label: 'person', seenMs: 1, model: 'net@1', embedding: things[0] };
while (!isOver) {
  const beganMs = performance.now();
  await store.table('history').read('track', 'none');
  const readMs = performance.now();
  await store.table('looks').write('put', { ...look, track: `new${written++}` });
  waits.read.push(readMs - beganMs);
  waits.write.push(performance.now() - readMs);
}
await searches;
await store.close();
const most = (ms) => Math.round(10 * Math.max(...ms)) / 10;
const fileMb = Math.round(fs.statSync(path.join(dir, 'sightline.db')).size / 1e6);
console.log(
  JSON.stringify({
    ...{ tracks: count, length: LENGTH, fileMb, memoryMb, loadMs, everywhere, oneCamera, byTrait },
    recall: found / (COMPARED * LIMIT),
    othersWaitMaxMs: { read: most(waits.read), write: most(waits.write) },
  }),
);
fs.rmSync(dir, { recursive: true, force: true });
