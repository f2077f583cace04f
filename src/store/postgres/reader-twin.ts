import type { ReaderRow } from '../reader-table.js';
import type { Queryable } from './queryable.js';
import type { TwinOf } from './twin.js';

/** The places of readers in the journal. */
export function readerTwin(db: Queryable): TwinOf<'readers'> {
  return {
    writes: {
      async keep(kind, ids, newestSeq) {
        await db.query('DELETE FROM readers WHERE kind = $1 AND id <> ALL($2)', [kind, ids]);
        await db.query(
          'INSERT INTO readers (kind, id, cursor) SELECT $1::text, unnest($2::text[]), $3::bigint ON CONFLICT DO NOTHING',
          [kind, ids, newestSeq],
        );
        const { rows } = await db.query<ReaderRow>(
          'SELECT id, cursor, gone_as AS "goneAs" FROM readers WHERE kind = $1 ORDER BY id COLLATE "C"',
          [kind],
        );
        return rows;
      },
      async move(kind, id, cursor) {
        await db.query('UPDATE readers SET cursor = $1, gone_as = NULL WHERE kind = $2 AND id = $3', [
          ...[cursor, kind, id],
        ]);
      },
      async setGone(kind, id, fingerprint) {
        await db.query('UPDATE readers SET gone_as = $1 WHERE kind = $2 AND id = $3', [
          ...[fingerprint, kind, id],
        ]);
      },
    },
    reads: {},
  };
}
