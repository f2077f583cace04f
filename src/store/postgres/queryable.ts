/** What came of a statement. */
export interface Answer<Row> {
  readonly rows: Row[];
  /** Rows that were changed, or found. */
  readonly count: number;
}

/** Where statements of PostgreSQL are run: within a transaction of the writer, or in any reading connection. */
export interface Queryable {
  /**
   * Runs one statement; parameters are `$1` and so on. Whole numbers and sums come as numbers, `bytea` as a Buffer.
   * @throws {Error} of `pg`
   */
  query<Row = unknown>(sql: string, values?: readonly unknown[]): Promise<Answer<Row>>;
}

/** Text as PostgreSQL can keep it: without NUL and halves of surrogate pairs. */
export function storable(text: string): string {
  return text.replace(/[\p{Surrogate}\0]/gu, '\uFFFD');
}

/** Parameters as PostgreSQL takes them. */
export function storableValue(value: unknown): unknown {
  if (typeof value === 'string') return storable(value);
  return Array.isArray(value) ? value.map(storableValue) : value;
}

/** A time that a `bigint` takes, also where it is infinite. */
export function whole(ms: number): number {
  return Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Math.floor(ms), Number.MAX_SAFE_INTEGER));
}

/** Columns of a statement over `unnest`, from rows. */
export function columnsOf<Row>(
  rows: readonly Row[],
  ...columns: readonly ((row: Row) => unknown)[]
): unknown[][] {
  return columns.map((column) => rows.map(column));
}
