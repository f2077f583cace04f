// Entry of an inference worker thread: a detector, and a follower and a mask head where they are asked for; one run at a time.
import { parentPort, workerData } from 'node:worker_threads';
import { AppError, encodeError } from '../base/index.js';
import { Detector } from './detector.js';
import { Follower } from './follower.js';
import { loadFollower, type LoadedFollower } from './load-follower.js';
import { loadMaskHead } from './load-mask-head.js';
import { loadModel, ofModel, type LoadedModel } from './load-model.js';
import { MaskHead } from './mask-head.js';
import type { DetectJob, FromWorker, PictureAnswer, ToWorker, WorkerSetup } from './messages.js';
import { yieldToOthers } from './thread-priority.js';

const port = parentPort!;
const send = (message: FromWorker) => port.postMessage(message);

yieldToOthers();
const setup = workerData as WorkerSetup;
let maskHead: Promise<MaskHead> | undefined;
try {
  const { detector, model } = await openDetector(setup);
  const { follower, loaded } = await openFollower(setup);
  port.on('message', (message: ToWorker) => void answer(detector, follower, message));
  const { provider, fallbacks, canBatch } = detector;
  const found = loaded === undefined ? {} : { follower: loaded };
  send({ type: 'ready', model, ...found, provider, fallbacks, canBatch });
} catch (error) {
  send({ type: 'refused', error: encodeError(error) });
}

async function openDetector({ model: given, plan, graphCacheDir, batches }: WorkerSetup) {
  try {
    const model: LoadedModel = 'bytes' in given ? given : await loadModel(given.modelPath, given.family);
    // A private copy, since the runtime refuses shared memory; it is free again when the session is open.
    const bytes = new Uint8Array(new Uint8Array(model.bytes));
    return { model, detector: await Detector.open(bytes, model.description, plan, graphCacheDir, batches) };
  } catch (error) {
    throw 'bytes' in given ? error : ofModel(given.modelPath, error);
  }
}

async function openFollower({ follower: given, plan, graphCacheDir }: WorkerSetup) {
  if (given === undefined) return {};
  const loaded: LoadedFollower = 'template' in given ? given : await loadFollower(given);
  try {
    return { loaded, follower: await Follower.open(loaded, plan, graphCacheDir) };
  } catch (error) {
    throw 'template' in given ? error : ofModel(given.templatePath, error);
  }
}

async function answer(detector: Detector, follower: Follower | undefined, message: ToWorker): Promise<void> {
  if (message.type === 'close') {
    port.close();
    return;
  }
  const { id } = message;
  try {
    if (message.type === 'detect')
      send({ type: 'detected', id, answers: await detectAll(detector, message.jobs) });
    else if (message.type === 'follow')
      send({ type: 'followed', id, result: await follower!.follow(message.job) });
    else send({ type: 'segmented', id, result: await (await openMaskHead()).segment(message.job) });
  } catch (error) {
    send({ type: 'failed', id, error: encodeError(error) });
  }
}

/** Most workers never need it: opened when it is first asked for, and again if that failed. */
function openMaskHead(): Promise<MaskHead> {
  const { maskHead: source, plan, graphCacheDir } = setup;
  maskHead ??= loadMaskHead(source!).then((loaded) => MaskHead.open(loaded, plan, graphCacheDir));
  maskHead.catch(() => (maskHead = undefined));
  return maskHead;
}

async function detectAll(detector: Detector, jobs: readonly DetectJob[]): Promise<PictureAnswer[]> {
  const results = await detector.detectAll(jobs);
  return results.map((result) => (result instanceof AppError ? { error: encodeError(result) } : { result }));
}
