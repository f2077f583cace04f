import { Worker } from 'node:worker_threads';
import { AppError, decodeError, entryFile, messageOf, type EncodedError } from '../base/index.js';

/** A tensor as it is: row-major, in the order of dimensions that the model has. */
export interface RawTensor {
  readonly type: 'float32' | 'int32' | 'uint8' | 'bool';
  readonly dims: readonly number[];
  /** Float32 for `float32`, Int32 for `int32`, else Uint8. */
  readonly data: Float32Array | Int32Array | Uint8Array;
}

/** Tensors by the model's names for them. */
export type RawTensors = Readonly<Record<string, RawTensor>>;

/** What the worker is started with: the bytes of a model and the inputs of each run. */
export interface RunModelSetup {
  readonly model: Uint8Array;
  readonly runs: readonly RawTensors[];
}

/** The worker's only message. */
export type RunModelAnswer =
  | { readonly type: 'done'; readonly outputs: readonly RawTensors[] }
  | { readonly type: 'failed'; readonly error: EncodedError };

/**
 * Runs any model, once for each set of inputs, in a thread of its own that ends afterwards: for checks, not for cameras.
 *
 * @returns the outputs of each run
 * @throws {AppError} `model/invalid` when the runtime cannot load it; `inference/failed` when it cannot run;
 *   `inference/worker-died`
 */
export async function runModel(
  model: Uint8Array,
  runs: readonly RawTensors[],
): Promise<readonly RawTensors[]> {
  const workerData: RunModelSetup = { model, runs };
  const worker = new Worker(entryFile(import.meta.url, './run-model-worker.js'), { workerData });
  const answer = await new Promise<RunModelAnswer>((resolve, reject) => {
    const die = (how: string) =>
      reject(new AppError('inference/worker-died', 'unavailable', `An inference worker ended (${how}).`));
    let given: RunModelAnswer | undefined;
    worker.once('message', (message: RunModelAnswer) => (given = message));
    worker.once('error', (error) => die(messageOf(error)));
    // Only when it has ended is its memory free again.
    worker.once('exit', (code) => (given === undefined ? die(`exit code ${code}`) : resolve(given)));
  });
  if (answer.type === 'failed') throw decodeError(answer.error);
  return answer.outputs;
}
