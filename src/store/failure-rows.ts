import type { Database } from 'libsql';

/** Failed logins under one key, as kept. Times are wall time, ms since 1970 UTC: they outlive a restart. */
export interface FailureRow {
  /** A hash: names typed at a login may be passwords in the wrong field. */
  readonly key: string;
  readonly count: number;
  readonly lastMs: number;
  readonly blockedUntilMs: number;
}

/** The statements about failed logins. */
export function failureStatements(connection: Database) {
  const put = connection.prepare(
    `INSERT INTO login_failures (key, count, last_ms, blocked_until_ms) VALUES (?, ?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET count = excluded.count, last_ms = excluded.last_ms, blocked_until_ms = excluded.blocked_until_ms`,
  );
  const remove = connection.prepare('DELETE FROM login_failures WHERE key = ?');
  const forget = connection.prepare('DELETE FROM login_failures WHERE last_ms < ?');
  const newest = connection.prepare(
    `SELECT key, count, last_ms AS lastMs, blocked_until_ms AS blockedUntilMs FROM login_failures
     ORDER BY last_ms DESC LIMIT ?`,
  );
  return {
    keep: (rows: readonly FailureRow[], removed: readonly string[]): void => {
      for (const { key, count, lastMs, blockedUntilMs } of rows)
        put.run([key, count, lastMs, blockedUntilMs]);
      for (const key of removed) remove.run([key]);
    },
    /** Deletes those whose last failure is older than a time. */
    forget: (beforeMs: number): number => forget.run([beforeMs]).changes,
    newest: (limit: number) => newest.all([limit]) as FailureRow[],
  };
}
