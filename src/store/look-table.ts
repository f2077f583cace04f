import type { Look } from './similar-looks.js';
import type { StoreDatabase } from './store-database.js';

/** Rows deleted in one transaction. */
export const ORPHANS_MAX = 200;

interface Stored {
  readonly track: string;
  readonly camera: string;
  readonly label: string;
  readonly seen_ms: number;
  readonly model: string;
  readonly embedding: Buffer;
}

/** How tracks look. */
export function lookTable({ connection }: StoreDatabase) {
  const put = connection.prepare(
    // Under a new number, by which it is known to be new.
    'INSERT OR REPLACE INTO looks (track, camera, label, seen_ms, model, embedding) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const track = connection.prepare('SELECT label, merged_into FROM tracks WHERE id = ?');
  const one = connection.prepare('SELECT * FROM looks WHERE track = ?');
  const orphans = connection.prepare(
    `DELETE FROM looks WHERE id IN (SELECT id FROM looks WHERE seen_ms < ?
       AND NOT EXISTS (SELECT 1 FROM tracks WHERE tracks.id = track) ORDER BY seen_ms LIMIT ?)`,
  );

  return {
    writes: {
      /** Keeps how a track looks, in place of what was kept before. */
      put({ track: id, camera, label, seenMs, model, embedding }: Look): void {
        const known = track.get([id]) as { label: string; merged_into: string | null } | undefined;
        if (known !== undefined && known.merged_into !== null) return;
        put.run([id, camera, known?.label ?? label, seenMs, model, bytesOf(embedding)]);
      },
      /** Deletes a few of those older than a time whose track was never stored; returns how many. */
      removeOrphans: (beforeMs: number): number => orphans.run([beforeMs, ORPHANS_MAX]).changes,
    },
    reads: {
      one(id: string): Look | undefined {
        const stored = one.get([id]) as Stored | undefined;
        if (stored === undefined) return undefined;
        const { camera, label, seen_ms: seenMs, model, embedding } = stored;
        const numbers = Uint8Array.from(embedding);
        return { track: id, camera, label, seenMs, model, embedding: new Float32Array(numbers.buffer) };
      },
    },
  };
}

/** The same memory as bytes. */
export function bytesOf(numbers: Float32Array): Buffer {
  return Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}
