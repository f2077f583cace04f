import { createHash } from 'node:crypto';
import { AppError } from '../base/index.js';

/** One step of a schema. */
export interface Migration {
  /** From 1, without gaps. */
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

/** A step as the database remembers it. */
export interface AppliedMigration {
  readonly version: number;
  readonly checksum: string;
}

/** What a step is known by later. */
export function checksumOf(migration: Migration): string {
  return createHash('sha256').update(migration.sql).digest('hex').slice(0, 16);
}

/**
 * The steps that are still to be made.
 *
 * @param applied by version
 * @param place what the database is called in errors
 * @param key of the configuration that says where it is
 * @throws {AppError} `store/newer-schema` when a newer Sightline wrote it, `store/schema-mismatch` when an
 *   applied step is not the one that this version knows
 */
export function migrationsToMake(
  migrations: readonly Migration[],
  applied: readonly AppliedMigration[],
  place: string,
  key: string,
): readonly Migration[] {
  for (const { version, checksum } of applied) {
    const known = migrations.find((migration) => migration.version === version);
    if (known === undefined)
      throw new AppError(
        'store/newer-schema',
        'conflict',
        `${place} has schema version ${version}, this Sightline knows up to ${migrations.length}: run the newer Sightline, or choose another ${key}`,
      );
    if (checksum !== checksumOf(known))
      throw new AppError(
        'store/schema-mismatch',
        'conflict',
        `${place} was made with another migration ${version} (${known.name}) than this Sightline's: restore it from a backup, or choose another ${key}`,
      );
  }
  return migrations.slice(applied.length);
}
