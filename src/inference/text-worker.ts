// Entry of the worker thread that reads text: three networks, one picture at a time.
import { parentPort, workerData } from 'node:worker_threads';
import { encodeError } from '../base/index.js';
import { loadTextModels } from './load-text-models.js';
import type { FromTextWorker, ToTextWorker, TextWorkerSetup } from './text-messages.js';
import { TextReader } from './text-reader.js';
import { READER_NICENESS, yieldToOthers } from './thread-priority.js';

const port = parentPort!;
const send = (message: FromTextWorker) => port.postMessage(message);

yieldToOthers();
const { files, graphCacheDir } = workerData as TextWorkerSetup;
try {
  const models = await loadTextModels(files);
  const reader = await TextReader.open(models, graphCacheDir);
  // Where there is work for every core, detection goes first.
  yieldToOthers(READER_NICENESS);
  port.on('message', (message: ToTextWorker) => void answer(reader, message));
  send({ type: 'ready', version: models.version });
} catch (error) {
  send({ type: 'refused', error: encodeError(error) });
}

async function answer(reader: TextReader, message: ToTextWorker): Promise<void> {
  if (message.type === 'close') {
    await reader.close();
    port.close();
    return;
  }
  const { id, job } = message;
  try {
    send({ type: 'read', id, result: await reader.read(job) });
  } catch (error) {
    send({ type: 'failed', id, error: encodeError(error) });
  }
}
