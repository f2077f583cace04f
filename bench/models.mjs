// What every detector of a folder finds on labelled pictures, and what a frame costs: prints a Markdown table.
//
//   node bench/models.mjs --models DIR --images DIR --truth DIR|FILE [--width 512] [--rounds 5] [--runs 20]
//
// AP: the pictures go through the pipeline of `sightline analyze`, scored as by `sightline evaluate detections`; labels are YOLO's
// (a folder) or COCO's (a file). ms: the model alone on one thread of the CPU, median of the rounds; in each round it runs
// right after the default detector, and the ratio is the median of the rounds' ratios, so that a machine's drift meets both.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createLog } from '../dist/base/index.js';
import { analyze } from '../dist/cli/analyze.js';
import { evaluateDetectionFiles } from '../dist/cli/evaluate-detections.js';
import { planAnalysis } from '../dist/engine/index.js';
import { ensureDefaultDetector, measureBareRun } from '../dist/inference/index.js';
import { loadModel } from '../dist/inference/load-model.js';

const { values } = parseArgs({
  options: {
    models: { type: 'string' },
    images: { type: 'string' },
    truth: { type: 'string' },
    width: { type: 'string', default: '512' },
    rounds: { type: 'string', default: '5' },
    runs: { type: 'string', default: '20' },
  },
});
const { models, images, truth } = values;
if (!models || !images || !truth) throw new Error('give --models, --images and --truth');
const [width, rounds, runs] = [values.width, values.rounds, values.runs].map(Number);
/** The shape that dynamic inputs are timed at. */
const SOURCE = { widthPx: 1920, heightPx: 1080 };

const say = (text) => process.stderr.write(`${text}\n`);
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

const base = await ensureDefaultDetector({ log: createLog('error') });
const files = fs
  .readdirSync(models)
  .filter((name) => name.endsWith('.onnx'))
  .sort()
  .map((name) => path.join(models, name));
const detectors = [];
for (const file of [base, ...files]) {
  try {
    detectors.push({ file, ...(await described(file)) });
  } catch (error) {
    say(`left out: ${error.message.slice(0, 160)}`);
  }
}
for (const [at, detector] of detectors.entries()) {
  say(`${at + 1}/${detectors.length} ${detector.name}: AP`);
  Object.assign(detector, await accuracy(detector));
}
for (let round = 0; round < rounds; round++) {
  for (const [at, detector] of detectors.entries()) {
    say(`round ${round + 1}/${rounds}, ${at + 1}/${detectors.length} ${detector.name}: ms`);
    const ofBase = await time(detectors[0]);
    const own = detector === detectors[0] ? ofBase : await time(detector);
    detector.ms.push(own);
    detector.ratios.push(own / ofBase);
  }
}
console.log('| model | family | input | MB | AP | AP50 | ms | × default |');
console.log('|---|---|---|---|---|---|---|---|');
for (const { name, family, input, bytes, ap, ap50, ms, ratios, failed } of detectors) {
  const figures = failed ?? `${ap.toFixed(3)} | ${ap50.toFixed(3)}`;
  console.log(
    `| ${name} | ${family} | ${input.widthPx}×${input.heightPx} | ${(bytes / 1e6).toFixed(1)} | ${figures} | ` +
      `${median(ms).toFixed(1)} | ${median(ratios).toFixed(2)} |`,
  );
}
console.log(
  `\n${os.cpus()[0]?.model ?? 'unknown CPU'}, Node ${process.version}; long side ${width} where the input is open.`,
);

async function described(file) {
  const { facts } = await loadModel(file);
  const { input } = planAnalysis(SOURCE, width, facts.input).placed;
  const name = path.basename(file, '.onnx');
  return { name, family: facts.family, input, bytes: fs.statSync(file).size, ms: [], ratios: [] };
}

async function accuracy({ file }) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sightline-models-'));
  const results = path.join(folder, 'results.json');
  let printed = '';
  try {
    await analyze(images, { models: [`detector=${file}`], coco: results, width, env: process.env });
    const stdout = { write: (text) => (printed += text) };
    await evaluateDetectionFiles(
      { annotations: truth, detections: results, images, json: true },
      { stdout, env: process.env },
    );
    return JSON.parse(printed);
  } catch (error) {
    say(error.message);
    return { failed: `failed: ${error.code ?? 'error'} | -` };
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

async function time({ file, input }) {
  return (await measureBareRun({ modelPath: file, input, runs, parallel: 1 })).wallSeconds * 1000;
}
