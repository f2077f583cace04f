// How alike the follower's network finds sightings of one person and of two: every detection of a labelled video that is clearly one person,
// whom nobody else covers, is compared with later ones. Prints, for spans between two sightings, the share of pairs whose cosine is at least so
// much, as a Markdown table.
//
//   node bench/looks.mjs --video FILE --truth FILE [--spans 5-10,15-30,60-120] [--cosines 0.4,0.5,0.6,0.7,0.8]
//
// Spans are in pictures. The detector's boxes are compared, not the labelled ones: they are what tracks are told apart by.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { boxIou } from '../dist/geometry/index.js';
import { i420Bytes } from '../dist/frames/index.js';
import { defaultFollower } from '../dist/inference/default-follower.js';
import { Follower } from '../dist/inference/follower.js';
import { KernelStore } from '../dist/inference/kernel-store.js';
import { loadFollower } from '../dist/inference/load-follower.js';

const { values } = parseArgs({
  options: {
    video: { type: 'string' },
    truth: { type: 'string' },
    spans: { type: 'string', default: '5-10,15-30,60-120' },
    cosines: { type: 'string', default: '0.4,0.5,0.6,0.7,0.8' },
  },
});
if (!values.video || !values.truth) throw new Error('give --video and --truth');
const SCORE_MIN = 0.4;
/** A detection is a person from this overlap with the label on, and clear where no other label overlaps by more than that. */
const [SAME_IOU, OTHER_IOU] = [0.6, 0.1];
const root = path.dirname(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname));
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'sightline-bench-'));
const cosine = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);

/** Labelled boxes, and then detections, by picture from 1 on. */
function byFrame(rows) {
  const frames = new Map();
  for (const [frame, ...rest] of rows) frames.set(frame, [...(frames.get(frame) ?? []), rest]);
  return frames;
}

const truth = byFrame(
  fs.readFileSync(values.truth, 'utf8').trim().split('\n').map((line) => {
    const [frame, id, x, y, width, height] = line.split(',').map(Number);
    return [frame, id, [x, y, x + width, y + height]];
  }),
); // prettier-ignore

try {
  const file = path.join(dir, 'detections.json');
  spawnSync(process.execPath, [path.join(root, 'bin/sightline.mjs'), 'analyze', values.video, '--labels', 'person', '--coco', file], { stdio: 'ignore' }); // prettier-ignore
  const found = JSON.parse(fs.readFileSync(file, 'utf8'));
  const first = Math.min(...found.map(({ image_id }) => image_id));
  const detections = byFrame(found.filter(({ score }) => score >= SCORE_MIN).map(({ image_id, bbox: [x, y, w, h] }) => [image_id - first + 1, [x, y, x + w, y + h]])); // prettier-ignore
  const sightings = await lookAt(detections);
  print(sightings);
} finally {
  fs.rmSync(dir, { recursive: true, force: true });
}

async function lookAt(detections) {
  const probe = spawnSync('ffprobe', ['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'stream=width,height', '-of', 'csv=p=0', values.video], { encoding: 'utf8' }); // prettier-ignore
  const [widthPx, heightPx] = probe.stdout.trim().split(',').map(Number);
  const size = { widthPx, heightPx };
  const memory = new SharedArrayBuffer(i420Bytes(size));
  const picture = new Uint8Array(memory);
  const loaded = await loadFollower(defaultFollower());
  const follower = await Follower.open(loaded, { provider: 'cpu', isRequired: true });
  const [channels, height, width] = loaded.description.kernel;
  const kernels = new KernelStore(channels * height * width, 1);
  const decoder = spawn('ffmpeg', ['-v', 'error', '-i', values.video, '-fps_mode', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-'], { stdio: ['ignore', 'pipe', 'inherit'] }); // prettier-ignore
  const sightings = [];
  let [filled, frame] = [0, 0];
  for await (const chunk of decoder.stdout)
    for (let at = 0; at < chunk.length;) {
      const part = chunk.subarray(at, at + picture.length - filled);
      picture.set(part, filled);
      at += part.length;
      filled += part.length;
      if (filled < picture.length) break;
      filled = 0;
      frame++;
      const clear = (detections.get(frame) ?? []).flatMap(([box]) => idOf(box, truth.get(frame) ?? []) ?? []);
      const job = {
        memory,
        byteOffset: 0,
        frame: size,
        source: size,
        kernels,
        searches: [],
        templates: clear,
      };
      const { templates } = await follower.follow(job);
      templates.forEach(({ embedding }, i) => sightings.push({ frame, id: clear[i].id, embedding }));
    }
  await follower.close();
  return sightings;
}

function idOf(box, labels) {
  const [best, second] = labels.map(([id, other]) => ({ id, iou: boxIou(box, other) })).sort((a, b) => b.iou - a.iou); // prettier-ignore
  if (best === undefined || best.iou < SAME_IOU || (second?.iou ?? 0) > OTHER_IOU) return undefined;
  return [{ id: best.id, box }];
}

function print(sightings) {
  const cosines = values.cosines.split(',').map(Number);
  console.log(
    `| pictures apart | | pairs | ${cosines.join(' | ')} |\n|---|---|---|${'---|'.repeat(cosines.length)}`,
  );
  for (const span of values.spans.split(',')) {
    const [least, most] = span.split('-').map(Number);
    const pairs = { 'same person': [], another: [] };
    sightings.forEach((a, i) => {
      for (const b of sightings.slice(i + 1)) {
        if (b.frame - a.frame > most) break;
        if (b.frame - a.frame >= least) pairs[a.id === b.id ? 'same person' : 'another'].push(cosine(a.embedding, b.embedding)); // prettier-ignore
      }
    });
    for (const [name, all] of Object.entries(pairs)) {
      const shares = cosines.map((least_) =>
        (all.filter((one) => one >= least_).length / all.length).toFixed(2),
      );
      console.log(`| ${[span, name, all.length, ...shares].join(' | ')} |`);
    }
  }
}
