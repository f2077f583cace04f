import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { AppError, type Log } from '../base/index.js';
import { resolveModel } from '../catalogue/index.js';
import type { Environment } from '../config/index.js';
import { defaultFollower, type FollowerSource } from '../inference/index.js';

/** How the two files of a pair are called; the first kind that is in a folder is taken. */
const PAIRS = [
  [/^template\.onnx$/i, /^search\.onnx$/i],
  [/backbone[^/]*\.onnx$/i, /head[^/]*\.onnx$/i],
] as const;

/**
 * The follower that `--model` names: a folder with the two files of one, or a name of the catalogue; Sightline's own without.
 *
 * @throws {AppError} `cli/bad-follower`, and what {@link resolveModel} throws
 */
export async function followerSource(
  nameOrFolder: string | undefined,
  { env, log }: { readonly env: Environment; readonly log: Log },
): Promise<FollowerSource> {
  if (nameOrFolder === undefined) return defaultFollower();
  if (statSync(nameOrFolder, { throwIfNoEntry: false })?.isDirectory() === true) return pairIn(nameOrFolder);
  const file = (role: 'backbone' | 'head') => resolveModel(nameOrFolder, { task: 'follow', role, env, log });
  return { templatePath: await file('backbone'), searchPath: await file('head') };
}

function pairIn(folder: string): FollowerSource {
  const names = readdirSync(folder).sort();
  for (const [first, second] of PAIRS) {
    const [templates, searches] = [first, second].map((pattern) =>
      names.filter((name) => pattern.test(name)),
    );
    const [template, search] = [templates![0], searches![0]];
    if (template === undefined || search === undefined) continue;
    if (templates!.length === 1 && searches!.length === 1)
      return { templatePath: path.join(folder, template), searchPath: path.join(folder, search) };
    throw new AppError(
      'cli/bad-follower',
      'input',
      `${folder} holds more than one follower (${[...templates!, ...searches!].join(', ')}): give each a folder of its own`,
    );
  }
  throw new AppError(
    'cli/bad-follower',
    'input',
    `${folder} holds no follower: template.onnx and search.onnx, or backbone and head of NanoTrack, are needed`,
  );
}
