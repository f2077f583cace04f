import { camerasSql, type Range } from '../filters.js';
import type { Queryable } from './queryable.js';

/** A WHERE clause that grows, and its parameters. */
export class Filter {
  readonly #terms: string[];
  readonly values: unknown[] = [];

  /** @param terms that have no parameters */
  constructor(...terms: readonly string[]) {
    this.#terms = [...terms];
  }

  get sql(): string {
    return this.#terms.length === 0 ? '' : `WHERE ${this.#terms.join(' AND ')}`;
  }

  /** @param term in which each `?` stands for one of the values */
  add(term: string, ...values: readonly unknown[]): this {
    let at = this.values.length;
    this.#terms.push(term.replace(/\?/g, () => `$${++at}`));
    this.values.push(...values);
    return this;
  }

  /** @param columns values by column; a list asks for any of its values; undefined asks for nothing */
  equal(columns: Readonly<Record<string, string | number | readonly string[] | undefined>>): this {
    for (const [column, value] of Object.entries(columns)) {
      if (value === undefined) continue;
      if (typeof value !== 'object') this.add(`${column} = ?`, value);
      else if (value.length === 1) this.add(`${column} = ?`, value[0]);
      else this.add(`${column} = ANY(?)`, value);
    }
    return this;
  }

  /** What began within a range, and behind a place. */
  within({ fromMs, toMs, after }: Range): this {
    if (fromMs !== undefined) this.add('started_ms >= ?', fromMs);
    if (toMs !== undefined) this.add('started_ms < ?', toMs);
    if (after !== undefined) this.add('(started_ms, seq) < (?, ?)', after.startedMs, after.seq);
    return this;
  }
}

/** The cameras that a table has rows of. */
export async function camerasIn(db: Queryable, table: 'tracks' | 'events'): Promise<string[]> {
  const { rows } = await db.query<{ camera: string }>(camerasSql(table));
  return rows.map(({ camera }) => camera);
}
