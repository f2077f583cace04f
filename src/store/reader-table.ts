import type { StoreDatabase } from './store-database.js';

/** Migration "webhooks": how far each receiver has come, and which wanted no more. */
export const WEBHOOKS_SCHEMA = `CREATE TABLE webhooks (
  id      TEXT PRIMARY KEY,
  cursor  INTEGER NOT NULL,
  gone_as TEXT
) STRICT`;

/** Migration "readers": the same of other readers of the journal, too. */
export const READERS_SCHEMA = `CREATE TABLE readers (
  kind    TEXT NOT NULL,
  id      TEXT NOT NULL,
  cursor  INTEGER NOT NULL,
  gone_as TEXT,
  PRIMARY KEY (kind, id)
) STRICT;
INSERT INTO readers SELECT 'webhook', id, cursor, gone_as FROM webhooks;
DROP TABLE webhooks`;

/** What reads the journal from a place of its own. */
export type ReaderKind = 'webhook' | 'mqtt';

/** How far a reader of the journal has come. */
export interface ReaderRow {
  readonly id: string;
  /** The last `seq` that was taken, or that it did not want. */
  readonly cursor: number;
  /** Fingerprint of the settings with which its receiver said that it is gone; null: it did not. */
  readonly goneAs: string | null;
}

/** The places of readers in the journal. */
export function readerTable({ connection }: StoreDatabase) {
  const insert = connection.prepare('INSERT OR IGNORE INTO readers (kind, id, cursor) VALUES (?, ?, ?)');
  const remove = connection.prepare('DELETE FROM readers WHERE kind = ? AND id = ?');
  const select = connection.prepare(
    'SELECT id, cursor, gone_as AS goneAs FROM readers WHERE kind = ? ORDER BY id',
  );
  const move = connection.prepare('UPDATE readers SET cursor = ?, gone_as = NULL WHERE kind = ? AND id = ?');
  const setGone = connection.prepare('UPDATE readers SET gone_as = ? WHERE kind = ? AND id = ?');
  const rowsOf = (kind: ReaderKind) => select.all([kind]) as ReaderRow[];

  return {
    writes: {
      /** Forgets all readers of a kind but these; those that are new begin after `newestSeq`. */
      keep(kind: ReaderKind, ids: readonly string[], newestSeq: number): ReaderRow[] {
        for (const { id } of rowsOf(kind)) if (!ids.includes(id)) remove.run([kind, id]);
        for (const id of ids) insert.run([kind, id, newestSeq]);
        return rowsOf(kind).map(({ id, cursor, goneAs }) => ({ id, cursor, goneAs }));
      },
      /** It has got everything up to `cursor`, and is not gone (any more). */
      move(kind: ReaderKind, id: string, cursor: number): void {
        move.run([cursor, kind, id]);
      },
      /** Its receiver wants no more, as long as its settings have this fingerprint. */
      setGone(kind: ReaderKind, id: string, fingerprint: string): void {
        setGone.run([fingerprint, kind, id]);
      },
    },
    reads: {},
  };
}
