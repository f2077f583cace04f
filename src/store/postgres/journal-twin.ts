import type { JournalRow } from '../journal-table.js';
import { keepEvents } from './event-statements.js';
import { columnsOf, type Queryable } from './queryable.js';
import { keepTrackClasses } from './classifier-twin.js';
import { keepTrackTexts } from './text-twin.js';
import { keepTracks } from './track-statements.js';
import type { TwinOf } from './twin.js';

/** A message with its number. */
export type NumberedRow = JournalRow & { readonly seq: number };

/** What the journal needs to know. */
export interface JournalFacts {
  /** So many of the newest messages are kept. */
  readonly retentionCount: number;
  /** Size of the database, as of not long ago. */
  readonly bytes: () => number;
}

/**
 * The journal's rows. Numbers come from a row of `writer` in the transaction of the messages: a sequence would leave a hole where a
 * transaction is rolled back.
 */
export function journalTwin(db: Queryable, { retentionCount, bytes }: JournalFacts): TwinOf<'journal'> {
  /** On opening: where it stands, also when somebody has deleted rows, and with a retention that may be a shorter one. */
  const settle = async () => {
    await db.query(
      `DELETE FROM journal WHERE seq <= (SELECT greatest(last_seq, (SELECT max(seq) FROM journal)) FROM writer) - $1::bigint`,
      [retentionCount],
    );
    const { rows } = await db.query<Ends>(
      `UPDATE writer SET last_seq = greatest(last_seq, (SELECT max(seq) FROM journal)),
         first_seq = coalesce((SELECT min(seq) FROM journal), last_seq + 1) RETURNING last_seq, first_seq`,
    );
    return rows[0]!;
  };

  return {
    writes: {
      async append(rows) {
        if (rows.length === 0) {
          const { last_seq: lastSeq, first_seq: firstSeq } = await settle();
          return { firstOfBatch: lastSeq + 1, state: { lastSeq, firstSeq, bytes: bytes() } };
        }
        const { rows: found } = await db.query<Ends>(
          `UPDATE writer SET last_seq = last_seq + $1::bigint,
             first_seq = greatest(first_seq, last_seq + $1::bigint - $2::bigint + 1) RETURNING last_seq, first_seq`,
          [rows.length, retentionCount],
        );
        const { last_seq: lastSeq, first_seq: firstSeq } = found[0]!;
        const firstOfBatch = lastSeq - rows.length + 1;
        const numbered = rows.map((row, at): NumberedRow => ({ ...row, seq: firstOfBatch + at }));
        await db.query(
          `INSERT INTO journal (seq, camera, type, body)
           SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[])`,
          columnsOf(numbered, ({ seq }) => seq, ({ camera }) => camera, ({ type }) => type, ({ body }) => body), // prettier-ignore
        );
        await keepTracks(db, numbered);
        await keepTrackClasses(db, numbered);
        await keepTrackTexts(db, numbered);
        await keepEvents(db, numbered);
        // No more than it adds: what lay further back went before.
        if (firstSeq > 1)
          await db.query('DELETE FROM journal WHERE seq >= $1 AND seq < $2', [
            firstSeq - rows.length,
            firstSeq,
          ]);
        return { firstOfBatch, state: { lastSeq, firstSeq, bytes: bytes() } };
      },
    },
    reads: {
      async after(afterSeq, limit) {
        const { rows } = await db.query<{ seq: number; body: string }>(
          'SELECT seq, body FROM journal WHERE seq > $1 ORDER BY seq LIMIT $2',
          [afterSeq, limit],
        );
        return rows;
      },
    },
  };
}

interface Ends {
  readonly last_seq: number;
  readonly first_seq: number;
}
