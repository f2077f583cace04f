// How long the tracker takes for a picture with very many detections: random boxes on a 1920×1080 picture that move a little from
// picture to picture, after warming up. Prints one JSON object, ms a picture.
//
//   node bench/crowd.mjs [--detections 2000] [--pictures 40]
import { parseArgs } from 'node:util';
import { Tracker } from '../dist/tracking/index.js';

const { values } = parseArgs({
  options: {
    detections: { type: 'string', default: '2000' },
    pictures: { type: 'string', default: '40' },
  },
});
const [count, pictures] = [Number(values.detections), Number(values.pictures)];

// A generator of its own, so that each run has the same boxes.
let state = 1;
const random = () => {
  state = (state * 1664525 + 1013904223) >>> 0;
  return state / 2 ** 32;
};
const objects = Array.from({ length: count }, () => ({
  x: random() * 1880,
  y: random() * 1000,
  dx: random() * 4 - 2,
  dy: random() * 4 - 2,
}));

function track() {
  const tracker = new Tracker({ frame: { widthPx: 1920, heightPx: 1080 }, startScoreMin: 0.4 });
  const spentMs = [];
  for (let at = 0; at < pictures; at++) {
    const detections = objects.map(({ x, y, dx, dy }) => {
      const [left, top] = [x + dx * at, y + dy * at];
      return { label: 'person', score: 0.9, box: [left, top, left + 40, top + 80] };
    });
    const began = performance.now();
    tracker.update(detections, at * 100);
    spentMs.push(performance.now() - began);
  }
  return spentMs.slice(5);
}

for (let round = 0; round < 3; round++) track();
const sorted = track().sort((a, b) => a - b);
const at = (share) =>
  Number(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))].toFixed(2));
console.log(JSON.stringify({ detections: count, ms: { best: at(0), p50: at(0.5), p95: at(0.95) } }));
