import { reachOf, type Segment, type SegmentTotals } from '../segment-table.js';
import { columnsOf, whole, type Queryable } from './queryable.js';
import type { TwinOf } from './twin.js';

const COLUMNS = `id, camera, start_ms AS "startMs", end_ms AS "endMs", epoch, cause, severity, codec, width AS "widthPx",
  height AS "heightPx", description, frames, bytes, tier, path, is_marked AS "isMarked"`;
const OVERLAP = 'camera = $1 AND start_ms > $2 AND start_ms < $3 AND end_ms > $4';

/** The index of recorded files. */
export function segmentTwin(db: Queryable): TwinOf<'segments'> {
  const select = async (where: string, values: readonly unknown[], limit: number) =>
    (
      await db.query<Segment>(
        `SELECT ${COLUMNS} FROM segments WHERE ${where} ORDER BY start_ms, id LIMIT ${limit}`,
        values,
      )
    ).rows;

  return {
    writes: {
      async add(added) {
        await db.query(
          `INSERT INTO segments (camera, start_ms, end_ms, epoch, cause, severity, codec, width, height, description,
             frames, bytes, tier, path)
           SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[],
             $8::integer[], $9::integer[], $10::text[], $11::bigint[], $12::bigint[], $13::text[], $14::text[])
           ON CONFLICT (path) DO NOTHING`,
          columnsOf(
            added,
            ({ camera }) => camera,
            ({ startMs }) => Math.round(startMs),
            ({ endMs }) => Math.round(endMs),
            ({ epoch }) => epoch,
            ({ cause }) => cause,
            ({ severity }) => severity,
            ({ codec }) => codec,
            ({ widthPx }) => widthPx,
            ({ heightPx }) => heightPx,
            ({ description }) => description,
            ({ frames }) => frames,
            ({ bytes }) => bytes,
            ({ tier }) => tier,
            ({ path }) => path,
          ),
        );
      },
      async remove(ids) {
        await db.query('DELETE FROM segments WHERE id = ANY($1::bigint[])', [ids]);
      },
      async move(id, tier) {
        await db.query('UPDATE segments SET tier = $1 WHERE id = $2', [tier, id]);
      },
      async mark(camera, fromMs, toMs, isMarked) {
        const { count } = await db.query(`UPDATE segments SET is_marked = $5 WHERE ${OVERLAP}`, [
          ...reachOf(camera, fromMs, toMs),
          isMarked,
        ]);
        return count;
      },
      async raise(camera, fromMs, toMs) {
        await db.query(
          `UPDATE segments SET severity = 'event' WHERE ${OVERLAP} AND severity = 'routine'`,
          reachOf(camera, fromMs, toMs),
        );
      },
      async identify(tier, name) {
        await db.query(
          `INSERT INTO recording_tiers (tier, identity) VALUES ($1, $2)
           ON CONFLICT (tier) DO UPDATE SET identity = excluded.identity`,
          [tier, name],
        );
      },
    },
    reads: {
      within({ camera, fromMs, toMs, after, limit }) {
        const place = after === undefined ? [-1, -1] : [after.startMs, after.id];
        const values = [...reachOf(camera, fromMs, toMs), ...place];
        return select(`${OVERLAP} AND (start_ms, id) > ($5, $6)`, values, limit);
      },
      oldest: (tier, beforeMs, limit) =>
        select('NOT is_marked AND tier = $1 AND start_ms < $2', [tier, whole(beforeMs)], limit),
      oldestOfCamera: (camera, beforeMs, limit) =>
        select('NOT is_marked AND camera = $1 AND start_ms < $2', [camera, whole(beforeMs)], limit),
      expired: (camera, severity, beforeMs, limit) =>
        select(
          'NOT is_marked AND camera = $1 AND severity = $2 AND end_ms < $3',
          [camera, severity, whole(beforeMs)],
          limit,
        ),
      async totals() {
        const { rows } = await db.query<SegmentTotals>(
          'SELECT camera, tier, count(*) AS segments, sum(bytes) AS bytes FROM segments GROUP BY camera, tier ORDER BY camera, tier',
        );
        return rows;
      },
      async paths(afterId, limit) {
        const { rows } = await db.query<{ id: number; tier: string; path: string }>(
          'SELECT id, tier, path FROM segments WHERE id > $1 ORDER BY id LIMIT $2',
          [afterId, limit],
        );
        return rows;
      },
      async identity(tier) {
        const { rows } = await db.query<{ identity: string }>(
          'SELECT identity FROM recording_tiers WHERE tier = $1',
          [tier],
        );
        return rows[0]?.identity;
      },
    },
  };
}
