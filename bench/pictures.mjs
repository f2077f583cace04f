// Pictures as rows of the database against files beside it: each is on the disk when its time is taken. Prints a Markdown table, ms.
//
//   node bench/pictures.mjs [--count 200] [--dir FOLDER]
//
// A file is written, synced, renamed, its folder synced, and then has a row as well.
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { open } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { renameDurably, silentLog, systemClock } from '../dist/base/index.js';
import { Store } from '../dist/store/index.js';

const { values } = parseArgs({
  options: { count: { type: 'string', default: '200' }, dir: { type: 'string' } },
});
const count = Number(values.count);
const dir = fs.mkdtempSync(path.join(values.dir ?? os.tmpdir(), 'sightline-bench-'));
const store = await Store.open({ dataDir: dir, clock: systemClock, log: silentLog });
const pictures = store.table('pictures');
const FACTS = { camera: 'gate', seenMs: 0, shows: [0, 0, 1920, 1080], boxes: [] };

async function put(id, jpeg) {
  await pictures.write('put', { kind: 'track', id }, FACTS, jpeg);
}

async function putFile(id, jpeg) {
  const file = path.join(dir, `${id}.jpg`);
  const handle = await open(`${file}.part`, 'wx');
  await handle.writeFile(jpeg);
  await handle.sync();
  await handle.close();
  await renameDurably(`${file}.part`, file);
  await put(id, new Uint8Array(1));
}

async function time(name, work, bytes) {
  const times = [];
  for (let i = 0; i < count; i++) {
    const jpeg = randomBytes(bytes);
    const startedMs = performance.now();
    await work(`${name}-${bytes}-${i}`, jpeg);
    times.push(performance.now() - startedMs);
  }
  times.sort((a, b) => a - b);
  return `${times[count >> 1].toFixed(2)} (${times[Math.floor(count * 0.95)].toFixed(2)})`;
}

try {
  console.log('| bytes | as a row, median (p95) | as a file and a row |\n|---|---|---|');
  for (const bytes of [6000, 300_000])
    console.log(`| ${bytes} | ${await time('row', put, bytes)} | ${await time('file', putFile, bytes)} |`);
} finally {
  await store.close();
  fs.rmSync(dir, { recursive: true, force: true });
}
