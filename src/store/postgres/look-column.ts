import { messageOf, type Log } from '../../base/index.js';
import { numbersOf, written } from './look-twin.js';
import type { Queryable } from './queryable.js';

/** How it is kept what tracks look like: `vector` of pgvector, which the database compares, or bytes, which this process does. */
export type LookColumn = 'vector' | 'bytea';

const PAGE_ROWS = 1000;

/**
 * Sees to it that looks are kept as `vector` where the database has pgvector, or may have it, and as `bytea` where not; what was kept as
 * the other is written anew. Within a transaction.
 */
export async function settleLookColumn(db: Queryable, log: Log): Promise<LookColumn> {
  const missing = await whyNoVector(db);
  const wanted: LookColumn = missing === undefined ? 'vector' : 'bytea';
  const { rows } = await db.query<{ type: string }>(
    `SELECT format_type(atttypid, NULL) AS type FROM pg_attribute
     WHERE attrelid = 'looks'::regclass AND attname = 'embedding' AND NOT attisdropped`,
  );
  const found = rows[0]?.type;
  if (found === undefined) {
    // The first start; or somebody has dropped pgvector, and the column with it.
    await db.query('DELETE FROM looks');
    await addColumn(db, wanted);
  } else if (!found.endsWith(wanted)) {
    await rewrite(db, wanted);
    log.info({ column: wanted }, 'how tracks look has been written anew for the database to compare it');
  }
  log.info(
    { column: wanted, ...(missing === undefined ? {} : { reason: missing }) },
    wanted === 'vector'
      ? 'pgvector is installed: the database compares how tracks look'
      : 'pgvector is not installed: this process compares how tracks look, which is slower with many',
  );
  return wanted;
}

/** Why looks cannot be kept as `vector`; undefined: they can, the extension is there now. Within a transaction. */
export async function whyNoVector(db: Queryable): Promise<string | undefined> {
  const installed = await db.query("SELECT 1 FROM pg_extension WHERE extname = 'vector'");
  if (installed.count > 0) return undefined;
  const available = await db.query("SELECT 1 FROM pg_available_extensions WHERE name = 'vector'");
  if (available.count === 0) return 'the PostgreSQL server does not have it';
  await db.query('SAVEPOINT extension');
  try {
    await db.query('CREATE EXTENSION vector');
    await db.query('RELEASE SAVEPOINT extension');
    return undefined;
  } catch (error) {
    await db.query('ROLLBACK TO SAVEPOINT extension');
    return `it may not be created (${messageOf(error)}): run CREATE EXTENSION vector as an administrator of the database`;
  }
}

async function rewrite(db: Queryable, wanted: LookColumn): Promise<void> {
  await db.query(`ALTER TABLE looks RENAME COLUMN embedding TO other`);
  await addColumn(db, wanted);
  for (let afterId = 0; ;) {
    const { rows } = await db.query<{ id: number; other: Buffer | string }>(
      `SELECT id, other FROM looks WHERE id > $1 ORDER BY id LIMIT ${PAGE_ROWS}`,
      [afterId],
    );
    await db.query(
      `UPDATE looks SET embedding = n.embedding::${wanted} FROM unnest($1::bigint[], $2::${wanted === 'vector' ? 'text' : 'bytea'}[]) AS n (id, embedding)
       WHERE looks.id = n.id`,
      [rows.map(({ id }) => id), rows.map(({ other }) => written(numbersOf(other), wanted))],
    );
    if (rows.length < PAGE_ROWS) break;
    afterId = rows.at(-1)!.id;
  }
  await db.query('ALTER TABLE looks DROP COLUMN other');
}

async function addColumn(db: Queryable, type: LookColumn): Promise<void> {
  await db.query(`ALTER TABLE looks ADD COLUMN embedding ${type}`);
  // Within its row, if it fits at all: a search reads all of them.
  await db.query('ALTER TABLE looks ALTER COLUMN embedding SET STORAGE MAIN');
}
