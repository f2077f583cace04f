import { AppError, messageOf, systemClock } from '../../base/index.js';
import type { DatabaseFacts } from '../examine-postgres.js';
import { connectionConfig, hidePasswordOf, isRefusal, Session } from './connection.js';
import { whyNoVector } from './look-column.js';
import { away, unusable } from './refusals.js';

const COMMITS = 9;

/** See `examinePostgres`. */
export async function examine(url: string): Promise<DatabaseFacts> {
  hidePasswordOf(url);
  let session: Session | undefined;
  try {
    session = await Session.open(connectionConfig(url, 'doctor'));
    const { rows } = await session.query<{ version: string; isDurable: boolean }>(
      `SELECT current_setting('server_version') AS version,
         current_setting('fsync')::boolean AND current_setting('full_page_writes')::boolean AS "isDurable"`,
    );
    const commitMs = await commitTime(session);
    await session.script('BEGIN');
    const vectorReason = await whyNoVector(session);
    await session.script('ROLLBACK');
    const usesVectors = vectorReason === undefined;
    return { ...rows[0]!, usesVectors, ...(usesVectors ? {} : { vectorReason }), commitMs };
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw isRefusal(error) ? unusable(error) : away(messageOf(error), error);
  } finally {
    await session?.close();
  }
}

/** Of a transaction that is written to the disk and leaves nothing behind but its number. */
async function commitTime(session: Session): Promise<number> {
  const tookMs: number[] = [];
  for (let i = 0; i < COMMITS; i++) {
    const startedMs = systemClock.monotonicMs();
    await session.script(
      "BEGIN; SET LOCAL synchronous_commit = on; SELECT pg_logical_emit_message(true, 'sightline', 'probe'); COMMIT",
    );
    tookMs.push(systemClock.monotonicMs() - startedMs);
  }
  return tookMs.sort((a, b) => a - b)[COMMITS >> 1]!;
}
