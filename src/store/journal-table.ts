import { historyKeeper } from './history-table.js';
import type { StoreThreadData } from './messages.js';
import type { StoreDatabase } from './store-database.js';

/** One message to be numbered and kept; `body` is the message as JSON, without `seq`. */
export interface JournalRow {
  readonly camera: string;
  readonly type: string;
  readonly body: string;
  /** Of a track with its end; see `events/track-path.ts`. */
  readonly path?: Uint8Array;
}

/** Where the journal stands. */
export interface JournalState {
  readonly lastSeq: number;
  /** `lastSeq + 1` when nothing is kept. */
  readonly firstSeq: number;
  /** Database and write-ahead log on disk. */
  readonly bytes: number;
}

/** The journal's rows. What they say of tracks and events is kept in the history with them. */
export function journalTable(database: StoreDatabase, { retentionCount }: StoreThreadData) {
  const { connection } = database;
  const keepHistory = historyKeeper(database);
  const insert = connection.prepare('INSERT INTO journal (seq, camera, type, body) VALUES (?, ?, ?, ?)');
  const prune = connection.prepare('DELETE FROM journal WHERE seq < ?');
  const select = connection.prepare('SELECT seq, body FROM journal WHERE seq > ? ORDER BY seq LIMIT ?');
  // Asked each time, not kept: a number that a failed commit took must be given again.
  const ends = connection.prepare(
    `SELECT (SELECT seq FROM sqlite_sequence WHERE name = 'journal') AS last,
            (SELECT min(seq) FROM journal) AS first`,
  );

  return {
    writes: {
      /**
       * Numbers and commits all rows or none. Rows beyond the retention go in the same transaction, so that each batch deletes
       * no more than about what it adds.
       *
       * @returns the first row's number, the others follow without a gap; and where the journal stands then
       */
      append(rows: readonly JournalRow[]): { firstOfBatch: number; state: JournalState } {
        const { last, first } = ends.get([]) as { last: number | null; first: number | null };
        const firstOfBatch = (last ?? 0) + 1;
        const lastSeq = firstOfBatch + rows.length - 1;
        const keptFrom = first ?? firstOfBatch;
        const firstSeq = Math.max(keptFrom, lastSeq - retentionCount + 1);
        rows.forEach((row, index) => {
          insert.run([firstOfBatch + index, row.camera, row.type, row.body]);
          keepHistory(firstOfBatch + index, row);
        });
        if (firstSeq > keptFrom) prune.run([firstSeq]);
        return { firstOfBatch, state: { lastSeq, firstSeq, bytes: database.bytes } };
      },
    },
    reads: {
      /** The rows after `afterSeq`, oldest first. */
      after(afterSeq: number, limit: number): { seq: number; body: string }[] {
        const rows = select.all([afterSeq, limit]) as { seq: number; body: string }[];
        return rows.map(({ seq, body }) => ({ seq, body }));
      },
    },
  };
}
