// How far line counts with our own tracks are from those of labelled ones: a video through `sightline analyze --config`, and the labels
// through the same rules. Prints a Markdown table. Needs a build.
//
//   node bench/line-counts.mjs --video FILE --truth MOT.txt --size 768x576 [--config bench/pets-lines.yaml] [-- flags of analyze]
//
// The truth's lines are MOTChallenge's (`frame,id,x,y,w,h,…`, frames from 1) in pixels of a picture of `--size`.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig } from '../dist/config/index.js';
import { replayRules } from '../dist/events/index.js';

const { values, positionals } = parseArgs({
  options: {
    video: { type: 'string' },
    truth: { type: 'string' },
    size: { type: 'string' },
    config: { type: 'string', default: 'bench/pets-lines.yaml' },
  },
  allowPositionals: true,
});
const { video, truth, size, config } = values;
if (!video || !truth || !size) throw new Error('give --video, --truth and --size');
const [widthPx, heightPx] = size.split('x').map(Number);

const bin = path.join(
  import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname),
  '../bin/sightline.mjs',
);
const args = [bin, 'analyze', video, '--config', config, '--jsonl', '-', ...positionals];
const done = spawnSync(process.execPath, args, {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
  maxBuffer: 1 << 30,
});
if (done.status !== 0) throw new Error('sightline analyze failed');
const messages = done.stdout
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
const { fps } = messages.find(({ type }) => type === 'hello');

/** The truth as frames of a camera. */
function* truthFrames() {
  const byFrame = new Map();
  const lastFrames = new Map();
  for (const line of fs.readFileSync(truth, 'utf8').trim().split(/\r?\n/)) {
    const [frame, track, x, y, width, height] = line.split(',').map(Number);
    const object = { track, label: 'person', score: 1, box: [x, y, x + width, y + height], state: 'tracked' };
    byFrame.set(frame, [...(byFrame.get(frame) ?? []), object]);
    lastFrames.set(track, { frame: Math.max(frame, lastFrames.get(track)?.frame ?? 0), object });
  }
  for (let frame = 1; frame <= Math.max(...byFrame.keys()); frame++) {
    const ptsMs = ((frame - 1) * 1000) / fps;
    const ended = [...lastFrames.values()].filter((last) => last.frame === frame - 1);
    const changes = ended.map(({ object }) => ({ change: 'ended', object }));
    const light = { regime: 'day', meanLuma: 0.5, normalised: false };
    const objects = byFrame.get(frame) ?? [];
    yield {
      camera: 'truth',
      epoch: 1,
      ptsMs,
      capturedAtMs: ptsMs,
      widthPx,
      heightPx,
      model: '',
      light,
      objects,
      changes,
    };
  }
}

/** Of each rule, what its last message says of its count. */
function countsOf(events) {
  const last = new Map();
  for (const { event } of events)
    if (event?.value?.counts !== undefined) last.set(event.rule.name, event.value.counts);
  const sum = (labels) => Object.values(labels ?? {}).reduce((all, count) => all + count, 0);
  return (rule) => ({ in: sum(last.get(rule)?.in), out: sum(last.get(rule)?.out) });
}

const [camera] = (await loadConfig(config, process.env)).cameras;
const trueCounts = countsOf(replayRules({ camera: 'truth', rules: camera, frames: truthFrames() }));
const ownCounts = countsOf(messages);
let [all, wrong] = [0, 0];
console.log('| line | in, labelled | in, own tracks | out, labelled | out, own tracks |');
console.log('|---|---|---|---|---|');
for (const { name } of camera.rules) {
  const [labelled, own] = [trueCounts(name), ownCounts(name)];
  all += labelled.in + labelled.out;
  wrong += Math.abs(own.in - labelled.in) + Math.abs(own.out - labelled.out);
  console.log(`| ${name} | ${labelled.in} | ${own.in} | ${labelled.out} | ${own.out} |`);
}
console.log(`\n${wrong} off in ${all} crossings (${((100 * wrong) / all).toFixed(1)} %)`);
