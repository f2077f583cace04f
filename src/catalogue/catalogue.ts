import { AppError, messageOf } from '../base/index.js';
import { nearestName, parseYaml } from '../config/index.js';
import { catalogueSchema, type CatalogueEntry } from './catalogue-schema.js';

/** The models of `models/catalog.yaml`, by name. */
export type Catalogue = ReadonlyMap<string, CatalogueEntry>;

/**
 * Reads the text of a catalogue.
 *
 * @throws {AppError} `model/catalogue-invalid`, naming `file` and what is wrong
 */
export function parseCatalogue(text: string, file: string): Catalogue {
  let written: unknown;
  try {
    written = parseYaml(text);
  } catch (error) {
    throw invalid(`${file}:${messageOf(error)}`, error);
  }
  const result = catalogueSchema.safeParse(written);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw invalid(`${file}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`, result.error);
  }
  return new Map(Object.entries(result.data.models).map(([name, entry]) => [name, { ...entry, name }]));
}

/** @throws {AppError} `model/not-found`, with the nearest name there is */
export function findModel(catalogue: Catalogue, name: string): CatalogueEntry {
  const entry = catalogue.get(name);
  if (entry !== undefined) return entry;
  const nearest = nearestName(name, [...catalogue.keys()]);
  throw new AppError(
    'model/not-found',
    'not-found',
    `${name}: the catalogue has no such model${nearest === undefined ? '' : `; did you mean ${nearest}?`} ` +
      '(sightline models list names them all)',
  );
}

function invalid(what: string, cause: unknown): AppError {
  return new AppError('model/catalogue-invalid', 'internal', `The catalogue of models is wrong: ${what}`, {
    cause,
  });
}
