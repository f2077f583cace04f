import type { StoreDatabase } from './store-database.js';

/** Migration "recordings": the index of segments, and which disk a tier was on. */
export const RECORDINGS_SCHEMA = `CREATE TABLE segments (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  camera      TEXT NOT NULL,
  start_ms    INTEGER NOT NULL,
  end_ms      INTEGER NOT NULL,
  epoch       INTEGER NOT NULL,
  cause       TEXT NOT NULL,
  severity    TEXT NOT NULL,
  codec       TEXT NOT NULL,
  width       INTEGER NOT NULL,
  height      INTEGER NOT NULL,
  description TEXT NOT NULL,
  frames      INTEGER NOT NULL,
  bytes       INTEGER NOT NULL,
  tier        TEXT NOT NULL,
  path        TEXT NOT NULL UNIQUE,
  is_marked   INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX segments_of_camera ON segments (camera, start_ms, id);
CREATE INDEX segments_by_age ON segments (tier, start_ms, id) WHERE is_marked = 0;
CREATE TABLE recording_tiers (tier TEXT PRIMARY KEY, identity TEXT NOT NULL) STRICT`;

/** What a segment was recorded for: the time around an event is kept by another age than the rest. */
export type SegmentSeverity = 'routine' | 'event';

/** Why a segment does not simply follow the one before it; `rotation`: it does. */
export type SegmentCause = 'rotation' | 'start' | 'stream' | 'event' | 'overload' | 'disk';

/** A recorded file. Times are wall time, ms since 1970 UTC. */
export interface SegmentRow {
  readonly camera: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly epoch: number;
  readonly cause: SegmentCause;
  readonly severity: SegmentSeverity;
  /** RFC 6381. */
  readonly codec: string;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Equal where frames may stand in one movie: a hash of coding, size and parameter sets. */
  readonly description: string;
  readonly frames: number;
  readonly bytes: number;
  /** Name of the folder that holds it. */
  readonly tier: string;
  /** Within the tier's folder; unique over all tiers. */
  readonly path: string;
}

/** A recorded file as the index knows it. */
export interface Segment extends SegmentRow {
  readonly id: number;
  /** Kept whatever its age. */
  readonly isMarked: boolean;
}

/** What is on disk of one camera in one tier. */
export interface SegmentTotals {
  readonly camera: string;
  readonly tier: string;
  readonly segments: number;
  readonly bytes: number;
}

/** Which segments of one camera, oldest first. */
export interface SegmentQuery {
  readonly camera: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Those behind this one only. */
  readonly after?: { readonly startMs: number; readonly id: number };
  readonly limit: number;
}

/** No segment is longer: what begins before `from` by more than this cannot reach into it. */
export const SEGMENT_MS_MAX = 2 * 3600 * 1000;

const COLUMNS = `id, camera, start_ms AS startMs, end_ms AS endMs, epoch, cause, severity, codec, width AS widthPx,
  height AS heightPx, description, frames, bytes, tier, path, is_marked AS isMarked`;

/** What a segment of a camera is compared with that may overlap a time: camera, start above, start below, end above. */
export function reachOf(camera: string, fromMs: number, toMs: number): (string | number)[] {
  return [camera, Math.floor(fromMs - SEGMENT_MS_MAX), Math.ceil(toMs), Math.floor(fromMs)];
}

/** The index of recorded files. */
export function segmentTable(database: StoreDatabase) {
  const { connection } = database;
  const prepare = (sql: string) => connection.prepare(sql);
  const insert = prepare(
    `INSERT OR IGNORE INTO segments (camera, start_ms, end_ms, epoch, cause, severity, codec, width, height, description, frames, bytes, tier, path)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const remove = prepare('DELETE FROM segments WHERE id = ?');
  const move = prepare('UPDATE segments SET tier = ? WHERE id = ?');
  const overlap = 'camera = ? AND start_ms > ? AND start_ms < ? AND end_ms > ?';
  const mark = prepare(`UPDATE segments SET is_marked = ? WHERE ${overlap}`);
  const raise = prepare(`UPDATE segments SET severity = 'event' WHERE ${overlap} AND severity = 'routine'`);
  const identify = prepare(
    'INSERT INTO recording_tiers (tier, identity) VALUES (?, ?) ON CONFLICT (tier) DO UPDATE SET identity = excluded.identity',
  );
  const identity = prepare('SELECT identity FROM recording_tiers WHERE tier = ?');
  const within = prepare(
    `SELECT ${COLUMNS} FROM segments WHERE ${overlap} AND (start_ms, id) > (?, ?) ORDER BY start_ms, id LIMIT ?`,
  );
  const oldest = prepare(
    `SELECT ${COLUMNS} FROM segments WHERE is_marked = 0 AND tier = ? AND start_ms < ? ORDER BY start_ms, id LIMIT ?`,
  );
  const oldestOfCamera = prepare(
    `SELECT ${COLUMNS} FROM segments WHERE is_marked = 0 AND camera = ? AND start_ms < ? ORDER BY start_ms, id LIMIT ?`,
  );
  const expired = prepare(
    `SELECT ${COLUMNS} FROM segments WHERE is_marked = 0 AND camera = ? AND severity = ? AND end_ms < ? ORDER BY start_ms, id LIMIT ?`,
  );
  const totals = prepare(
    'SELECT camera, tier, count(*) AS segments, sum(bytes) AS bytes FROM segments GROUP BY camera, tier',
  );
  const paths = prepare('SELECT id, tier, path FROM segments WHERE id > ? ORDER BY id LIMIT ?');

  const rows = (found: unknown[]) =>
    (found as (Omit<Segment, 'isMarked'> & { isMarked: number })[]).map((row): Segment => ({
      ...row,
      isMarked: row.isMarked !== 0,
    }));

  return {
    writes: {
      /** Takes files into the index; one whose path is there already changes nothing. */
      add(added: readonly SegmentRow[]): void {
        for (const row of added) {
          const times = [Math.round(row.startMs), Math.round(row.endMs)];
          const picture = [row.codec, row.widthPx, row.heightPx, row.description];
          const file = [row.frames, row.bytes, row.tier, row.path];
          insert.run([row.camera, ...times, row.epoch, row.cause, row.severity, ...picture, ...file]);
        }
      },
      remove(ids: readonly number[]): void {
        for (const id of ids) remove.run([id]);
      },
      /** Says that a file lies in another tier now. */
      move(id: number, tier: string): void {
        move.run([tier, id]);
      },
      /** Marks what overlaps a time, or unmarks it. @returns how many segments that are */
      mark(camera: string, fromMs: number, toMs: number, isMarked: boolean): number {
        return mark.run([isMarked ? 1 : 0, ...reachOf(camera, fromMs, toMs)]).changes;
      },
      /** Says that what overlaps a time belongs to an event. */
      raise(camera: string, fromMs: number, toMs: number): void {
        raise.run(reachOf(camera, fromMs, toMs));
      },
      /** Remembers which folder a tier is. */
      identify(tier: string, name: string): void {
        identify.run([tier, name]);
      },
    },
    reads: {
      within({ camera, fromMs, toMs, after, limit }: SegmentQuery): Segment[] {
        const place = after === undefined ? [-1, -1] : [after.startMs, after.id];
        return rows(within.all([...reachOf(camera, fromMs, toMs), ...place, limit]));
      },
      /** The oldest of a tier that may be deleted and began before `beforeMs`. */
      oldest(tier: string, beforeMs: number, limit: number): Segment[] {
        return rows(oldest.all([tier, Math.floor(beforeMs), limit]));
      },
      oldestOfCamera(camera: string, beforeMs: number, limit: number): Segment[] {
        return rows(oldestOfCamera.all([camera, Math.floor(beforeMs), limit]));
      },
      /** Those that may be deleted and ended before `beforeMs`. */
      expired(camera: string, severity: SegmentSeverity, beforeMs: number, limit: number): Segment[] {
        return rows(expired.all([camera, severity, Math.floor(beforeMs), limit]));
      },
      totals(): SegmentTotals[] {
        return (totals.all([]) as SegmentTotals[]).map((row) => ({ ...row }));
      },
      /** All files by the order of their numbers, in pages. */
      paths(afterId: number, limit: number): { id: number; tier: string; path: string }[] {
        return (paths.all([afterId, limit]) as { id: number; tier: string; path: string }[]).map((row) => ({
          ...row,
        }));
      },
      /** Which folder a tier was; undefined before the first. */
      identity(tier: string): string | undefined {
        return (identity.get([tier]) as { identity: string } | undefined)?.identity;
      },
    },
  };
}
