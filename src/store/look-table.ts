import type { Look, LookQuery, SimilarLook } from './similar-looks.js';
import type { StoreDatabase } from './store-database.js';

const ORPHANS_MAX = 200;

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
    `INSERT INTO looks (track, camera, label, seen_ms, model, embedding) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (track) DO UPDATE SET seen_ms = excluded.seen_ms, model = excluded.model, embedding = excluded.embedding`,
  );
  const track = connection.prepare('SELECT label, merged_into FROM tracks WHERE id = ?');
  const one = connection.prepare('SELECT * FROM looks WHERE track = ?');
  const last = connection.prepare('SELECT max(id) AS last FROM looks');
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
      /** Number of the newest; 0 where there is none. */
      last: (): number => (last.get([]) as { last: number | null }).last ?? 0,
      /** The most similar among those numbered from `fromId` up to `toId`, without that one. */
      similar(query: LookQuery, fromId: number, toId: number): SimilarLook[] {
        const { like, cameras, label, fromMs, toMs, limit } = query;
        const terms = ['id >= ?', 'id < ?', 'model = ?', 'length(embedding) = ?', 'track <> ?'];
        const numbers = bytesOf(like.embedding);
        const values: (string | number)[] = [fromId, toId, like.model, numbers.length, like.track];
        const add = (term: string, ...more: readonly (string | number)[]) => {
          terms.push(term);
          values.push(...more);
        };
        if (cameras !== undefined) add(`camera IN (${cameras.map(() => '?').join(', ')})`, ...cameras);
        if (label !== undefined) add('label = ?', label);
        if (fromMs !== undefined) add('seen_ms >= ?', fromMs);
        if (toMs !== undefined) add('seen_ms < ?', toMs);
        const rows = connection
          .prepare(
            `SELECT track, vector_distance_cos(embedding, ?) AS distance FROM looks
             WHERE ${terms.join(' AND ')} ORDER BY distance LIMIT ?`,
          )
          .all([numbers, ...values, limit]) as { track: string; distance: number }[];
        return rows.map(({ track: id, distance }) => ({ track: id, score: 1 - distance }));
      },
    },
  };
}

function bytesOf(numbers: Float32Array): Buffer {
  return Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}
