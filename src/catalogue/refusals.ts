import path from 'node:path';
import { AppError } from '../base/index.js';
import type { CatalogueEntry, ModelFile } from './catalogue-schema.js';
import type { ModelPlaces } from './places.js';

/** What to do without a network, in words: the file, where it is, its hash, and where to put it. */
export function byHand(file: ModelFile, { offlineDir, downloadDir }: ModelPlaces): string {
  const [address] = file.urls;
  const where = offlineDir ?? downloadDir;
  const bring = address === undefined ? `Bring the file by hand` : `By hand: fetch ${address}`;
  return (
    `${bring}, check that its SHA-256 is ${file.sha256 ?? 'as its publisher says'}, and put it at ` +
    `${path.join(where, file.file)}${offlineDir === undefined ? ', or into a folder that SIGHTLINE_MODEL_DIR names' : ''}.`
  );
}

/**
 * The hash that a file must have.
 *
 * @throws {AppError} `model/hash-unknown`: what cannot be checked is neither fetched nor used by name
 */
export function requireHash(entry: CatalogueEntry, file: ModelFile, { downloadDir }: ModelPlaces): string {
  if (file.sha256 !== null) return file.sha256;
  const [address] = file.urls;
  throw new AppError(
    'model/hash-unknown',
    'unavailable',
    `${entry.name}: the catalogue has no SHA-256 of ${file.file}, so a download could not be checked. ` +
      `If you trust it, fetch ${address ?? entry.origin} yourself and name the file: ` +
      `--models detector=${path.join(downloadDir, file.file)}`,
  );
}

/** The error for a file whose content is not what the catalogue says. */
export function damaged(
  entry: CatalogueEntry,
  file: ModelFile,
  found: string,
  places: ModelPlaces,
): AppError {
  const isOffline = places.offlineDir !== undefined && path.dirname(found) === places.offlineDir;
  return new AppError(
    'model/hash-mismatch',
    'unavailable',
    `${entry.name}: ${found} is damaged or another file: its SHA-256 is not ${file.sha256 ?? 'known'}. ` +
      (isOffline ? 'Remove or replace it.' : `Fetch it again: sightline models pull ${entry.name}`),
  );
}
