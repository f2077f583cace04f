// Entry of a child process that times bare runs of a model: a process of its own, so that its CPU time is the session's.
import { messageOf, systemClock } from '../base/index.js';
import { i420Bytes } from '../frames/index.js';
import type { BareRunAnswer, BareRunRequest } from './bare-run.js';
import { planeTensors } from './picture-planes.js';
import { loadModel } from './load-model.js';
import { openSession } from './session.js';

const WARMUP_RUNS = 3;

const send = (answer: BareRunAnswer) => process.send?.(answer);
let go = () => {};
const started = new Promise<void>((resolve) => (go = resolve));

process.on('message', (request: BareRunRequest) => {
  if (request.type === 'go') go();
  else measure(request).catch((error: unknown) => send({ type: 'failed', why: messageOf(error) }));
});
process.on('disconnect', () => process.exit(0));

async function measure({ modelPath, input, runs }: Extract<BareRunRequest, { type: 'open' }>): Promise<void> {
  const { bytes, description } = await loadModel(modelPath);
  const session = await openSession(new Uint8Array(new Uint8Array(bytes)));
  // Noise rather than one colour: denormals and zeros would not cost what pictures do.
  const picture = Uint8Array.from({ length: i420Bytes(input) }, (_, i) => (i * 7919) >> 3);
  const feeds = planeTensors(picture, input);
  const outputs = await session.run(feeds);
  const run = () => (description.outputsVary === true ? session.run(feeds) : session.run(feeds, outputs));
  for (let i = 1; i < WARMUP_RUNS; i++) await run();
  send({ type: 'warm' });
  await started;
  const cpu = process.cpuUsage();
  const startedMs = systemClock.monotonicMs();
  for (let i = 0; i < runs; i++) await run();
  const wallSeconds = (systemClock.monotonicMs() - startedMs) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  send({ type: 'measured', cpuSeconds: (user + system) / 1e6, wallSeconds });
}
