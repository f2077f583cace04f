// Kills a whole server at random times, and counts what that costs: 8 cameras play, 200 messages a second are stored and told, and an
// integrator outside listens, resumes, and keeps a log of its own. Afterwards the log and the database are compared.
//
//   npm run test:kill -- [--rounds 200] [--seed 1] [--ready-ms 3000]
//
// The last line is the figure; status 1 unless nothing was lost, repeated, left over, or slow.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import cliProgress from 'cli-progress';
import Database from 'libsql';
import { Observer } from './observer.mjs';

const CAMERAS = 8;
const MESSAGES_A_SECOND = 200;
const ALIVE_MAX_MS = 2500;
const GONE_MAX_MS = 1000;
/** Rounds; the journal keeps 100,000 messages. */
const COMPARED_EVERY = 10;
/** Nothing is waited for longer; far above the limits, so that a slow round is measured rather than given up. */
const PATIENCE_MS = 30_000;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    'ready-ms': { type: 'string', default: '3000' },
  },
});
const readyMaxMs = Number(values['ready-ms']);
const rounds = Number(values.rounds);
const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '../..');
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'sightline-kill-'));
const config = path.join(dir, 'sightline.yaml');
const source = path.join(root, 'streams/demo.mp4');
const cameras = Array.from(
  { length: CAMERAS },
  (_, i) => `  cam${i}: { source: ${source}, analyse: { fps: 0.5 } }\n`,
);
fs.writeFileSync(config, `server: { port: 0 }\ndata: { dir: data }\ncameras:\n${cameras.join('')}`);

let state = Number(values.seed);
const random = () => {
  state = (state * 1664525 + 1013904223) >>> 0;
  return state / 2 ** 32;
};
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const log = (text) => process.stdout.write(`${text}\n`);

async function until(what, test) {
  const began = performance.now();
  for (;;) {
    if (await test()) return performance.now() - began;
    if (performance.now() - began > PATIENCE_MS)
      throw new Error(`${what}: not within ${PATIENCE_MS / 1000} s`);
    await pause(10);
  }
}

/** The server's processes below it, by pid; zombies do not count. */
function descendants(pid) {
  const parents = new Map();
  for (const name of fs.readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const entry = stateOf(name);
    if (entry !== undefined && entry.state !== 'Z') parents.set(Number(name), entry.parent);
  }
  const found = [pid];
  for (const one of found) for (const [child, parent] of parents) if (parent === one) found.push(child);
  return found.slice(1);
}

function stateOf(pid) {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [processState, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: processState, parent: Number(parent) };
  } catch {
    return undefined; // it is gone
  }
}

const isAlive = (pid) => ![undefined, 'Z', 'X'].includes(stateOf(pid)?.state);

async function start() {
  const began = performance.now();
  const child = spawn(process.execPath, [path.join(root, 'test/kill/server.mjs'), config, String(MESSAGES_A_SECOND)], { stdio: ['ignore', 'pipe', 'inherit'] }); // prettier-ignore
  const url = await new Promise((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
      const found = /http:\/\/\S+/.exec(output)?.[0];
      if (found) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`the server ended by itself (${code})`)));
  });
  await until('ready', async () => (await fetch(`${url}/readyz`).catch(() => undefined))?.status === 200);
  return { child, url, readyMs: performance.now() - began };
}

async function kill(child) {
  const below = descendants(child.pid);
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.removeAllListeners('exit');
  child.once('exit', () => undefined);
  child.kill('SIGKILL');
  await Promise.race([exited, until('the server gone', () => !isAlive(child.pid))]);
  const goneMs = await until('no orphan', () => !below.some(isAlive)).catch(() => Infinity);
  const orphans = below.filter(isAlive);
  for (const pid of orphans) process.kill(pid, 'SIGKILL');
  return { processes: below.length, goneMs, orphans: goneMs > GONE_MAX_MS ? Math.max(1, orphans.length) : 0 };
}

/**
 * What was told against what the database holds, so often that the journal has let nothing go meanwhile. It is looked at in a copy: what a kill has left
 * is for the server to put right.
 */
class Comparison {
  lost = 0;
  repeated = 0;
  holes = 0;
  integrity = 'ok';
  told = 0;
  stored = 0;
  #lastSeq = 0;
  #reasons = new Set();

  look(observer) {
    const copy = path.join(dir, 'copy');
    fs.mkdirSync(copy, { recursive: true });
    for (const name of fs.readdirSync(path.join(dir, 'data')))
      if (/^sightline\.db(-wal)?$/.test(name)) fs.copyFileSync(path.join(dir, 'data', name), path.join(copy, name)); // prettier-ignore
    const database = new Database(path.join(copy, 'sightline.db'));
    try {
      const rows = database.prepare('SELECT seq, body FROM journal WHERE seq > ? ORDER BY seq').all([this.#lastSeq]); // prettier-ignore
      const kept = new Map(rows.map(({ seq, body }) => [seq, body]));
      for (const [seq, text] of observer.messages) {
        const stored = kept.get(seq);
        if (stored === undefined || JSON.stringify({ seq, ...JSON.parse(stored) }) !== text) this.lost++;
      }
      this.told += observer.messages.size;
      observer.messages.clear();
      for (const { seq, body } of rows) {
        if (seq !== this.#lastSeq + 1) this.holes++;
        // What is stored and not yet told is looked at when it has been.
        if (seq > observer.lastSeq) break;
        this.#lastSeq = seq;
        this.stored++;
        const reason = JSON.parse(body).status?.reason;
        if (reason === undefined || !/^[0-9a-f-]{36}$/.test(reason)) continue;
        if (this.#reasons.has(reason)) this.repeated++;
        this.#reasons.add(reason);
      }
      const integrity = Object.values(database.prepare('PRAGMA integrity_check').get([]))[0];
      if (integrity !== 'ok') this.integrity = integrity;
    } finally {
      database.close();
      fs.rmSync(copy, { recursive: true });
    }
  }
}

const observer = new Observer();
const comparison = new Comparison();
const readyMs = [];
let orphans = 0;
let processes = 0;
const bar = new cliProgress.SingleBar({ stream: process.stderr, noTTYOutput: false, format: '{bar} {value}/{total} kills' }); // prettier-ignore
if (process.stderr.isTTY) bar.start(rounds, 0);
try {
  for (let round = 0; round < rounds; round++) {
    const server = await start();
    if (round > 0) readyMs.push(server.readyMs);
    await observer.connect(server.url);
    await pause(random() * ALIVE_MAX_MS);
    const killed = await kill(server.child);
    observer.disconnect();
    orphans += killed.orphans;
    processes = Math.max(processes, killed.processes);
    if (round % COMPARED_EVERY === COMPARED_EVERY - 1) comparison.look(observer);
    bar.increment();
  }
  const last = await start();
  await observer.connect(last.url);
  await kill(last.child);
  observer.disconnect();
} finally {
  if (process.stderr.isTTY) bar.stop();
}
comparison.look(observer);
const { told, stored, lost, repeated, holes, integrity } = comparison;
fs.rmSync(dir, { recursive: true, force: true });
for (const fault of observer.faults.slice(0, 20)) log(`fault: ${fault}`);
readyMs.sort((a, b) => a - b);
const slowestMs = Math.round(Math.max(0, ...readyMs));
const readyAt = (share) => Math.round(readyMs[Math.floor(share * (readyMs.length - 1))] ?? 0);
const isGood =
  [lost, repeated, holes, orphans, observer.faults.length].every((count) => count === 0) &&
  integrity === 'ok' &&
  told > rounds &&
  slowestMs <= readyMaxMs;
log(
  `up to ${processes} processes below the server; ${stored} messages stored, ${told} told; ready after ${readyAt(0.5)} ms in half of the rounds, ${readyAt(0.95)} in 19 of 20`,
);
log(
  `${rounds} kills: ${lost} lost, ${repeated} repeated, ${holes} holes, ${observer.faults.length} faults in the stream, ` +
    `${orphans} orphans, integrity ${integrity}, ready after ${slowestMs} ms at most (limit ${readyMaxMs}): ${isGood ? 'good' : 'BAD'}`,
);
process.exit(isGood ? 0 : 1);
