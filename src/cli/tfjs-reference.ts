import { AppError, messageOf } from '../base/index.js';
import type { RawTensor, RawTensors } from '../inference/index.js';
import type { TfjsFiles } from './tfjs-files.js';

const PACKAGES = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-converter', '@tensorflow/tfjs-backend-cpu'];

/** What TF.js itself makes of a model. */
export interface TfjsReference {
  readonly version: string;
  /** The outputs of each run. */
  readonly outputs: readonly RawTensors[];
}

/**
 * Runs a model with TF.js on its CPU backend, once for each set of inputs. It is slow (seconds a run) and exact: it adds up in
 * double precision.
 *
 * @throws {AppError} `model/tfjs-missing` when TF.js, a development dependency, is not installed; `model/import-invalid` when it
 *   refuses the model
 */
export async function runTfjs(
  source: TfjsFiles,
  runs: readonly RawTensors[],
  outputNames: readonly string[],
): Promise<TfjsReference> {
  const { tf, converter } = await loadTfjs();
  // Silences its advice to install another backend.
  tf.enableProdMode();
  await tf.setBackend('cpu');
  const { shards } = source.model;
  const weights = new Uint8Array(shards).buffer;
  try {
    const model = converter.loadGraphModelSync([JSON.parse(source.json) as never, weights]);
    const outputs: RawTensors[] = [];
    for (const inputs of runs)
      tf.tidy(() => {
        const feeds = Object.fromEntries(
          Object.entries(inputs).map(([name, { data, dims, type }]) => [
            name,
            tf.tensor(data, [...dims], type === 'uint8' ? 'int32' : type),
          ]),
        );
        const made = [model.execute(feeds, [...outputNames])].flat();
        outputs.push(
          Object.fromEntries(
            made.map((tensor, index): [string, RawTensor] => [
              outputNames[index]!,
              { type: tensor.dtype as RawTensor['type'], dims: tensor.shape, data: tensor.dataSync() },
            ]),
          ),
        );
      });
    model.dispose();
    return { version: tf.version_core, outputs };
  } catch (error) {
    throw new AppError('model/import-invalid', 'input', `TF.js cannot run the model: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

async function loadTfjs() {
  try {
    const [core, converter] = await Promise.all([
      import('@tensorflow/tfjs-core'),
      import('@tensorflow/tfjs-converter'),
      import('@tensorflow/tfjs-backend-cpu'),
    ]);
    return { tf: core.default, converter: converter.default };
  } catch (error) {
    throw new AppError(
      'model/tfjs-missing',
      'unavailable',
      `--check needs TF.js, which is no part of an installation: npm install --no-save ${PACKAGES.join(' ')} (${messageOf(error)}).`,
      { cause: error },
    );
  }
}
