import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Environment } from '../config/index.js';
import { defaultCacheDir } from '../inference/index.js';
import type { ModelFile } from './catalogue-schema.js';

/** The folders that files of models are looked for in. */
export interface ModelPlaces {
  /** `SIGHTLINE_MODEL_DIR`: files brought by hand. Looked in first, never written to. */
  readonly offlineDir: string | undefined;
  /** Where downloads go: `models` within the cache. */
  readonly downloadDir: string;
}

/** Where a file is. One that is `damaged` is there with another content than the catalogue says. */
export type Located =
  | { readonly state: 'here'; readonly path: string }
  | { readonly state: 'absent' }
  | { readonly state: 'damaged'; readonly path: string; readonly isOffline: boolean };

/** The folders that the environment names. */
export function modelPlaces(env: Environment): ModelPlaces {
  const offlineDir = env['SIGHTLINE_MODEL_DIR'] || undefined;
  return {
    offlineDir: offlineDir === undefined ? undefined : path.resolve(offlineDir),
    downloadDir: path.join(path.resolve(defaultCacheDir(env)), 'models'),
  };
}

/** Gives the SHA-256 of a file's content, or undefined when it cannot be read. */
export type HashOfFile = (file: string) => Promise<string | undefined>;

/**
 * Looks for a file in the offline folder, then among the downloads, and compares its hash. Nothing counts unhashed.
 * @param hashOf {@link sha256OfFile} unless given; one that remembers is for telling only, not for what is used
 */
export async function locateFile(
  file: ModelFile,
  places: ModelPlaces,
  hashOf: HashOfFile = sha256OfFile,
): Promise<Located> {
  const folders = [places.offlineDir, places.downloadDir];
  for (const folder of folders) {
    if (folder === undefined || file.sha256 === null) continue;
    const candidate = path.join(folder, file.file);
    const found = await hashOf(candidate);
    if (found === undefined) continue;
    if (found === file.sha256) return { state: 'here', path: candidate };
    return { state: 'damaged', path: candidate, isOffline: folder === places.offlineDir };
  }
  return { state: 'absent' };
}

/** The SHA-256 of a file's content, or undefined when it cannot be read. */
export async function sha256OfFile(file: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(file), hash);
  } catch {
    return undefined;
  }
  return hash.digest('hex');
}
