import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { AppError, type Log } from '../base/index.js';
import { ensureDefaultDetector, InferencePool } from '../inference/index.js';

/**
 * Opens the detector that `--models` names, else the default one, with a worker per core.
 *
 * @param models `detector=PATH` entries
 * @throws {AppError} `cli/bad-model-option`, `model/*`
 */
export async function openDetector(models: readonly string[] | undefined, log: Log): Promise<InferencePool> {
  const modelPath =
    detectorPath(models) ?? (await ensureDefaultDetector({ log, onProgress: () => undefined }));
  return InferencePool.open({ modelPath, workers: availableParallelism(), log });
}

function detectorPath(models: readonly string[] | undefined): string | undefined {
  for (const entry of models ?? []) {
    const [task, file] = entry.split(/=(.*)/s);
    if (task !== 'detector' || file === undefined || file === '') {
      throw new AppError('cli/bad-model-option', 'input', `--models ${entry}: expected detector=PATH`);
    }
    if (!existsSync(file)) throw new AppError('model/not-found', 'input', `--models ${entry}: no such file`);
    return file;
  }
  return undefined;
}
