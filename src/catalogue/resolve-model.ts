import { statSync } from 'node:fs';
import { AppError, type Log } from '../base/index.js';
import type { Environment } from '../config/index.js';
import { defaultCacheDir, ensureDefaultDetector } from '../inference/index.js';
import { findModel } from './catalogue.js';
import { readCatalogue } from './catalogue-file.js';
import type { FileRole, ModelTask } from './catalogue-schema.js';
import { locateFile, modelPlaces } from './places.js';
import { damaged, requireHash } from './refusals.js';

/** What a model is looked up with. */
export interface ResolveOptions {
  /** What it must be able to do. */
  readonly task: ModelTask;
  /** Which of its files, for models that have several. */
  readonly role?: FileRole;
  readonly env: Environment;
  readonly log: Log;
}

/**
 * The path of a model given as a path or as a name of the catalogue; a file that exists wins over a name. A path is taken as it is.
 *
 * @throws {AppError} `model/not-found`, and what {@link pulledModel} throws
 */
export async function resolveModel(nameOrPath: string, options: ResolveOptions): Promise<string> {
  if (statSync(nameOrPath, { throwIfNoEntry: false })?.isFile() === true) return nameOrPath;
  if (/[\\/]|\.onnx$/i.test(nameOrPath))
    throw new AppError('model/not-found', 'not-found', `${nameOrPath}: no such file`);
  return pulledModel(nameOrPath, options);
}

/**
 * The path of a model of the catalogue. Fetches nothing: a name stands for a file that is on this machine, and whose hash is
 * checked here.
 *
 * @throws {AppError} `model/not-found`, `model/wrong-task`, `model/not-pulled`, `model/hash-unknown` or `model/hash-mismatch`
 */
export async function pulledModel(name: string, options: ResolveOptions): Promise<string> {
  const { task, role = 'model', env, log } = options;
  const entry = findModel(await readCatalogue(), name);
  const file = entry.files.find((one) => one.role === role);
  if (entry.task !== task || (file === undefined && entry.convertedFrom === undefined)) {
    throw new AppError(
      'model/wrong-task',
      'input',
      `${entry.name} is a model to ${entry.task}, not to ${task}: see sightline models list --task ${task}`,
    );
  }
  if (file === undefined) return ensureDefaultDetector({ cacheDir: defaultCacheDir(env), log });
  const places = modelPlaces(env);
  requireHash(entry, file, places);
  const found = await locateFile(file, places);
  if (found.state === 'here') return found.path;
  if (found.state === 'damaged') throw damaged(entry, file, found.path, places);
  throw new AppError(
    'model/not-pulled',
    'unavailable',
    `${entry.name} is not on this machine: sightline models pull ${entry.name}`,
  );
}
