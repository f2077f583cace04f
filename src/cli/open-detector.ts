import { availableParallelism } from 'node:os';
import type { Log } from '../base/index.js';
import type { Environment } from '../config/index.js';
import { ensureDefaultDetector, InferencePool, type MaskHeadSource } from '../inference/index.js';
import { namedModels } from './model-options.js';

/**
 * Opens the detector and the follower that `--models` names, else the default ones, with a worker per core.
 *
 * @param models `detector=NAME|PATH` and `follower=NAME|DIR` entries
 * @param follows whether a follower is opened too
 * @param maskHead what makes masks; none are made when absent
 * @throws {AppError} `cli/bad-model-option`, `model/*`
 */
export async function openDetector(
  models: readonly string[] | undefined,
  {
    env,
    log,
    follows,
    maskHead,
  }: {
    readonly env: Environment;
    readonly log: Log;
    readonly follows: boolean;
    readonly maskHead?: MaskHeadSource;
  },
): Promise<InferencePool> {
  const { detectorPath, follower } = await namedModels(models, { env, log });
  const modelPath = detectorPath ?? (await ensureDefaultDetector({ log, onProgress: () => undefined }));
  return InferencePool.open({
    modelPath,
    ...(follows && { follower }),
    ...(maskHead !== undefined && { maskHead }),
    workers: availableParallelism(),
    log,
  });
}
