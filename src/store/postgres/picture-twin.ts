import {
  ORPHANS_MAX,
  pictureOf,
  SHED_MAX,
  WORTH,
  worthOf,
  type PictureWorth,
  type StoredPicture,
} from '../picture-table.js';
import { whole, type Queryable } from './queryable.js';
import type { TwinOf } from './twin.js';

const IS_MARKED = `kind = 'event' AND EXISTS (SELECT 1 FROM events WHERE events.id = owner AND is_marked)`;

/** Pictures of tracks and events. */
export function pictureTwin(db: Queryable): TwinOf<'pictures'> {
  async function giveUp(ids: readonly number[]): Promise<void> {
    if (ids.length > 0)
      await db.query('UPDATE pictures SET jpeg = NULL, bytes = 0 WHERE id = ANY($1::bigint[])', [ids]);
  }

  return {
    writes: {
      async put({ kind, id }, { camera, seenMs, ...facts }, jpeg, severity) {
        // Its picture may come after the news that it was another's.
        const isMerged = 'SELECT 1 FROM tracks WHERE id = $1 AND merged_into IS NOT NULL';
        if (kind === 'track' && (await db.query(isMerged, [id])).count > 0) return;
        const bytes = Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength);
        await db.query(
          `INSERT INTO pictures (kind, owner, camera, worth, seen_ms, bytes, facts, jpeg) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
           ON CONFLICT (kind, owner) DO UPDATE SET seen_ms = excluded.seen_ms, bytes = excluded.bytes,
             facts = excluded.facts, jpeg = excluded.jpeg, worth = excluded.worth`,
          [
            ...[kind, id, camera, worthOf(kind, severity), Math.round(seenMs)],
            ...[bytes.length, JSON.stringify(facts), bytes],
          ],
        );
      },
      async shed(camera, bytesMax) {
        const { rows } = await db.query<{ id: number; bytes: number }>(
          `SELECT id, bytes FROM pictures WHERE camera = $1 AND bytes > 0 AND NOT (${IS_MARKED})
           ORDER BY worth, seen_ms LIMIT $2`,
          [camera, SHED_MAX],
        );
        let bytes = 0;
        const ids: number[] = [];
        for (const row of rows) {
          if (bytes >= bytesMax) break;
          ids.push(row.id);
          bytes += row.bytes;
        }
        await giveUp(ids);
        return bytes;
      },
      async shedOlder(camera, beforeMs) {
        const ids: number[] = [];
        for (const [worth, ms] of Object.entries(beforeMs)) {
          if (ids.length >= SHED_MAX) break;
          const { rows } = await db.query<{ id: number }>(
            `SELECT id FROM pictures WHERE camera = $1 AND worth = $2 AND seen_ms < $3 AND bytes > 0 AND NOT (${IS_MARKED})
             ORDER BY seen_ms LIMIT $4`,
            [camera, WORTH[worth as PictureWorth], whole(ms), SHED_MAX - ids.length],
          );
          ids.push(...rows.map(({ id }) => id));
        }
        await giveUp(ids);
        return ids.length;
      },
      async removeOrphans(beforeMs) {
        const { count } = await db.query(
          `DELETE FROM pictures WHERE id IN (SELECT id FROM pictures WHERE seen_ms < $1 AND CASE kind
             WHEN 'track' THEN NOT EXISTS (SELECT 1 FROM tracks WHERE tracks.id = owner)
             ELSE NOT EXISTS (SELECT 1 FROM events WHERE events.id = owner) END ORDER BY seen_ms LIMIT $2)`,
          [Math.floor(beforeMs), ORPHANS_MAX],
        );
        return count;
      },
    },
    reads: {
      async one({ kind, id }) {
        const { rows } = await db.query<StoredPicture>(
          'SELECT camera, seen_ms, facts, jpeg FROM pictures WHERE kind = $1 AND owner = $2',
          [kind, id],
        );
        return rows[0] && pictureOf(rows[0]);
      },
      async bytesByCamera() {
        const { rows } = await db.query<{ camera: string; bytes: number }>(
          `SELECT camera, sum(bytes)::bigint AS bytes FROM pictures WHERE bytes > 0 GROUP BY camera ORDER BY bytes DESC`,
        );
        return rows;
      },
    },
  };
}
