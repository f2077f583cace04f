// What a picture costs when a detector takes several in one run, on one thread of the processor: prints a Markdown table.
//
//   node bench/batches.mjs [--models FILE,FILE] [--rounds 4]
//
// The default detector first.
// ms of CPU time a picture, best of the rounds; sizes take turns, so that a machine's drift meets all.
import { parseArgs } from 'node:util';
import { createLog } from '../dist/base/index.js';
import { planAnalysis } from '../dist/engine/index.js';
import { i420Bytes } from '../dist/frames/index.js';
import { ensureDefaultDetector } from '../dist/inference/index.js';
import { Detector } from '../dist/inference/detector.js';
import { loadModel } from '../dist/inference/load-model.js';

const { values } = parseArgs({
  options: { models: { type: 'string' }, rounds: { type: 'string', default: '4' } },
});
const SIZES = [1, 2, 4, 8];
const PICTURES = 16;
const base = await ensureDefaultDetector({ log: createLog('error') });
const files = [base, ...(values.models?.split(',') ?? [])];

console.log(`| pictures in a run | ${SIZES.join(' | ')} |\n|---|${SIZES.map(() => '---').join('|')}|`);
for (const file of files) {
  const { facts, description, bytes } = await loadModel(file);
  const plan = { provider: 'cpu', isRequired: true };
  const prepared = new Uint8Array(new Uint8Array(bytes));
  const detector = await Detector.open(prepared, description, plan, undefined, 'always');
  const { frame, placed } = planAnalysis({ widthPx: 1920, heightPx: 1080 }, 512, facts.input);
  const memory = new SharedArrayBuffer(i420Bytes(frame));
  new Uint8Array(memory).fill(120);
  const options = { scoreMin: 0.4, iouMax: 0.6, countMax: 100 };
  const job = { memory, byteOffset: 0, frame, placed, options };
  const best = SIZES.map(() => Infinity);
  for (let round = 0; round <= Number(values.rounds); round++)
    for (const [at, size] of SIZES.entries()) {
      if (size > 1 && !detector.canBatch) continue;
      const before = process.cpuUsage();
      for (let i = 0; i < PICTURES; i += size) await detector.detectAll(Array(size).fill(job));
      const { user, system } = process.cpuUsage(before);
      // The first round makes buffers.
      if (round > 0) best[at] = Math.min(best[at], (user + system) / 1000 / PICTURES);
    }
  console.log(`| ${facts.name} | ${best.map((ms) => (ms === Infinity ? '-' : ms.toFixed(1))).join(' | ')} |`);
}
