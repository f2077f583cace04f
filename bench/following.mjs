// What looking less often costs: a labelled video through `sightline analyze`, the detector at each n-th picture, with and without
// searches by the Siamese network, scored as by `sightline evaluate tracks`. Prints a Markdown table.
//
//   node bench/following.mjs --video FILE --truth FILE [--labels person] [--every 1,3,5,adaptive]
//
// Pictures a second are of one run each, on all cores.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    video: { type: 'string' },
    truth: { type: 'string' },
    labels: { type: 'string', default: 'person' },
    every: { type: 'string', default: '1,3,5,adaptive' },
  },
});
const { video, truth, labels } = values;
if (!video || !truth) throw new Error('give --video and --truth');

const root = path.dirname(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname));
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'sightline-bench-'));
const [tracks, frames] = [path.join(dir, 'tracks.txt'), path.join(dir, 'frames.jsonl')];

function sightline(...args) {
  const done = spawnSync(process.execPath, [path.join(root, 'bin/sightline.mjs'), ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 28,
  });
  if (done.status !== 0) throw new Error(`sightline ${args.join(' ')} failed`);
  return done.stdout;
}

console.log('| detector looks at | | HOTA | IDF1 | MOTA | ID switches | pictures a second |');
console.log('|---|---|---|---|---|---|---|');
for (const every of values.every.split(','))
  for (const [name, flags] of [
    ['motion alone', ['--no-follow']],
    ['with searches', []],
  ]) {
    sightline(
      'analyze',
      video,
      '--labels',
      labels,
      '--detect-every',
      every,
      ...flags,
      '--mot',
      tracks,
      '--jsonl',
      frames,
    );
    const { combined } = JSON.parse(
      sightline('evaluate', 'tracks', '--truth', truth, '--tracks', tracks, '--json'),
    );
    const summary = JSON.parse(fs.readFileSync(frames, 'utf8').trimEnd().split('\n').at(-1));
    const figures = [combined.hota, combined.idf1, combined.mota].map((value) => value.toFixed(3));
    console.log(`| ${[every, name, ...figures, combined.idSwitches, summary.fps].join(' | ')} |`);
  }
fs.rmSync(dir, { recursive: true });
