import type { Database } from 'libsql';
import { VERDICTS_SCHEMA } from './event-rows.js';
import { HISTORY_AGES_SCHEMA, HISTORY_SCHEMA, TRACK_COLOUR_SCHEMA } from './history-schema.js';
import { ACCESS_SCHEMA, SIGN_IN_SCHEMA, WALL_LAYOUTS_SCHEMA } from './access-schema.js';
import { RECORDINGS_SCHEMA } from './segment-table.js';
import { PICTURES_SCHEMA } from './picture-table.js';
import { CLASSIFIERS_SCHEMA } from './classifier-table.js';
import { LOOKS_IN_ORDER_SCHEMA } from './similarity-table.js';
import { TEXTS_SCHEMA } from './text-table.js';
import { TRACK_ZONES_SCHEMA } from './track-zones.js';
import { READERS_SCHEMA, WEBHOOKS_SCHEMA } from './reader-table.js';
import { checksumOf, migrationsToMake, type AppliedMigration, type Migration } from './migration-check.js';

/** Forward only: what has been released is never edited, only followed by another. */
export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    name: 'journal',
    // AUTOINCREMENT, so that a number does not return even when the newest rows have been deleted.
    sql: `CREATE TABLE journal (
      seq    INTEGER PRIMARY KEY AUTOINCREMENT,
      camera TEXT NOT NULL,
      type   TEXT NOT NULL,
      body   TEXT NOT NULL
    ) STRICT`,
  },
  { version: 2, name: 'history', sql: HISTORY_SCHEMA },
  { version: 3, name: 'access', sql: ACCESS_SCHEMA },
  { version: 4, name: 'recordings', sql: RECORDINGS_SCHEMA },
  { version: 5, name: 'webhooks', sql: WEBHOOKS_SCHEMA },
  { version: 6, name: 'pictures', sql: PICTURES_SCHEMA },
  { version: 7, name: 'readers', sql: READERS_SCHEMA },
  { version: 8, name: 'sign-in', sql: SIGN_IN_SCHEMA },
  { version: 9, name: 'classifiers', sql: CLASSIFIERS_SCHEMA },
  { version: 10, name: 'looks-in-order', sql: LOOKS_IN_ORDER_SCHEMA },
  { version: 11, name: 'texts', sql: TEXTS_SCHEMA },
  { version: 12, name: 'verdicts', sql: VERDICTS_SCHEMA },
  { version: 13, name: 'history-ages', sql: HISTORY_AGES_SCHEMA },
  { version: 14, name: 'track-traits', sql: `${TRACK_ZONES_SCHEMA};\n${TRACK_COLOUR_SCHEMA}` },
  { version: 15, name: 'wall-layouts', sql: WALL_LAYOUTS_SCHEMA },
];

/**
 * Brings the database to the newest schema, each step in a transaction of its own.
 *
 * @param migrations all of them, or the first ones: an older version's
 * @throws {AppError} `store/newer-schema` when a newer Sightline wrote it, `store/schema-mismatch` when an
 *   applied step is not the one that this version knows
 */
export function migrate(database: Database, path: string, migrations = MIGRATIONS): void {
  database.exec(`CREATE TABLE IF NOT EXISTS migrations (
    version    INTEGER PRIMARY KEY,
    name       TEXT NOT NULL,
    checksum   TEXT NOT NULL,
    applied_at TEXT NOT NULL
  ) STRICT`);
  const applied = database
    .prepare('SELECT version, checksum FROM migrations ORDER BY version')
    .all([]) as AppliedMigration[];
  const insert = database.prepare(
    'INSERT INTO migrations (version, name, checksum, applied_at) VALUES (?, ?, ?, ?)',
  );
  for (const migration of migrationsToMake(migrations, applied, path, 'data.dir')) {
    database.exec('BEGIN IMMEDIATE');
    try {
      database.exec(migration.sql);
      insert.run([migration.version, migration.name, checksumOf(migration), new Date().toISOString()]);
      database.exec('COMMIT');
    } catch (error) {
      database.exec('ROLLBACK');
      throw error;
    }
  }
}
