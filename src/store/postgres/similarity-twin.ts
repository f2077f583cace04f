import { groupLooks } from '../group-looks.js';
import type { LookColumn } from './look-column.js';
import { filterOf, nearestLooks, numbersOf } from './look-twin.js';
import type { Queryable } from './queryable.js';
import type { TwinOf } from './twin.js';

/** Looks that are grouped: some 20 ms of the control thread. */
const GROUPED_MAX = 500;

/** Searches among looks: the database compares them where it can, else this process, one by one. */
export function similarityTwin(db: Queryable, column: () => LookColumn): TwinOf<'similarity'> {
  return {
    writes: {},
    reads: {
      /** There is nothing to read into memory. */
      load: async () =>
        Number(
          (await db.query<{ count: number }>('SELECT count(*) AS count FROM looks')).rows[0]?.count ?? 0,
        ),
      nearest: (query) => nearestLooks(db, column(), query),
      async groups(filter, likeness) {
        const newest = await db.query<{ model: string }>('SELECT model FROM looks ORDER BY id DESC LIMIT 1');
        const model = newest.rows[0]?.model;
        if (model === undefined) return { looked: 0, isCut: false, groups: [] };
        const asked = filterOf(model, filter);
        const { rows } = await db.query<{ track: string; embedding: Buffer | string }>(
          `SELECT track, embedding FROM looks ${asked.sql} ORDER BY seen_ms DESC LIMIT ${GROUPED_MAX}`,
          asked.values,
        );
        const found = rows.map(({ track, embedding }) => ({ track, embedding: numbersOf(embedding) }));
        return {
          looked: found.length,
          isCut: found.length === GROUPED_MAX,
          groups: groupLooks(found, likeness),
        };
      },
    },
  };
}
