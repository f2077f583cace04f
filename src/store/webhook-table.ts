import type { StoreDatabase } from './store-database.js';

/** Migration "webhooks": how far each receiver has come, and which wanted no more. */
export const WEBHOOKS_SCHEMA = `CREATE TABLE webhooks (
  id      TEXT PRIMARY KEY,
  cursor  INTEGER NOT NULL,
  gone_as TEXT
) STRICT`;

/** How far a webhook has come. */
export interface WebhookRow {
  readonly id: string;
  /** The last `seq` that was taken, or that it did not want. */
  readonly cursor: number;
  /** Fingerprint of the settings with which its receiver said that it is gone; null: it did not. */
  readonly goneAs: string | null;
}

/** The places of webhooks in the journal. */
export function webhookTable({ connection }: StoreDatabase) {
  const insert = connection.prepare('INSERT OR IGNORE INTO webhooks (id, cursor) VALUES (?, ?)');
  const remove = connection.prepare('DELETE FROM webhooks WHERE id = ?');
  const select = connection.prepare('SELECT id, cursor, gone_as AS goneAs FROM webhooks ORDER BY id');
  const move = connection.prepare('UPDATE webhooks SET cursor = ?, gone_as = NULL WHERE id = ?');
  const setGone = connection.prepare('UPDATE webhooks SET gone_as = ? WHERE id = ?');
  const rowsOf = () => select.all([]) as WebhookRow[];

  return {
    writes: {
      /** Where a reader is that is no webhook, whose id ends with a colon; a new one begins after `newestSeq`. */
      place(id: string, newestSeq: number): number {
        insert.run([id, newestSeq]);
        return rowsOf().find((row) => row.id === id)!.cursor;
      },
      /** Forgets all webhooks but these; those that are new begin after `newestSeq`. */
      keep(ids: readonly string[], newestSeq: number): WebhookRow[] {
        for (const { id } of rowsOf()) if (!id.endsWith(':') && !ids.includes(id)) remove.run([id]);
        for (const id of ids) insert.run([id, newestSeq]);
        const rows = rowsOf().filter(({ id }) => ids.includes(id));
        return rows.map(({ id, cursor, goneAs }) => ({ id, cursor, goneAs }));
      },
      /** It has got everything up to `cursor`, and is not gone (any more). */
      move(id: string, cursor: number): void {
        move.run([cursor, id]);
      },
      /** Its receiver wants no more, as long as its settings have this fingerprint. */
      setGone(id: string, fingerprint: string): void {
        setGone.run([fingerprint, id]);
      },
    },
    reads: {},
  };
}
