// How well proposed zones fit what is road, and how long a picture takes. The demo clip's scene is known exactly (streams/scene/layout.py):
// its roads, as the camera sees them, are compared with the zones called road that are proposed from one picture and from many. Prints a Markdown table.
//
//   node bench/scene.mjs MODEL.onnx
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { decodeMask, isInPolygon } from '../dist/geometry/index.js';
import { lookAtScene } from '../dist/scene/index.js';

const { positionals } = parseArgs({ allowPositionals: true });
const [modelPath] = positionals;
if (modelPath === undefined) throw new Error('usage: node bench/scene.mjs MODEL.onnx');
const root = path.dirname(import.meta.dirname);
const [WIDTH, HEIGHT] = [640, 360];
/** From the scene, in metres: x to the right, y away, z up. */
const CAMERA = { heightM: 4, pitchDeg: 12, yawDeg: 1.8, focalPx: (41 / 36) * WIDTH };
const NEAR_M = 1;
const ROADS = [
  { name: 'near street', x: [0.3, 6.3], y: [NEAR_M, 20.5] },
  { name: 'cross street', x: [-60, 60], y: [20.5, 26.5] },
  { name: 'far street', x: [0.3, 6.3], y: [26.5, 80] },
];
const COUNTS = [1, 6, 16];
const SECONDS = 32;

const truth = fs
  .readFileSync(path.join(root, 'streams/demo.truth.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => JSON.parse(line));
const isRoad = roadPixels();
const parked = alwaysCovered();
const rows = [];
for (const count of COUNTS) {
  const times = Array.from({ length: count }, (_, i) => ((i + 0.5) * SECONDS) / count);
  const starts = count === 1 ? [2, 11, 20] : [0];
  for (const start of starts) {
    const pictures = (count === 1 ? [start] : times).map((seconds) => ({ bytes: picture(seconds) }));
    const before = process.cpuUsage();
    const look = await lookAtScene(modelPath, pictures);
    const { user, system } = process.cpuUsage(before);
    const zones = look.proposals.filter((zone) => zone.class === 'road').map(({ polygon }) => polygon);
    rows.push({
      count,
      start,
      ...compared(zones),
      zones: zones.length,
      ms: look.networkMs,
      cpuMs: (user + system) / 1000,
    });
  }
}
console.log('| pictures | IoU | precision | recall | zones | ms a picture |\n|---|---|---|---|---|---|');
for (const { count, start, iou, precision, recall, zones, ms } of rows)
  console.log(
    `| ${count === 1 ? `1, at ${start} s` : count} | ${iou.toFixed(3)} | ${precision.toFixed(3)} | ${recall.toFixed(3)} | ${zones} | ${ms.toFixed(0)} |`,
  );
const [few, many] = rows.slice(-2);
// The difference leaves out what opening the network takes; processor time does not count what others take from a busy machine.
console.log(
  `\n${((many.cpuMs - few.cpuMs) / (many.count - few.count)).toFixed(0)} ms of processor time a picture, decoding and scaling included`,
);
console.log(
  `\nroad ${(100 * share(isRoad)).toFixed(1)} % of the picture; left out, as always covered: ${(100 * share(parked)).toFixed(1)} %`,
);

function picture(seconds) {
  const args = ['-loglevel', 'error', '-ss', String(seconds), '-i', path.join(root, 'streams/demo.mp4')];
  return execFileSync('ffmpeg', [...args, '-frames:v', '1', '-c:v', 'png', '-f', 'image2pipe', '-'], {
    maxBuffer: 1 << 26,
  });
}

/** By the pixel's ray: where it meets the ground. The facades that stand on it hide what is behind. */
function roadPixels() {
  const pixels = new Uint8Array(WIDTH * HEIGHT);
  const [pitch, yaw] = [CAMERA.pitchDeg, CAMERA.yawDeg].map((degrees) => (degrees * Math.PI) / 180);
  for (let row = 0; row < HEIGHT; row++)
    for (let column = 0; column < WIDTH; column++) {
      const right = (column + 0.5 - WIDTH / 2) / CAMERA.focalPx;
      const down = (row + 0.5 - HEIGHT / 2) / CAMERA.focalPx;
      // Ahead and up before the turn by yaw, to the left as Blender turns about z.
      const ahead = Math.cos(pitch) - down * Math.sin(pitch);
      const up = -Math.sin(pitch) - down * Math.cos(pitch);
      const [dx, dy] = [
        right * Math.cos(yaw) - ahead * Math.sin(yaw),
        right * Math.sin(yaw) + ahead * Math.cos(yaw),
      ];
      if (up >= 0) continue;
      const far = CAMERA.heightM / -up;
      const [x, y] = [dx * far, dy * far];
      const isOn = ROADS.some((road) => x >= road.x[0] && x <= road.x[1] && y >= road.y[0] && y <= road.y[1]);
      pixels[row * WIDTH + column] = isOn ? 1 : 0;
    }
  return pixels;
}

/** What something that never leaves stands before: the parked van. Nobody could tell what is behind. */
function alwaysCovered() {
  const counts = new Uint16Array(WIDTH * HEIGHT);
  for (const { objects } of truth)
    for (const { mask } of objects)
      if (mask !== undefined) decodeMask(mask).forEach((is, at) => (counts[at] += is));
  return counts.map((count) => (count > 0.9 * truth.length ? 1 : 0));
}

function compared(zones) {
  let [both, proposed, real] = [0, 0, 0];
  for (let at = 0; at < isRoad.length; at++) {
    if (parked[at]) continue;
    const place = [((at % WIDTH) + 0.5) / WIDTH, (Math.floor(at / WIDTH) + 0.5) / HEIGHT];
    const is = zones.some((zone) => isInPolygon(place, zone));
    both += is && isRoad[at] ? 1 : 0;
    proposed += is ? 1 : 0;
    real += isRoad[at];
  }
  return { iou: both / (proposed + real - both), precision: both / proposed, recall: both / real };
}

function share(pixels) {
  return pixels.reduce((sum, is) => sum + is, 0) / pixels.length;
}
