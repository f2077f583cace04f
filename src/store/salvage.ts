import type { Database } from 'libsql';
import { isDamage } from './damage.js';

/** Row ids that are copied in one statement, where nothing is damaged. */
const RANGE_ROWS = 16_384;

/** What came of a table. */
export interface SalvagedTable {
  readonly table: string;
  readonly copied: number;
  /**
   * Row ids that lead to nothing readable, at most so many rows: ids that were never used, between those of a damaged page, count as well. Undefined
   * where rows are missing and nothing says how many.
   */
  readonly unread: number | undefined;
}

/**
 * Copies every table from the attached database `damaged` to the same table of `main`, row by row where pages of it cannot be read: a range
 * of row ids that fails is halved until what fails is a single row. Rows below a damaged inner page are lost with it. Columns that only one
 * of them has are left out; triggers of `main` are to be away meanwhile.
 *
 * @param connection not in a transaction: one in which a statement has met a damaged page cannot be committed
 * @param onTable called before each table
 */
export function salvageTables(connection: Database, onTable: (table: string) => void): SalvagedTable[] {
  const tables = connection
    .prepare(
      `SELECT name, wr FROM pragma_table_list
       WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'migrations' ORDER BY name`,
    )
    .all([]) as { name: string; wr: number }[];
  return tables.map(({ name, wr }) => {
    onTable(name);
    const columns = sharedColumns(connection, name);
    if (columns.length === 0) return { table: name, copied: 0, unread: 0 };
    const into = `INTO main.${name} (${columns.join(', ')}) SELECT ${columns.join(', ')} FROM damaged.${name}`;
    return {
      table: name,
      ...(wr === 1 ? copyByKey(connection, name, into) : copyById(connection, name, into)),
    };
  });
}

type Copied = Pick<SalvagedTable, 'copied' | 'unread'>;

function copyById(connection: Database, table: string, into: string): Copied {
  // What a migration has put there, such as the anchor of the audit log, gives way to what it has become.
  const isEmpty = connection.prepare(`SELECT 1 FROM main.${table} LIMIT 1`).get([]) === undefined;
  const insert = isEmpty ? 'INSERT' : 'INSERT OR REPLACE';
  const copy = connection.prepare(`${insert} ${into} NOT INDEXED WHERE rowid > ? AND rowid <= ?`);
  // A range also looks at the rows beside it, which may be those that are damaged.
  const copyOne = connection.prepare(`${insert} ${into} NOT INDEXED WHERE rowid = ?`);
  const { first, last } = idsOf(connection, table);
  let [copied, unread] = [0, 0];
  /** Ranges (from, to] that are still to be copied, the first one last. */
  const ranges: [from: number, to: number][] = [];
  for (let to = last; to > first; to -= RANGE_ROWS) ranges.push([Math.max(first, to - RANGE_ROWS), to]);
  for (let range = ranges.pop(); range !== undefined; range = ranges.pop()) {
    const [from, to] = range;
    try {
      copied += (to - from === 1 ? copyOne.run([to]) : copy.run([from, to])).changes;
    } catch (error) {
      if (!isDamage(error)) throw error;
      if (to - from === 1) {
        unread++;
        continue;
      }
      const middle = Math.floor((from + to) / 2);
      ranges.push([middle, to], [from, middle]);
    }
  }
  return { copied, unread };
}

/** The ids between which all rows are: the first is below them. */
function idsOf(connection: Database, table: string): { first: number; last: number } {
  const idOf = (end: 'min' | 'max') =>
    connection.prepare(`SELECT ${end}(rowid) AS id FROM damaged.${table} NOT INDEXED`).get([]) as {
      id: number | null;
    };
  const first = tried(() => (idOf('min').id ?? 1) - 1) ?? 0;
  const last = tried(() => idOf('max').id ?? 0);
  if (last !== undefined) return { first, last };
  // The last page is damaged, and with it all that is behind the rows before it: every question behind those fails.
  const isReadable = connection.prepare(`SELECT 1 FROM damaged.${table} NOT INDEXED WHERE rowid > ? LIMIT 1`);
  let step = 1;
  while (tried(() => isReadable.get([first + step]) ?? true) !== undefined) step *= 2;
  return { first, last: first + step };
}

/** Without row ids: from both ends as far as it goes, in the order of the key, so that no index is read instead. */
function copyByKey(connection: Database, table: string, into: string): Copied {
  const key = connection
    .prepare('SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk')
    .all([table]);
  const names = (key as { name: string }[]).map(({ name }) => name);
  const inOrder = (order: 'ASC' | 'DESC') => `ORDER BY ${names.map((name) => `${name} ${order}`).join(', ')}`;
  const whole = tried(() => connection.prepare(`INSERT ${into} ${inOrder('ASC')}`).run([]).changes);
  if (whole !== undefined) return { copied: whole, unread: 0 };
  let copied = 0;
  for (const [order, beyond] of [
    ['ASC', '>'],
    ['DESC', '<'],
  ] as const) {
    const next = (where: string) => ({
      find: connection.prepare(
        `SELECT ${names.join(', ')} FROM damaged.${table} ${where} ${inOrder(order)} LIMIT 1`,
      ),
      // Both ways may come as far.
      copy: connection.prepare(`INSERT OR IGNORE ${into} ${where} ${inOrder(order)} LIMIT 1`),
    });
    let { find, copy } = next('');
    let place: unknown[] = [];
    for (;;) {
      const row = tried(() => find.get(place)) as Record<string, unknown> | undefined;
      if (row === undefined) break;
      copied += tried(() => copy.run(place).changes) ?? 0;
      if (place.length === 0)
        ({ find, copy } = next(`WHERE (${names.join(', ')}) ${beyond} (${names.map(() => '?').join(', ')})`));
      place = names.map((name) => row[name]);
    }
  }
  return { copied, unread: undefined };
}

function sharedColumns(connection: Database, table: string): string[] {
  const columns = connection
    .prepare(
      `SELECT name FROM pragma_table_info(?, 'main') WHERE name IN (SELECT name FROM pragma_table_info(?, 'damaged'))`,
    )
    .all([table, table]) as { name: string }[];
  return columns.map(({ name }) => name);
}

/** What is asked; undefined where a damaged page is in the way. */
function tried<Result>(ask: () => Result): Result | undefined {
  try {
    return ask();
  } catch (error) {
    if (!isDamage(error)) throw error;
    return undefined;
  }
}
