import { checksumOf, migrationsToMake, type AppliedMigration } from '../migration-check.js';
import type { Session } from './connection.js';
import { POSTGRES_MIGRATIONS } from './schema.js';

/**
 * Brings the database to the newest schema, each step in a transaction of its own. Whoever calls holds the writer's lock.
 *
 * @throws {AppError} `store/newer-schema`, `store/schema-mismatch`
 */
export async function migratePostgres(session: Session): Promise<void> {
  await session.query(`CREATE TABLE IF NOT EXISTS migrations (
    version    integer PRIMARY KEY,
    name       text NOT NULL,
    checksum   text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
  )`);
  const { rows } = await session.query<AppliedMigration>(
    'SELECT version, checksum FROM migrations ORDER BY version',
  );
  const place = 'the database of data.postgres';
  for (const migration of migrationsToMake(POSTGRES_MIGRATIONS, rows, place, 'data.postgres'))
    await inTransaction(session, async () => {
      await session.script(migration.sql);
      await session.query('INSERT INTO migrations (version, name, checksum) VALUES ($1, $2, $3)', [
        ...[migration.version, migration.name, checksumOf(migration)],
      ]);
    });
}

/** Commits what the work does, or nothing of it. */
export async function inTransaction<Result>(session: Session, work: () => Promise<Result>): Promise<Result> {
  await session.script('BEGIN READ WRITE');
  try {
    const result = await work();
    await session.script('COMMIT');
    return result;
  } catch (error) {
    if (!session.isOver) await session.script('ROLLBACK');
    throw error;
  }
}
