import type { FailureRow } from '../failure-rows.js';
import { columnsOf, whole, type Queryable } from './queryable.js';

/** The statements about failed logins. */
export function failureStatements(db: Queryable) {
  /** Of several rows of one key the last one counts. */
  async function keep(rows: readonly FailureRow[], removed: readonly string[]): Promise<void> {
    const last = [...new Map(rows.map((row) => [row.key, row])).values()];
    if (last.length > 0)
      await db.query(
        `INSERT INTO login_failures (key, count, last_ms, blocked_until_ms)
           SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[])
           ON CONFLICT (key) DO UPDATE SET count = excluded.count, last_ms = excluded.last_ms,
             blocked_until_ms = excluded.blocked_until_ms`,
        columnsOf(
          last,
          ({ key }) => key,
          ({ count }) => count,
          ({ lastMs }) => lastMs,
          ({ blockedUntilMs }) => blockedUntilMs,
        ),
      );
    if (removed.length > 0)
      await db.query('DELETE FROM login_failures WHERE key = ANY($1::text[])', [removed]);
  }

  async function forget(beforeMs: number): Promise<number> {
    return (await db.query('DELETE FROM login_failures WHERE last_ms < $1', [whole(beforeMs)])).count;
  }

  async function newest(limit: number): Promise<FailureRow[]> {
    const { rows } = await db.query<FailureRow>(
      `SELECT key, count, last_ms AS "lastMs", blocked_until_ms AS "blockedUntilMs" FROM login_failures
         ORDER BY last_ms DESC LIMIT $1`,
      [limit],
    );
    return rows;
  }

  return { keep, forget, newest };
}
