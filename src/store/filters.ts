import type { Database } from 'libsql';
import type { Cursor } from './history-table.js';

/** What every list of the history can be narrowed by. */
export interface Range {
  /** Things that began from here on, and before `toMs`; ms since 1970 UTC. */
  readonly fromMs?: number;
  readonly toMs?: number;
  /** Go on after this place. */
  readonly after?: Cursor;
  readonly limit: number;
}

/** A WHERE clause and its parameters. */
export interface Where {
  readonly sql: string;
  readonly parameters: readonly (string | number)[];
}

/**
 * A clause for equalities, lists and the range.
 * @param columns values by column; a list asks for any of its values; undefined asks for nothing
 * @param always further terms
 */
export function whereOf(
  columns: Readonly<Record<string, string | number | readonly string[] | undefined>>,
  { fromMs, toMs, after }: Range,
  ...always: readonly string[]
): Where {
  const terms = [...always];
  const parameters: (string | number)[] = [];
  const add = (term: string, ...values: readonly (string | number)[]) => {
    terms.push(term);
    parameters.push(...values);
  };
  for (const [column, value] of Object.entries(columns)) {
    if (value === undefined) continue;
    if (typeof value === 'object') add(`${column} IN (${value.map(() => '?').join(', ')})`, ...value);
    else add(`${column} = ?`, value);
  }
  if (fromMs !== undefined) add('started_ms >= ?', fromMs);
  if (toMs !== undefined) add('started_ms < ?', toMs);
  if (after !== undefined)
    add('started_ms <= ? AND (started_ms < ? OR seq < ?)', after.startedMs, after.startedMs, after.seq);
  return { sql: terms.length === 0 ? '' : `WHERE ${terms.join(' AND ')}`, parameters };
}

/** The cameras that a table has rows of, from one to the next by an index: both databases would go through all rows for DISTINCT. */
export function camerasSql(table: 'tracks' | 'events'): string {
  return `WITH RECURSIVE known AS (SELECT min(camera) AS camera FROM ${table}
    UNION ALL SELECT (SELECT min(camera) FROM ${table} WHERE camera > known.camera) FROM known WHERE known.camera IS NOT NULL)
    SELECT camera FROM known WHERE camera IS NOT NULL`;
}

/** What {@link camerasSql} finds in the embedded database. */
export function camerasIn(connection: Database, table: 'tracks' | 'events'): () => string[] {
  const statement = connection.prepare(camerasSql(table));
  return () => (statement.all([]) as { camera: string }[]).map(({ camera }) => camera);
}
