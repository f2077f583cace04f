// How much of people a redacted picture leaves to be seen, and what it takes: the code that the engine runs for one picture, one worker. Prints
// Markdown tables.
//
//   node bench/redaction.mjs --images DIR --segments DIR [--mot VIDEO,GT.txt] [--effort 512:0.4,960:0.12]
//
// DIRs as of COCO128: photographs, and YOLO polygons whose classes are COCO's category ids (the detector may have learned from these photographs).
// --mot: a video and its boxes as of MOTChallenge, each tenth frame. --effort: longer side of the picture looked at, px, and the lowest score.
import { Buffer } from 'node:buffer';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { createLog } from '../dist/base/index.js';
import { findCovered, Redactor } from '../dist/engine/redactor.js';
import { redact } from '../dist/frames/index.js';
import { defaultMaskHead, ensureDefaultDetector, InferencePool } from '../dist/inference/index.js';

const { values } = parseArgs({
  options: {
    images: { type: 'string' },
    segments: { type: 'string' },
    mot: { type: 'string' },
    effort: { type: 'string', default: '960:0.12' },
  },
});
const PERSON = 1;
/** Smaller people, in square pixels, are left out. */
const AREA_MIN = 400;
const EVERY = 10;

const log = createLog('error');
const modelPath = await ensureDefaultDetector({ log, onProgress: () => undefined });
const pool = await InferencePool.open({ modelPath, maskHead: defaultMaskHead(), workers: 1, log });
const pictures = [
  ...(values.images && values.segments ? await photographs(values.images, values.segments) : []),
  ...(values.mot ? await frames(...values.mot.split(',')) : []),
];
const efforts = values.effort.split(',').map((text) => {
  const [longSidePxMax, scoreMin] = text.split(':').map(Number);
  return { longSidePxMax, scoreMin };
});
console.log(
  '| pictures | px | score | covered by | people | of their pixels, left to be seen | people of whom 90 % are covered | of whom less than half is | of the rest of the picture, covered |\n|---|---|---|---|---|---|---|---|---|',
);
for (const set of new Set(pictures.map(({ set: of }) => of)))
  for (const effort of efforts) for (const shape of ['box', 'outline']) await measure(set, effort, shape);
await measureTime();
await pool.close();

async function measure(set, effort, shape) {
  const sums = { people: 0, pixels: 0, left: 0, whole: 0, half: 0, rest: 0, restCovered: 0 };
  for (const { rgb, size, people } of pictures.filter((picture) => picture.set === set)) {
    const wish = { labels: ['person'], shape, known: [] };
    const white = new Uint8Array(size.widthPx * size.heightPx * 3).fill(255);
    redact(white, size, await findCovered(pool, rgb, size, wish, effort), 'black');
    const isPerson = new Uint8Array(size.widthPx * size.heightPx);
    for (const truth of people) {
      let [count, covered] = [0, 0];
      for (let at = 0; at < truth.length; at++) {
        if (truth[at] === 0) continue;
        isPerson[at] = 1;
        count++;
        if (white[at * 3] === 0) covered++;
      }
      sums.people++;
      sums.pixels += count;
      sums.left += count - covered;
      if (covered >= 0.9 * count) sums.whole++;
      if (covered < 0.5 * count) sums.half++;
    }
    for (let at = 0; at < isPerson.length; at++) {
      if (isPerson[at] === 1) continue;
      sums.rest++;
      if (white[at * 3] === 0) sums.restCovered++;
    }
  }
  const percent = (part, whole) => `${((100 * part) / whole).toFixed(1)} %`;
  const { people, pixels, left, whole, half, rest, restCovered } = sums;
  console.log(
    `| ${set} | ${effort.longSidePxMax} | ${effort.scoreMin} | ${shape} | ${people} | ${percent(left, pixels)} | ${percent(whole, people)} | ${percent(half, people)} | ${percent(restCovered, rest)} |`,
  );
}

/** From JPEG to JPEG. */
async function measureTime() {
  console.log('\n| size | fill | covered by | ms, median of 15 |\n|---|---|---|---|');
  const redactor = new Redactor();
  const { rgb, size } = pictures.reduce((a, b) => (a.people.length >= b.people.length ? a : b));
  const raw = { width: size.widthPx, height: size.heightPx, channels: 3 };
  for (const [width, height] of [
    [640, 360],
    [1920, 1080],
  ]) {
    // prettier-ignore
    const jpeg = await sharp(rgb, { raw }).resize({ width, height, fit: 'fill' }).jpeg().toBuffer();
    for (const fill of ['black', 'pixelate', 'blur'])
      for (const shape of ['box', 'outline']) {
        const times = [];
        for (let i = 0; i < 15; i++) {
          const from = performance.now();
          await redactor.redact(pool, jpeg, { labels: ['person'], fill, shape, known: [] });
          times.push(performance.now() - from);
        }
        const median = times.sort((a, b) => a - b)[7];
        console.log(`| ${width}×${height} | ${fill} | ${shape} | ${median.toFixed(0)} |`);
      }
  }
}

async function photographs(images, segments) {
  const found = [];
  for (const name of fs.readdirSync(segments).filter((file) => file.endsWith('.txt'))) {
    const file = path.join(images, `${path.parse(name).name}.jpg`);
    const { data: rgb, info } = await sharp(file).toColourspace('srgb').removeAlpha().raw().toBuffer({ resolveWithObject: true }); // prettier-ignore
    const size = { widthPx: info.width, heightPx: info.height };
    const lines = fs.readFileSync(path.join(segments, name), 'utf8').trim().split('\n');
    const people = [];
    for (const [category, ...shares] of lines.map((line) => line.trim().split(/\s+/).map(Number))) {
      if (category !== PERSON) continue;
      const points = shares.map((share, i) => share * (i % 2 === 0 ? info.width : info.height));
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${info.width}" height="${info.height}"><rect width="100%" height="100%"/><polygon fill="#fff" points="${points.join(' ')}"/></svg>`;
      const grey = await sharp(Buffer.from(svg)).flatten().toColourspace('b-w').raw().toBuffer();
      const truth = grey.map((value) => (value > 127 ? 1 : 0));
      if (truth.reduce((sum, value) => sum + value, 0) >= AREA_MIN) people.push(truth);
    }
    if (people.length > 0) found.push({ set: 'photographs', rgb, size, people });
  }
  return found;
}

/** People are their boxes, without a tenth on each side: what is in the corners is seldom they. */
async function frames(video, truthFile) {
  const probe = execFileSync('ffprobe', ['-v', 'error', '-select_streams', 'v', '-show_entries', 'stream=width,height', '-of', 'csv=p=0', video]); // prettier-ignore
  const [widthPx, heightPx] = String(probe).trim().split(',').map(Number);
  const raw = execFileSync('ffmpeg', ['-v', 'error', '-i', video, '-fps_mode', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'], { maxBuffer: 1 << 30 }); // prettier-ignore
  const rows = fs.readFileSync(truthFile, 'utf8').trim().split('\n').map((line) => line.split(',').map(Number)); // prettier-ignore
  const bytes = widthPx * heightPx * 3;
  const found = [];
  for (let at = 0; at < raw.length / bytes; at += EVERY) {
    const people = rows
      .filter(([frame]) => frame === at + 1)
      .map(([, , x, y, width, height]) => {
        const truth = new Uint8Array(widthPx * heightPx);
        const [left, right] = [x + 0.1 * width, x + 0.9 * width].map((value) => Math.min(widthPx, Math.max(0, Math.round(value)))); // prettier-ignore
        for (
          let row = Math.max(0, Math.round(y + 0.1 * height));
          row < Math.min(heightPx, Math.round(y + 0.9 * height));
          row++
        )
          truth.fill(1, row * widthPx + left, row * widthPx + right);
        return truth;
      });
    if (people.length > 0)
      found.push({ set: 'video', rgb: raw.subarray(at * bytes, (at + 1) * bytes), size: { widthPx, heightPx }, people: people.filter((truth) => truth.includes(1)) }); // prettier-ignore
  }
  return found;
}
