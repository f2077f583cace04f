// Processor time of light for one 640×360 picture: measured, planned, shown in another light; median of three rounds of a hundred. Prints a Markdown table, ms.
//
//   node bench/light-cost.mjs
import process from 'node:process';
import { i420Bytes, LIGHT_METHODS, LightMeter, LightNormaliser, Relighter } from '../dist/frames/index.js';
import { NOISE } from './light/bad-light.mjs';

const size = { widthPx: 640, heightPx: 360 };
const picture = new Uint8Array(i420Bytes(size)).map((_, i) => 60 + (i % 640) / 6 + 3 * NOISE[i & 0xffff]);
const placed = { input: size, frame: size, padX: 0, padY: 0 };
const relighter = new Relighter();
const meter = new LightMeter(size);
const measures = meter.measure(picture);

function timed(work) {
  const rounds = [0, 1, 2, 3].map(() => {
    const before = process.cpuUsage();
    for (let i = 0; i < 100; i++) work(i);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e5;
  });
  return rounds.slice(1).sort((a, b) => a - b)[1];
}

console.log('| ms | planned | shown | both |\n|---|---|---|---|');
console.log(`| measured only | | | ${timed(() => meter.measure(picture)).toFixed(2)} |`);
for (const method of LIGHT_METHODS) {
  const normaliser = new LightNormaliser(size, method);
  const curves = new Uint8Array(normaliser.curveBytes);
  const relighting = normaliser.plan(picture, measures, 0, curves);
  const copy = Uint8Array.from(picture);
  const planned = timed((i) => normaliser.plan(picture, measures, i * 100, curves));
  const shown = timed(() => {
    copy.set(picture);
    relighter.apply(copy, placed, relighting);
  });
  console.log(
    `| ${method} | ${planned.toFixed(2)} | ${shown.toFixed(2)} | ${(planned + shown).toFixed(2)} |`,
  );
}
