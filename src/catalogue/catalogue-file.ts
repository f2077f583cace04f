import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { AppError, messageOf } from '../base/index.js';
import { parseCatalogue, type Catalogue } from './catalogue.js';

/** Holds from `src/catalogue/` and from `dist/catalogue/` alike. */
const CATALOGUE_FILE = fileURLToPath(new URL('../../models/catalog.yaml', import.meta.url));

/** @throws {AppError} `model/catalogue-invalid` */
export async function readCatalogue(): Promise<Catalogue> {
  try {
    return parseCatalogue(await readFile(CATALOGUE_FILE, 'utf8'), CATALOGUE_FILE);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError(
      'model/catalogue-invalid',
      'internal',
      `The catalogue of models cannot be read: ${messageOf(error)}`,
      { cause: error },
    );
  }
}
