// How fast tracks that look alike are found: fills a store in a folder of its own with random looks of 10 cameras, then searches them all, those of
// one camera, and asks other questions meanwhile. Prints one JSON object; times are those that a caller waits, ms.
//
//   node bench/similar.mjs [--tracks 100000] [--dir FOLDER]
import { Buffer } from 'node:buffer';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import Database from 'libsql';
import { silentLog, systemClock } from '../dist/base/index.js';
import { similarLooks, Store } from '../dist/store/index.js';

const { values } = parseArgs({
  options: { tracks: { type: 'string', default: '100000' }, dir: { type: 'string' } },
});
const count = Number(values.tracks);
/** Of the default network. */
const LENGTH = 64;
const BATCH = 10_000;
const ROUNDS = 10;
const dir = fs.mkdtempSync(path.join(values.dir ?? os.tmpdir(), 'sightline-bench-'));
const open = () => Store.open({ dataDir: dir, clock: systemClock, log: silentLog });
await (await open()).close();

function randomLook() {
  const look = Float32Array.from({ length: LENGTH }, () => Math.random() - 0.5);
  const length = Math.hypot(...look);
  return look.map((value) => value / length);
}
// Straight into the file: through the store each would be a transaction of its own.
const file = new Database(path.join(dir, 'sightline.db'));
const insert = file.prepare(
  'INSERT INTO looks (track, camera, label, seen_ms, model, embedding) VALUES (?, ?, ?, ?, ?, ?)',
);
for (let from = 0; from < count; from += BATCH) {
  file.exec('BEGIN');
  for (let i = from; i < Math.min(count, from + BATCH); i++)
    insert.run([
      `t${i}`,
      `cam${i % 10}`,
      i % 3 ? 'person' : 'car',
      i,
      'net@1',
      Buffer.from(randomLook().buffer),
    ]);
  file.exec('COMMIT');
}
file.close();

const store = await open();
const looks = store.table('looks');
const like = await looks.read('one', 't0');
const timed = async (query) => {
  const ms = [];
  for (let i = 0; i < ROUNDS; i++) {
    const beganMs = performance.now();
    await similarLooks(looks, { like, limit: 20, ...query });
    ms.push(performance.now() - beganMs);
  }
  ms.sort((a, b) => a - b);
  return { p50: Math.round(ms[ROUNDS / 2]), max: Math.round(ms[ROUNDS - 1]) };
};
const all = await timed({});
const oneCamera = await timed({ cameras: ['cam3'] });
// What else the store is asked while a search is under way.
const waits = [];
let isOver = false;
const search = similarLooks(looks, { like, limit: 20 }).then(() => (isOver = true));
while (!isOver) {
  const beganMs = performance.now();
  await store.table('history').read('track', 'none');
  waits.push(performance.now() - beganMs);
}
await search;
await store.close();
const mb = Math.round(fs.statSync(path.join(dir, 'sightline.db')).size / 1e6);
console.log(
  JSON.stringify({
    tracks: count,
    length: LENGTH,
    fileMb: mb,
    all,
    oneCamera,
    othersWaitMaxMs: Math.round(Math.max(...waits)),
  }),
);
fs.rmSync(dir, { recursive: true, force: true });
