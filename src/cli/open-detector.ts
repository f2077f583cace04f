import { availableParallelism } from 'node:os';
import type { Log } from '../base/index.js';
import type { Environment } from '../config/index.js';
import { ensureDefaultDetector, InferencePool } from '../inference/index.js';
import { detectorPath } from './model-options.js';

/**
 * Opens the detector that `--models` names, else the default one, with a worker per core.
 *
 * @param models `detector=NAME|PATH` entries
 * @throws {AppError} `cli/bad-model-option`, `model/*`
 */
export async function openDetector(
  models: readonly string[] | undefined,
  { env, log }: { readonly env: Environment; readonly log: Log },
): Promise<InferencePool> {
  const modelPath =
    (await detectorPath(models, { env, log })) ??
    (await ensureDefaultDetector({ log, onProgress: () => undefined }));
  return InferencePool.open({ modelPath, workers: availableParallelism(), log });
}
