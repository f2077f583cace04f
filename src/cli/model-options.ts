import { AppError, type Log } from '../base/index.js';
import type { Environment } from '../config/index.js';
import { resolveModel } from '../catalogue/index.js';

/**
 * The detector that `--models detector=NAME|PATH` names, as a path; undefined when it names none.
 *
 * @throws {AppError} `cli/bad-model-option`, and what {@link resolveModel} throws
 */
export async function detectorPath(
  models: readonly string[] | undefined,
  { env, log }: { readonly env: Environment; readonly log: Log },
): Promise<string | undefined> {
  for (const entry of models ?? []) {
    const [task, named] = entry.split(/=(.*)/s);
    if (task !== 'detector' || named === undefined || named === '') {
      throw new AppError(
        'cli/bad-model-option',
        'input',
        `--models ${entry}: expected detector=PATH, or detector=NAME of sightline models list`,
      );
    }
    return resolveModel(named, { task: 'detect', env, log });
  }
  return undefined;
}
