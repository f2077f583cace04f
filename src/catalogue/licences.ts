import { AppError } from '../base/index.js';
import type { CatalogueEntry } from './catalogue-schema.js';

/** Licences that ask for a copy of themselves and no more. */
const PERMISSIVE = new Set(['Apache-2.0', 'MIT', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC']);

/** Whether the licence leaves a user free to build what they like on the model; what is not known to is not. */
export function isPermissive(licence: string): boolean {
  return PERMISSIVE.has(licence);
}

/**
 * Checks that a model may be fetched: one whose licence binds its users only if they have named it.
 *
 * @param accepted the SPDX identifiers given to `--accept-licence`, or as `acceptLicence`
 * @throws {AppError} `model/licence-not-accepted`
 */
export function requireAcceptedLicence({ name, licence }: CatalogueEntry, accepted: readonly string[]): void {
  if (isPermissive(licence) || accepted.includes(licence)) return;
  throw new AppError(
    'model/licence-not-accepted',
    'input',
    `${name} is under ${licence}, which binds whoever uses or passes on the model. ` +
      `If that suits you: sightline models pull ${name} --accept-licence ${licence}, or "acceptLicence": "${licence}" in the request`,
  );
}
