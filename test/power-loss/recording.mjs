// Stores messages and records a clip, one frame after the other, on a clock of its own that waits for the disk; tells what it has done, line by
// line, and ends as a server does whose power has gone. Run under strace by power-loss.test.ts.
//   node recording.mjs DIR CLIP   (CLIP: fragmented MP4, a fragment for each frame)
import { readFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { silentLog, systemClock } from '../../dist/base/index.js';
import { FragmentParser } from '../../dist/media/index.js';
import { createMetrics } from '../../dist/metrics/index.js';
import { Recordings, segmentIndexOf } from '../../dist/recording/index.js';
import { Store } from '../../dist/store/index.js';

const [dir, clip] = process.argv.slice(2);
const START_MS = Date.UTC(2026, 4, 4);
const EACH_FRAMES = 10;
const timers = new Set();
let nowMs = 0;
const add = (afterMs, periodMs, task) => {
  const timer = { dueMs: nowMs + afterMs, periodMs, task };
  timers.add(timer);
  return { cancel: () => timers.delete(timer) };
};
const clock = {
  monotonicMs: () => nowMs,
  wallMs: () => START_MS + nowMs,
  after: (ms, task) => add(ms, undefined, task),
  every: (ms, task) => add(ms, ms, task),
};
/** Until nothing is on its way to the disk. */
async function idle() {
  for (let quiet = 0; quiet < 3; quiet++) {
    await nextTurn();
    if (process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'))) quiet = -1;
  }
}
async function pass(ms) {
  nowMs += ms;
  for (const timer of [...timers].filter(({ dueMs }) => dueMs <= nowMs)) {
    if (timer.periodMs === undefined) timers.delete(timer);
    else timer.dueMs += timer.periodMs;
    timer.task();
  }
  await idle();
}
const tell = (text) => writeSync(1, `${text}\n`);

const store = await Store.open({ dataDir: path.join(dir, 'data'), clock: systemClock, log: silentLog });
const recordings = await Recordings.open({
  places: { dir: path.join(dir, 'recordings'), reserveBytes: 0 },
  index: segmentIndexOf(store),
  keepOf: () => ({ routineMs: 1e9, eventMs: 1e9 }),
  ffmpeg: () => Promise.reject(new Error('not needed')),
  metrics: createMetrics({ clock: systemClock }),
  clock,
  log: silentLog,
});
await idle();
const plan = { mode: 'continuous', preRollMs: 0, postRollMs: 0, segmentMs: 4000 };
const recorder = recordings.recorder('gate', plan);
const fragments = [];
const parser = new FragmentParser({
  onInit: ({ bytes: initSegment, codec, widthPx, heightPx }) =>
    recorder.startStream({ epoch: 1, codec, widthPx, heightPx, initSegment }),
  onFragment: (fragment) => fragments.push(fragment),
});
parser.push(readFileSync(clip));
for (const [at, { bytes, ptsTicks, isKeyframe }] of fragments.entries()) {
  const times = { arrivedMs: nowMs, capturedAtMs: clock.wallMs() };
  recorder.push({ epoch: 1, ptsTicks, isKeyframe, bytes, ...times });
  await pass((fragments[1].dtsTicks - fragments[0].dtsTicks) / 90);
  tell(`recorded until ${clock.wallMs()}`);
  if (at % EACH_FRAMES > 0) continue;
  const time = new Date(clock.wallMs()).toISOString();
  const status = { state: 'live', reason: `frame ${at}`, transcoded: false };
  const { seq } = await store.journal.append({ v: 1, type: 'camera.status', camera: 'gate', time, status });
  tell(`acknowledged ${seq} ${at}`);
}
process.kill(process.pid, 'SIGKILL');
