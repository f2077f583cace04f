import { AppError, type Log } from '../base/index.js';
import type { Environment } from '../config/index.js';
import { resolveModel } from '../catalogue/index.js';
import type { FollowerSource } from '../inference/index.js';
import { followerSource } from './follower-option.js';

/** The models that `--models` names. */
export interface NamedModels {
  /** Path of a detector; undefined for the default one. */
  readonly detectorPath: string | undefined;
  readonly follower: FollowerSource;
}

/**
 * The models that `--models detector=NAME|PATH follower=NAME|DIR` names, Sightline's own for what it does not.
 *
 * @throws {AppError} `cli/bad-model-option`, and what {@link resolveModel} and {@link followerSource} throw
 */
export async function namedModels(
  models: readonly string[] | undefined,
  { env, log }: { readonly env: Environment; readonly log: Log },
): Promise<NamedModels> {
  const named = new Map<string, string>();
  for (const entry of models ?? []) {
    const [task, name] = entry.split(/=(.*)/s);
    if ((task !== 'detector' && task !== 'follower') || name === undefined || name === '')
      throw new AppError(
        'cli/bad-model-option',
        'input',
        `--models ${entry}: expected detector=PATH or follower=DIR, or a NAME of sightline models list in their place`,
      );
    named.set(task, name);
  }
  const detector = named.get('detector');
  return {
    detectorPath:
      detector === undefined ? undefined : await resolveModel(detector, { task: 'detect', env, log }),
    follower: await followerSource(named.get('follower'), { env, log }),
  };
}
