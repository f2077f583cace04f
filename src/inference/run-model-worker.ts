// Entry of a worker thread that runs one model a few times and ends.
import { parentPort, workerData } from 'node:worker_threads';
import * as ort from 'onnxruntime-node';
import { AppError, encodeError, messageOf } from '../base/index.js';
import type { RawTensor, RawTensors, RunModelAnswer, RunModelSetup } from './run-model.js';
import { openSession } from './session.js';

const send = (answer: RunModelAnswer) => parentPort!.postMessage(answer);

try {
  send({ type: 'done', outputs: await runAll(workerData as RunModelSetup) });
} catch (error) {
  send({ type: 'failed', error: encodeError(error) });
}

async function runAll({ model, runs }: RunModelSetup): Promise<RawTensors[]> {
  const session = await openSession(model);
  const outputs: RawTensors[] = [];
  for (const inputs of runs) {
    const feeds = Object.fromEntries(
      Object.entries(inputs).map(([name, { type, data, dims }]) => [name, new ort.Tensor(type, data, dims)]),
    );
    const made = await session.run(feeds).catch((error: unknown) => {
      throw new AppError('inference/failed', 'internal', `The model cannot run: ${messageOf(error)}`, {
        cause: error,
      });
    });
    outputs.push(
      Object.fromEntries(Object.entries(made).map(([name, tensor]) => [name, rawTensor(name, tensor)])),
    );
  }
  return outputs;
}

function rawTensor(name: string, { type, data, dims }: ort.Tensor): RawTensor {
  if (type === 'float32' || type === 'int32' || type === 'uint8' || type === 'bool')
    return { type, dims, data: data as RawTensor['data'] };
  throw new AppError('inference/failed', 'internal', `Output "${name}" is ${type}, which is not compared.`);
}
