import { AppError, sleep, type Clock } from '../../base/index.js';
import type { Session } from './connection.js';

/** First half of the advisory lock's key; the second one is the schema. */
const LOCK_CLASS = 0x53696768; // "Sigh"
const RETRY_MS = 100;
/** How long the connection of a server that was killed may take to end. */
const FIRST_PATIENCE_MS = 3000;
const PATIENCE_MS = 5000;
const VERSION_MIN = 130_000;

/**
 * Finds out whether the database can be written to, and sets what must not be otherwise.
 *
 * @throws {AppError} `store/unusable`
 * @throws {Error} where that may pass: a standby may become the primary
 */
export async function settleSession(session: Session, instance: string): Promise<void> {
  const { rows } = await session.query<Facts>(
    `SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding,
       current_schema() AS schema, pg_is_in_recovery() AS "isStandby", current_setting('synchronous_commit') AS commit`,
  );
  const { version, encoding, schema, isStandby, commit } = rows[0]!;
  const refuse = (why: string, cure: string) =>
    new AppError('store/unusable', 'unavailable', `the database of data.postgres ${why}: ${cure}`);
  if (version < VERSION_MIN)
    throw refuse(`is of PostgreSQL ${Math.floor(version / 10_000)}`, 'take 13 or newer');
  if (encoding !== 'UTF8') throw refuse(`is encoded as ${encoding}`, 'create it with ENCODING UTF8');
  if (schema === null) throw refuse('has no schema in its search_path', 'create one, or set search_path');
  if (isStandby) throw new Error('the server is a standby, which takes no writes');
  await session.script(
    [
      // A commit that is told is on the disk.
      ...(commit === 'off' ? ['SET synchronous_commit = on'] : []),
      // The lock is not to stay for hours with a server whose machine has gone.
      'SET tcp_keepalives_idle = 10',
      'SET tcp_keepalives_interval = 5',
      'SET tcp_keepalives_count = 3',
      'SET idle_in_transaction_session_timeout = 60000',
      `SET application_name = '${nameOf(instance)}'`,
    ].join(';'),
  );
}

interface Facts {
  readonly version: number;
  readonly encoding: string;
  readonly schema: string | null;
  readonly isStandby: boolean;
  readonly commit: string;
}

/** What the writer of a server is called in `pg_stat_activity`. */
function nameOf(instance: string): string {
  return `sightline writer ${instance} pid ${process.pid}`;
}

/**
 * Takes the lock that only one connection to a schema can have, for as long as this one lasts.
 *
 * @param options.isFirst false: what holds it is an earlier connection of this very server, which is ended, or another server
 * @throws {AppError} `store/locked`, when it is the first time
 * @throws {Error} later: the other one may go again
 */
export async function lockWriter(
  session: Session,
  { instance, isFirst, clock }: { instance: string; isFirst: boolean; clock: Clock },
): Promise<void> {
  const deadlineMs = clock.monotonicMs() + (isFirst ? FIRST_PATIENCE_MS : PATIENCE_MS);
  for (;;) {
    const { rows } = await session.query<{ isLocked: boolean }>(
      `SELECT pg_try_advisory_lock($1, hashtext(current_schema())) AS "isLocked"`,
      [LOCK_CLASS],
    );
    if (rows[0]!.isLocked) return;
    if (!isFirst)
      await session.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND pid <> pg_backend_pid()',
        [nameOf(instance)],
      );
    if (clock.monotonicMs() > deadlineMs) break;
    await sleep(clock, RETRY_MS);
  }
  const holder = await holderOf(session);
  const message = `the database of data.postgres is in use by another Sightline (${holder}): stop it, or give this one another database`;
  throw isFirst ? new AppError('store/locked', 'conflict', message) : new Error(message);
}

async function holderOf(session: Session): Promise<string> {
  const { rows } = await session.query<{ name: string; address: string | null; since: string }>(
    `SELECT application_name AS name, host(client_addr) AS address, backend_start::text AS since
     FROM pg_locks JOIN pg_stat_activity USING (pid)
     WHERE locktype = 'advisory' AND granted AND classid = $1::bigint::oid AND objsubid = 2
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    [LOCK_CLASS],
  );
  if (rows[0] === undefined) return 'unknown';
  const { name, address, since } = rows[0];
  return `${name || 'without a name'}${address === null ? '' : `, from ${address}`}, connected since ${since}`;
}
