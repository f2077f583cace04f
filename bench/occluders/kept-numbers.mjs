// The rule by which a hidden person counts as kept, and the folder that all trackers' results lie in to be counted by it:
//
//   occluders.json               { fps, size, clips: [{ name, length, stretches: [{ id, first, length }] }] }; pictures count from 1
//   truth.txt                    labelled boxes, as MOTChallenge lines
//   detections/CLIP.txt          what the default detector finds, as MOTChallenge lines; CLIP is a clip's name or `nothing-pasted`
//   tracks/TRACKER/CLIP.txt      what a tracker makes of the clip, as MOTChallenge lines
//
//   node bench/occluders/kept-numbers.mjs FOLDER      prints the shares as a Markdown table
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Pictures before and after in which a person is looked for, and in how many of them the tracks must show them. */
export const AROUND = 10;
const MATCHED_MIN = 6;
const IOU_MIN = 0.5;
/** The video as it is: what is lost there, no board lost. */
export const NOTHING_PASTED = 'nothing-pasted';

/** Boxes by picture and id. */
export function readTracks(file) {
  const frames = new Map();
  for (const line of fs.readFileSync(file, 'utf8').trim().split('\n')) {
    if (line === '') continue;
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

/** The number that most of ten pictures show a person under; none where fewer than six of them show them. */
function numberOf(found, truth, id, from) {
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

/** Of the people whom the tracks show before and after: how many, and how many under one number. */
function countKept(found, truth, stretches) {
  let [kept, all] = [0, 0];
  for (const { id, first, length } of stretches) {
    const before = numberOf(found, truth, id, first - AROUND);
    const after = numberOf(found, truth, id, first + length);
    if (before === undefined || after === undefined) continue;
    all++;
    if (before === after) kept++;
  }
  return { kept, all };
}

/** Prints the table of all trackers whose tracks of all clips lie in the folder. */
export function printKept(folder) {
  const { clips } = JSON.parse(fs.readFileSync(path.join(folder, 'occluders.json'), 'utf8'));
  const truth = readTracks(path.join(folder, 'truth.txt'));
  const lengths = [...new Set(clips.map(({ length }) => length))];
  const hidden = lengths.map(
    (length) =>
      `${length} of ${clips.filter((one) => one.length === length).flatMap((one) => one.stretches).length}`,
  );
  console.log(
    `| pictures hidden, of how many people | ${hidden.join(' | ')} | nothing pasted, ${lengths.join(' / ')} |`,
  );
  console.log(`|---|${'---|'.repeat(lengths.length + 1)}`);
  for (const tracker of fs.readdirSync(path.join(folder, 'tracks')).sort()) {
    const fileOf = (clip) => path.join(folder, 'tracks', tracker, `${clip}.txt`);
    if (![NOTHING_PASTED, ...clips.map(({ name }) => name)].every((clip) => fs.existsSync(fileOf(clip))))
      continue;
    const tracksOf = (clip) => readTracks(fileOf(clip));
    const clean = tracksOf(NOTHING_PASTED);
    const counts = lengths.map((length) => {
      const sums = { pasted: { kept: 0, all: 0 }, nothing: { kept: 0, all: 0 } };
      for (const { name, stretches } of clips.filter((one) => one.length === length)) {
        for (const [which, found] of [
          ['pasted', tracksOf(name)],
          ['nothing', clean],
        ]) {
          const { kept, all } = countKept(found, truth, stretches);
          sums[which].kept += kept;
          sums[which].all += all;
        }
      }
      return sums;
    });
    const share = ({ kept, all }) => (all === 0 ? '–' : (kept / all).toFixed(2));
    const cells = counts.map(({ pasted }) => `${share(pasted)} (${pasted.kept} of ${pasted.all})`);
    console.log(
      `| ${[tracker, ...cells, counts.map(({ nothing }) => share(nothing)).join(' / ')].join(' | ')} |`,
    );
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv[2] === undefined) throw new Error('give the folder of bench/occluders.mjs --keep');
  printKept(process.argv[2]);
}
