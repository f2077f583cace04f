import { createHash } from 'node:crypto';
import type { Database } from 'libsql';
import { AppError } from '../base/index.js';
import { HISTORY_SCHEMA } from './history-schema.js';
import { ACCESS_SCHEMA } from './access-schema.js';
import { RECORDINGS_SCHEMA } from './segment-table.js';
import { PICTURES_SCHEMA } from './picture-table.js';
import { READERS_SCHEMA, WEBHOOKS_SCHEMA } from './reader-table.js';

interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

/** Forward only: what has been released is never edited, only followed by another. */
const MIGRATIONS: readonly Migration[] = [
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
];

interface AppliedMigration {
  readonly version: number;
  readonly checksum: string;
}

/**
 * Brings the database to the newest schema, each step in a transaction of its own.
 *
 * @throws {AppError} `store/newer-schema` when a newer Sightline wrote it, `store/schema-mismatch` when an
 *   applied step is not the one that this version knows
 */
export function migrate(database: Database, path: string): void {
  database.exec(`CREATE TABLE IF NOT EXISTS migrations (
    version    INTEGER PRIMARY KEY,
    name       TEXT NOT NULL,
    checksum   TEXT NOT NULL,
    applied_at TEXT NOT NULL
  ) STRICT`);
  const applied = database
    .prepare('SELECT version, checksum FROM migrations ORDER BY version')
    .all([]) as AppliedMigration[];
  for (const { version, checksum } of applied) {
    const known = MIGRATIONS.find((migration) => migration.version === version);
    if (known === undefined)
      throw new AppError(
        'store/newer-schema',
        'conflict',
        `${path} has schema version ${version}, this Sightline knows up to ${MIGRATIONS.length}: run the newer Sightline, or choose another data.dir`,
      );
    if (checksum !== checksumOf(known))
      throw new AppError(
        'store/schema-mismatch',
        'conflict',
        `${path} was made with another migration ${version} (${known.name}) than this Sightline's: restore it from a backup, or choose another data.dir`,
      );
  }
  const insert = database.prepare(
    'INSERT INTO migrations (version, name, checksum, applied_at) VALUES (?, ?, ?, ?)',
  );
  for (const migration of MIGRATIONS.slice(applied.length)) {
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

function checksumOf(migration: Migration): string {
  return createHash('sha256').update(migration.sql).digest('hex').slice(0, 16);
}
