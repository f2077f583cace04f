// Entry of an inference worker thread: one session, one run at a time.
import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import path from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { AppError, encodeError } from '../base/index.js';
import { Detector } from './detector.js';
import { loadModel, ofModel } from './load-model.js';
import type { FromWorker, ToWorker, WorkerSetup } from './messages.js';

const WORKER_NICENESS = 10;

const port = parentPort!;
const send = (message: FromWorker) => port.postMessage(message);

yieldToOthers();
const { model: given, plan, graphCacheDir, batches } = workerData as WorkerSetup;
try {
  const model = 'bytes' in given ? given : await loadModel(given.modelPath, given.family);
  // A private copy, since the runtime refuses shared memory; it is free again when the session is open.
  const bytes = new Uint8Array(new Uint8Array(model.bytes));
  const detector = await Detector.open(bytes, model.description, plan, graphCacheDir, batches);
  port.on('message', (message: ToWorker) => void answer(detector, message));
  const { provider, fallbacks, canBatch } = detector;
  send({ type: 'ready', model, provider, fallbacks, canBatch });
} catch (error) {
  send({ type: 'refused', error: encodeError('bytes' in given ? error : ofModel(given.modelPath, error)) });
}

async function answer(detector: Detector, message: ToWorker): Promise<void> {
  if (message.type === 'close') {
    port.close();
    return;
  }
  const { id, jobs } = message;
  try {
    const results = await detector.detectAll(jobs);
    const answers = results.map((result) =>
      result instanceof AppError ? { error: encodeError(result) } : { result },
    );
    send({ type: 'detected', id, answers });
  } catch (error) {
    send({ type: 'failed', id, error: encodeError(error) });
  }
}

/**
 * Lowers this thread's priority: inference takes every core that it is given, and what moves packets and answers
 * clients has to come in between. Linux counts priorities by thread; elsewhere there is no such number to ask for.
 */
function yieldToOthers(): void {
  if (process.platform !== 'linux') return;
  const threadId = Number(path.basename(readlinkSync('/proc/thread-self')));
  setPriority(threadId, WORKER_NICENESS);
}
