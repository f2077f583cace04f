import type { CatalogueEntry } from './catalogue-schema.js';
import { locateFile, type HashOfFile, type Located, type ModelPlaces } from './places.js';

/** Whether a model can be used by name as it is; `built in` needs no file, `unverifiable` has no hash to be checked by. */
export type Presence = 'built in' | 'yes' | 'no' | 'damaged' | 'unverifiable';

/**
 * Looks for every file of a model and compares hashes.
 * @param hashOf see {@link locateFile}
 */
export async function presenceOf(
  entry: CatalogueEntry,
  places: ModelPlaces,
  hashOf?: HashOfFile,
): Promise<{ readonly presence: Presence; readonly files: readonly Located[] }> {
  const files = await Promise.all(entry.files.map((file) => locateFile(file, places, hashOf)));
  return { presence: summaryOf(entry, files), files };
}

function summaryOf(entry: CatalogueEntry, files: readonly Located[]): Presence {
  if (entry.convertedFrom !== undefined) return 'built in';
  if (entry.files.some(({ sha256 }) => sha256 === null)) return 'unverifiable';
  if (files.some(({ state }) => state === 'damaged')) return 'damaged';
  return files.every(({ state }) => state === 'here') ? 'yes' : 'no';
}
