// What classifiers trained by examples are worth: for each task of classifier-labels.json (crops of the shared clips, labelled by hand: [clip,
// track, frame, x1, y1, x2, y2]), each clip is kept back once, 20 examples of each class are drawn from the other clips, a classifier is trained on
// them as the server does, and asked about every crop of the clip that was kept back. Prints a Markdown table.
//
//   node bench/classifier.mjs --videos ../shared/data/video [--draws 2]
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { silentLog, systemClock } from '../dist/base/index.js';
import { PictureProcess } from '../dist/classifiers/index.js';
import { classify, UNSURE } from '../dist/models/index.js';

const { values } = parseArgs({
  options: { videos: { type: 'string' }, draws: { type: 'string', default: '2' } },
});
if (!values.videos) throw new Error('give --videos, the folder of the clips');
const EACH = 20;
const UNSURE_BELOW = 0.7;
const tasks = JSON.parse(
  fs.readFileSync(path.join(import.meta.dirname ?? 'bench', 'classifier-labels.json'), 'utf8'),
);
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'sightline-bench-'));

/** Pictures of a clip, by their number. */
function framesOf(clip, numbers) {
  const wanted = [...new Set(numbers)].sort((a, b) => a - b);
  const folder = path.join(dir, clip.replace(/\W/g, '-'));
  fs.mkdirSync(folder);
  const select = wanted.map((n) => `eq(n\\,${n})`).join('+');
  const args = ['-v', 'error', '-i', path.join(values.videos, clip), '-vf', `select=${select}`];
  execFileSync('ffmpeg', [...args, '-vsync', 'passthrough', path.join(folder, '%d.png')]);
  return new Map(wanted.map((n, at) => [n, path.join(folder, `${at + 1}.png`)]));
}

/** As the engine keeps the view of a track: with a tenth around it, JPEG. */
async function cropOf(file, [x1, y1, x2, y2]) {
  const { width, height } = await sharp(file).metadata();
  const [x, y] = [0.1 * (x2 - x1), 0.1 * (y2 - y1)];
  const [left, top] = [Math.max(0, Math.round(x1 - x)), Math.max(0, Math.round(y1 - y))];
  const [right, bottom] = [Math.min(width, Math.round(x2 + x)), Math.min(height, Math.round(y2 + y))];
  return sharp(file)
    .extract({ left, top, width: right - left, height: bottom - top })
    .jpeg({ quality: 85 })
    .toBuffer();
}

const rows = Object.values(tasks).flatMap((task) => Object.values(task).flat());
const crops = new Map();
for (const clip of new Set(rows.map(([of]) => of))) {
  const here = rows.filter(([of]) => of === clip);
  const frames = framesOf(
    clip,
    here.map(([, , frame]) => frame),
  );
  for (const row of here) {
    const key = row.join();
    if (!crops.has(key)) crops.set(key, await cropOf(frames.get(row[2]), row.slice(3)));
  }
}
const pictures = new PictureProcess({ clock: systemClock, log: silentLog });
const features = new Map();
for (const [key, jpeg] of crops) features.set(key, (await pictures.ask('features', jpeg)).features);

/** Some of a list, by a fixed order that looks like chance. */
function drawn(list, count, seed) {
  const rank = (at) => ((at + 1) * 2654435761 * (seed + 1)) % 1000003;
  return list
    .map((item, at) => [rank(at), item])
    .sort(([a], [b]) => a - b)
    .slice(0, count)
    .map(([, item]) => item);
}

console.log('| task | crops | accuracy | answered | accuracy of answered | training, s: median, most |');
console.log('|---|---|---|---|---|---|');
for (const [name, task] of Object.entries(tasks)) {
  const classes = Object.keys(task);
  const clips = new Set(Object.values(task).flatMap((list) => list.map(([clip]) => clip)));
  const right = classes.map(() => 0);
  const seen = classes.map(() => 0);
  const seconds = [];
  let [answered, rightAnswers] = [0, 0];
  for (const held of clips)
    for (let draw = 0; draw < Number(values.draws); draw++) {
      const examples = classes.flatMap((of, label) =>
        drawn(
          task[of].filter(([clip]) => clip !== held),
          EACH,
          draw,
        ).map((row) => ({ jpeg: crops.get(row.join()), label, clip: row[0], track: `${row[0]} ${row[1]}` })),
      );
      const options = { classes, unsureBelow: UNSURE_BELOW, leastEach: 5 };
      const { head, report } = await pictures.ask('train', examples, options);
      seconds.push(report.seconds);
      classes.forEach((of, label) => {
        for (const row of task[of].filter(([clip]) => clip === held)) {
          const { value, probabilities } = classify(head, features.get(row.join()), UNSURE_BELOW);
          seen[label]++;
          if (probabilities[label] === Math.max(...probabilities)) right[label]++;
          if (value !== UNSURE) answered++;
          if (value === of) rightAnswers++;
        }
      });
    }
  const total = seen.reduce((a, b) => a + b, 0);
  const accuracy = right.reduce((sum, count, label) => sum + count / seen[label], 0) / classes.length;
  seconds.sort((a, b) => a - b);
  const figures = [
    accuracy.toFixed(3),
    (answered / total).toFixed(2),
    (rightAnswers / answered).toFixed(3),
    `${seconds[seconds.length >> 1]}, ${seconds.at(-1)}`,
  ];
  console.log(
    `| ${[name, `${total / Number(values.draws)} of ${clips.size} clips`, ...figures].join(' | ')} |`,
  );
}
await pictures.close();
fs.rmSync(dir, { recursive: true });
