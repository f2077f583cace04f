// How often a person who walks behind something comes back under the same number: panels are pasted over people of a labelled video for
// 15, 30 and 60 pictures each, moving along with them, and the video goes through `sightline analyze`. Prints a Markdown table.
//
//   node bench/occluders.mjs --video FILE --truth FILE [--labels person] [--clips 3] [--first 0] [--lengths 15,30,60] [--keep FOLDER]
//
// `--first 4` leaves the first four sets of boards out: those that settings were chosen on.
// A person counts if the tracks show them in six of the ten pictures before and after. `nothing pasted` are the same people and times in
// the video as it is: what is lost there, no panel lost. Panels never hide two people's times at once; whoever else they cover, they cover.
import { Buffer } from 'node:buffer';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

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
const { video, truth: truthFile, labels } = values;
if (!video || !truthFile) throw new Error('give --video and --truth');

const LENGTHS = values.lengths.split(',').map(Number);
const AROUND = 10;
const MATCHED_MIN = 6;
const IOU_MIN = 0.5;
/** Of a person's box, what the panel is wider and higher on each side. */
const GROWN = 0.25;

const root = path.dirname(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname));
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'sightline-bench-'));
let state = 1;
const random = (below) => {
  state = (state * 1664525 + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
};

/** Boxes by frame and id. */
function readTracks(file) {
  const frames = new Map();
  for (const line of fs.readFileSync(file, 'utf8').trim().split('\n')) {
    const [frame, id, x, y, width, height] = line.split(',').map(Number);
    if (!frames.has(frame)) frames.set(frame, new Map());
    frames.get(frame).set(id, [x, y, x + width, y + height]);
  }
  return frames;
}

function iou(a, b) {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  const area = ([x1, y1, x2, y2]) => (x2 - x1) * (y2 - y1);
  return (width * height) / (area(a) + area(b) - width * height);
}

const truth = readTracks(truthFile);
const lastFrame = Math.max(...truth.keys());

/** People and times that do not overlap, so that one video shows many. */
function chooseStretches(length) {
  const all = [];
  for (const id of new Set([...truth.values()].flatMap((boxes) => [...boxes.keys()])))
    for (let first = 1 + AROUND; first + length + AROUND <= lastFrame; first += 5) {
      const frames = Array.from({ length: length + 2 * AROUND }, (_, at) => first - AROUND + at);
      if (frames.every((frame) => truth.get(frame)?.has(id))) all.push({ id, first, length });
    }
  const chosen = [];
  while (all.length > 0) {
    const [one] = all.splice(random(all.length), 1);
    const isFree = chosen.every(({ first }) => Math.abs(first - one.first) >= length + 2 * AROUND);
    if (isFree) chosen.push(one);
  }
  return chosen;
}

/** The video with panels, without further loss that matters. */
async function paste(stretches, out) {
  const probe = spawnSync('ffprobe', ['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'stream=width,height,r_frame_rate', '-of', 'csv=p=0', video], { encoding: 'utf8' }); // prettier-ignore
  const [width, height, rate] = probe.stdout.trim().split(',');
  const size = Number(width) * Number(height) * 3;
  const decoder = spawn('ffmpeg', ['-v', 'error', '-i', video, '-fps_mode', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'], { stdio: ['ignore', 'pipe', 'inherit'] }); // prettier-ignore
  const encoder = spawn('ffmpeg', ['-v', 'error', '-y', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${width}x${height}`, '-r', rate, '-i', '-', '-c:v', 'libx264', '-crf', '12', '-pix_fmt', 'yuv420p', out], { stdio: ['pipe', 'inherit', 'inherit'] }); // prettier-ignore
  const closed = once(encoder, 'close');
  let waiting = Buffer.alloc(0);
  let number = 0;
  for await (const chunk of decoder.stdout) {
    waiting = Buffer.concat([waiting, chunk]);
    while (waiting.length >= size) {
      const picture = Buffer.from(waiting.subarray(0, size));
      waiting = waiting.subarray(size);
      number++;
      for (const { id, first, length } of stretches)
        if (number >= first && number < first + length) paint(picture, truth.get(number).get(id), Number(width), Number(height)); // prettier-ignore
      if (!encoder.stdin.write(picture)) await once(encoder.stdin, 'drain');
    }
  }
  encoder.stdin.end();
  await closed;
}

/** A board of planks. */
function paint(picture, [x1, y1, x2, y2], width, height) {
  const [moreX, moreY] = [(x2 - x1) * GROWN, (y2 - y1) * GROWN];
  const [left, right] = [Math.max(0, Math.round(x1 - moreX)), Math.min(width, Math.round(x2 + moreX))];
  const [top, bottom] = [Math.max(0, Math.round(y1 - moreY)), Math.min(height, Math.round(y2 + moreY))];
  for (let y = top; y < bottom; y++)
    for (let x = left; x < right; x++) {
      const at = 3 * (y * width + x);
      const shade = ((x - left) % 8 === 0 ? -40 : 0) + ((y * 31 + x * 17) % 13);
      picture[at] = 120 + shade;
      picture[at + 1] = 105 + shade;
      picture[at + 2] = 85 + shade;
    }
}

function analyse(file, flags) {
  const out = path.join(dir, 'tracks.txt');
  const done = spawnSync(process.execPath, [path.join(root, 'bin/sightline.mjs'), 'analyze', file, '--labels', labels, ...flags, '--mot', out], { stdio: ['ignore', 'ignore', 'inherit'] }); // prettier-ignore
  if (done.status !== 0) throw new Error('sightline analyze failed');
  return readTracks(out);
}

/** The number that most of ten pictures show a person under. */
function numberOf(found, id, from) {
  const counts = new Map();
  for (let frame = from; frame < from + AROUND; frame++) {
    const box = truth.get(frame).get(id);
    let best;
    for (const [number, other] of found.get(frame) ?? []) {
      const overlap = iou(box, other);
      if (overlap >= (best?.overlap ?? IOU_MIN)) best = { number, overlap };
    }
    if (best !== undefined) counts.set(best.number, (counts.get(best.number) ?? 0) + 1);
  }
  const seen = [...counts.values()].reduce((sum, count) => sum + count, 0);
  if (seen < MATCHED_MIN) return undefined;
  return [...counts].sort((a, b) => b[1] - a[1])[0][0];
}

function countKept(found, stretches) {
  let [kept, all] = [0, 0];
  for (const { id, first, length } of stretches) {
    const before = numberOf(found, id, first - AROUND);
    const after = numberOf(found, id, first + length);
    if (before === undefined || after === undefined) continue;
    all++;
    if (before === after) kept++;
  }
  return { kept, all };
}

try {
  const VARIANTS = { 'motion alone': ['--no-follow'], 'with searches and looks': [] };
  console.log(`| pictures hidden | nothing pasted | ${Object.keys(VARIANTS).join(' | ')} |`);
  console.log('|---|---|---|---|');
  const clean = analyse(video, []);
  for (const length of LENGTHS) {
    const sums = Object.fromEntries(['nothing', ...Object.keys(VARIANTS)].map((name) => [name, { kept: 0, all: 0 }])); // prettier-ignore
    const add = (name, { kept, all }) => {
      sums[name].kept += kept;
      sums[name].all += all;
    };
    for (let clip = 0; clip < Number(values.clips); clip++) {
      const stretches = chooseStretches(length);
      if (clip < Number(values.first)) continue;
      const file = path.join(dir, `pasted-${length}-${clip}.mp4`);
      await paste(stretches, file);
      add('nothing', countKept(clean, stretches));
      for (const [name, flags] of Object.entries(VARIANTS))
        add(name, countKept(analyse(file, flags), stretches));
      if (values.keep) fs.copyFileSync(file, path.join(values.keep, path.basename(file)));
    }
    const cells = Object.values(sums).map(({ kept, all }) => `${(kept / all).toFixed(2)} (${all})`);
    console.log(`| ${[length, ...cells].join(' | ')} |`);
  }
} finally {
  fs.rmSync(dir, { recursive: true, force: true });
}
