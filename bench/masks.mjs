// How well the mask head finds the pixels of an object, and how long it takes: mean IoU on labels that it has never learned from, beside that
// of the boxes filled and, with --teacher, of DeepLab asked about the same objects. One thread, the code that workers run. Prints a Markdown table.
//
//   node bench/masks.mjs --images DIR --segments DIR [--teacher deeplab_v3_mnv2_257_voc21.onnx] [--width PX] [--all]
//
// A second table: how far the foot, by which zones and lines go, is from the one of the labelled mask.
//
// DIRs as of COCO128: photographs, and YOLO polygons whose classes are COCO's category ids. Held out are the photographs whose number leaves 3 when
// divided by 4 (training/masks/labels.py); --all takes the others too. The demo clip, which nothing was learned from, is measured as well.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { i420Bytes, rgbToI420 } from '../dist/frames/index.js';
import { boxArea, decodeMask, encodeMask, footPoint, maskFoot, maskOfCells } from '../dist/geometry/index.js';
import { defaultMaskHead, loadMaskHead, loadTrials } from '../dist/inference/index.js';
import { openTeacher } from './masks-teacher.mjs';

const { values } = parseArgs({
  options: {
    images: { type: 'string' },
    segments: { type: 'string' },
    teacher: { type: 'string' },
    width: { type: 'string' },
    all: { type: 'boolean', default: false },
  },
});
const root = path.dirname(import.meta.dirname);
/** COCO's category ids. */
const PERSON = 1;
const VEHICLES = { 2: 'bicycle', 3: 'car', 4: 'motorcycle', 6: 'bus', 7: 'train', 8: 'truck' };
/** Smaller boxes, in square pixels, have no outline worth the name. */
const AREA_MIN = 400;
const LARGE = 64 * 64;
/** Every so many frames of the demo clip. */
const DEMO_EVERY = 8;

const loaded = await loadMaskHead(defaultMaskHead());
const head = await (await loadTrials()).openMaskHead(loaded);
const teacher = values.teacher && (await openTeacher(values.teacher));
const rows = new Map();
/** By set and group: how far off the foot is, of the box's width. */
const feet = new Map();
const times = { crop: [], network: [], paste: [] };

if (values.images && values.segments)
  for (const name of fs.readdirSync(values.segments).filter((file) => file.endsWith('.txt')))
    if (values.all || Number.parseInt(name) % 4 === 3) await measurePhotograph(path.parse(name).name);
await measureDemo();
await head.close();
report();

async function measurePhotograph(stem) {
  const image = sharp(path.join(values.images, `${stem}.jpg`))
    .toColourspace('srgb')
    .removeAlpha();
  const { width, height } = await image.metadata();
  const source = { widthPx: width, heightPx: height };
  const objects = fs
    .readFileSync(path.join(values.segments, `${stem}.txt`), 'utf8')
    .split('\n')
    .flatMap((line) => outlined(line.trim().split(/\s+/).map(Number), source));
  if (objects.length === 0) return;
  const frame = even(source, Number(values.width ?? Math.max(width, height)));
  const rgb = await image
    .resize({ width: frame.widthPx, height: frame.heightPx, fit: 'fill' })
    .raw()
    .toBuffer();
  const memory = new SharedArrayBuffer(i420Bytes(frame));
  rgbToI420(rgb, frame, new Uint8Array(memory));
  for (const object of objects)
    await measure('photographs', { memory, byteOffset: 0, frame, source }, object);
}

/** The demo clip's frames have exact masks; those of which less than 30 % can be seen are left out. */
async function measureDemo() {
  const [header, ...frames] = fs
    .readFileSync(path.join(root, 'streams/demo.truth.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const frame = { widthPx: header.widthPx, heightPx: header.heightPx };
  const bytes = i420Bytes(frame);
  const raw = execFileSync(
    'ffmpeg',
    ['-v', 'error', '-i', path.join(root, 'streams/demo.mp4'), '-fps_mode', 'passthrough', '-vf', 'scale=out_color_matrix=bt601:out_range=tv,format=yuv420p', '-f', 'rawvideo', '-'], // prettier-ignore
    { maxBuffer: 1 << 29 },
  );
  const memory = new SharedArrayBuffer(bytes);
  for (let at = 0; at < frames.length; at += DEMO_EVERY) {
    new Uint8Array(memory).set(raw.subarray(at * bytes, (at + 1) * bytes));
    for (const { box, mask, label, visibility } of frames[at].objects) {
      if (box === null || visibility < 0.3 || boxArea(box) < AREA_MIN) continue;
      const group = label === 'person' ? 'person' : 'vehicle';
      await measure(
        'demo',
        { memory, byteOffset: 0, frame, source: frame },
        { group, label, box, truth: decodeMask(mask) },
      );
    }
  }
}

async function measure(set, job, { group, label, box, truth }) {
  const { masks, cropMs, networkMs } = await head.segment({ ...job, boxes: [box] });
  const pastedFrom = performance.now();
  const mask = maskOfCells(masks[0], box, job.source);
  times.paste.push(performance.now() - pastedFrom);
  times.crop.push(cropMs);
  times.network.push(networkMs);
  const found = { filled: iou(filled(box, job.source), truth), head: iou(decodeMask(mask), truth) };
  const foot = maskFoot(encodeMask(truth, mask.size));
  if (foot !== undefined) {
    const off = (place) => Math.hypot(place[0] - foot[0], place[1] - foot[1]) / (box[2] - box[0]);
    const name = `${set}: ${group}`;
    const told = { box: off(footPoint(box)), head: off(maskFoot(mask) ?? footPoint(box)) };
    feet.set(name, [...(feet.get(name) ?? []), told]);
  }
  if (teacher) found.teacher = iou(await teacher(job, box, label), truth);
  for (const name of [
    `${set}: ${group}`,
    ...(boxArea(box) >= LARGE ? [`${set}: ${group}, 64×64 px or more`] : []),
  ])
    rows.set(name, [...(rows.get(name) ?? []), found]);
}

/** An object of a label line with its pixels; none for one that is too small, or no person and no vehicle. */
function outlined([category, ...coordinates], { widthPx, heightPx }) {
  const label = category === PERSON ? 'person' : VEHICLES[category];
  if (label === undefined) return [];
  const points = Array.from({ length: coordinates.length / 2 }, (_, i) => [
    coordinates[2 * i] * widthPx,
    coordinates[2 * i + 1] * heightPx,
  ]);
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  if (boxArea(box) < AREA_MIN || Math.min(box[2] - box[0], box[3] - box[1]) < 8) return [];
  const truth = new Uint8Array(widthPx * heightPx);
  for (let y = 0; y < heightPx; y++) {
    const crossings = [];
    for (let i = 0, before = points.length - 1; i < points.length; before = i++) {
      const [[ax, ay], [bx, by]] = [points[i], points[before]];
      if (ay > y + 0.5 !== by > y + 0.5) crossings.push(((bx - ax) * (y + 0.5 - ay)) / (by - ay) + ax);
    }
    crossings.sort((a, b) => a - b);
    for (let i = 0; i + 1 < crossings.length; i += 2)
      truth.fill(
        1,
        y * widthPx + Math.ceil(crossings[i] - 0.5),
        y * widthPx + Math.ceil(crossings[i + 1] - 0.5),
      );
  }
  return [{ group: category === PERSON ? 'person' : 'vehicle', label, box, truth }];
}

function filled([x1, y1, x2, y2], { widthPx, heightPx }) {
  const pixels = new Uint8Array(widthPx * heightPx);
  for (let y = Math.max(0, Math.round(y1)); y < Math.min(heightPx, Math.round(y2)); y++)
    pixels.fill(
      1,
      y * widthPx + Math.max(0, Math.round(x1)),
      y * widthPx + Math.min(widthPx, Math.round(x2)),
    );
  return pixels;
}

function iou(a, b) {
  let [both, either] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    both += a[i] & b[i];
    either += a[i] | b[i];
  }
  return either === 0 ? 1 : both / either;
}

function even({ widthPx, heightPx }, longSidePx) {
  const scale = longSidePx / Math.max(widthPx, heightPx);
  const side = (px) => Math.max(2, Math.round((px * scale) / 2) * 2);
  return { widthPx: side(widthPx), heightPx: side(heightPx) };
}

function report() {
  const mean = (list) => (list.reduce((sum, value) => sum + value, 0) / list.length).toFixed(3);
  const at = (list, share) =>
    [...list].sort((a, b) => a - b)[Math.floor(share * (list.length - 1))].toFixed(2);
  console.log(
    `${loaded.version}\n\n| mean IoU | objects | box filled | ${teacher ? 'teacher | ' : ''}mask head |`,
  );
  console.log(`|---|---|---|---|${teacher ? '---|' : ''}`);
  for (const [name, list] of [...rows].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const of = (way) => mean(list.map((found) => found[way]));
    console.log(
      `| ${name} | ${list.length} | ${of('filled')} | ${teacher ? `${of('teacher')} | ` : ''}${of('head')} |`,
    );
  }
  console.log(
    '\n| foot off, of the box’s width | objects | of the box: half | 90 % | of the mask: half | 90 % |',
  );
  console.log('|---|---|---|---|---|---|');
  for (const [name, list] of [...feet].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const of = (way, share) =>
      at(
        list.map((told) => told[way]),
        share,
      );
    console.log(
      `| ${name} | ${list.length} | ${of('box', 0.5)} | ${of('box', 0.9)} | ${of('head', 0.5)} | ${of('head', 0.9)} |`,
    );
  }
  console.log('\n| ms per object, one thread | least | half | 95 % |\n|---|---|---|---|');
  const all = times.crop.map((crop, i) => crop + times.network[i] + times.paste[i]);
  for (const [name, list] of Object.entries({ ...times, all }))
    console.log(`| ${name} | ${at(list, 0)} | ${at(list, 0.5)} | ${at(list, 0.95)} |`);
}
