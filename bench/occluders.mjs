// How often a person who walks behind something comes back under the same number: boards are pasted over people of a labelled video for
// 15, 30 and 60 pictures each, moving along with them, and the video goes through `sightline analyze`. Prints a Markdown table.
//
//   node bench/occluders.mjs --video FILE --truth FILE [--labels person] [--clips 3] [--first 0] [--lengths 15,30,60] [--keep FOLDER]
//
// `--first 4` leaves the first four sets of boards out: those that settings were chosen on. `--keep` keeps the videos, what the default
// detector finds in them and all tracks, for other trackers (bench/peers/track_occluded.py) to be counted by the same rule.
// A person counts if the tracks show them in six of the ten pictures before and after. `nothing pasted` are the same people and times in
// the video as it is: what is lost there, no board lost. Boards never hide two people's times at once; whoever else they cover, they cover.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chooseStretches, factsOf, pasteBoards } from './occluders/boards.mjs';
import { NOTHING_PASTED, printKept, readTracks } from './occluders/kept-numbers.mjs';

const { values } = parseArgs({
  options: {
    video: { type: 'string' },
    truth: { type: 'string' },
    labels: { type: 'string', default: 'person' },
    clips: { type: 'string', default: '3' },
    first: { type: 'string', default: '0' },
    keep: { type: 'string' },
    lengths: { type: 'string', default: '15,30,60' },
  },
});
const { video, truth: truthFile, labels, keep } = values;
if (!video || !truthFile) throw new Error('give --video and --truth');

const VARIANTS = {
  'sightline, motion alone': ['--no-follow'],
  'sightline, with searches and looks': [],
};
/** The tracker is given no weaker ones: half of `analyze --score-min`. */
const SCORE_MIN = 0.2;
const root = path.dirname(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname));
const dir = keep ?? fs.mkdtempSync(path.join(os.tmpdir(), 'sightline-bench-'));

function analyse(file, clip) {
  const coco = path.join(dir, 'detections', `${clip}.json`);
  for (const [name, flags] of Object.entries(VARIANTS)) {
    const out = path.join(dir, 'tracks', name, `${clip}.txt`);
    const done = spawnSync(process.execPath, [path.join(root, 'bin/sightline.mjs'), 'analyze', file, '--labels', labels, ...flags, '--mot', out, '--coco', coco], { stdio: ['ignore', 'ignore', 'inherit'] }); // prettier-ignore
    if (done.status !== 0) throw new Error('sightline analyze failed');
  }
  const lines = JSON.parse(fs.readFileSync(coco, 'utf8'))
    .filter(({ score }) => score >= SCORE_MIN)
    .map(({ image_id, bbox, score }) => `${[image_id + 1, -1, ...bbox, score, -1, -1, -1].join(',')}\n`);
  fs.writeFileSync(path.join(dir, 'detections', `${clip}.txt`), lines.join(''));
  fs.rmSync(coco);
}

try {
  for (const name of Object.keys(VARIANTS)) fs.mkdirSync(path.join(dir, 'tracks', name), { recursive: true });
  fs.mkdirSync(path.join(dir, 'detections'), { recursive: true });
  fs.copyFileSync(truthFile, path.join(dir, 'truth.txt'));
  const truth = readTracks(truthFile);
  const { size, fps } = factsOf(video);
  const clips = [];
  analyse(video, NOTHING_PASTED);
  for (const length of values.lengths.split(',').map(Number))
    for (let clip = 0; clip < Number(values.clips); clip++) {
      const stretches = chooseStretches(truth, length);
      if (clip < Number(values.first)) continue;
      const name = `pasted-${length}-${clip}`;
      const out = path.join(dir, `${name}.mp4`);
      await pasteBoards({ video, truth, stretches, out });
      analyse(out, name);
      if (keep === undefined) fs.rmSync(out);
      clips.push({ name, length, stretches });
    }
  fs.writeFileSync(path.join(dir, 'occluders.json'), JSON.stringify({ fps, size, clips }));
  printKept(dir);
} finally {
  if (keep === undefined) fs.rmSync(dir, { recursive: true, force: true });
}
