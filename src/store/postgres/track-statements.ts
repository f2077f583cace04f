import type { TrackMessage } from '../../events/index.js';
import type { Colour } from '../../frames/index.js';
import { comparable } from '../../reading/index.js';
import { trackOf, type StoredTrack, type TrackQuery, type TrackRow } from '../track-rows.js';
import { camerasIn, Filter } from './filter.js';
import type { NumberedRow } from './journal-twin.js';
import { columnsOf, whole, type Queryable } from './queryable.js';
import { addTrackZones } from './track-zones.js';

const COLUMNS = `seq, id, camera, label, started_ms, ended_ms, merged_into, first_box, body, colour, path IS NOT NULL AS has_path,
  coalesce((SELECT json_agg(json_build_object('classifier', classifier, 'version', version, 'value', value, 'confidence', confidence)
     ORDER BY classifier COLLATE "C") FROM track_classes WHERE track = tracks.id), '[]')::text AS classes,
  (SELECT facts FROM track_texts WHERE track = tracks.id) AS text,
  coalesce((SELECT json_agg(zone) FROM track_zones WHERE seq = tracks.seq), '[]')::text AS zones`;

/** What the messages of a batch change of one track. */
interface Change {
  readonly id: string;
  body: string;
  label?: string;
  endedMs?: number;
  mergedInto?: string;
  /** Null: it ended without one; undefined: it stays as it is. */
  path?: Uint8Array | null;
}

/** Makes rows of the messages about tracks of a batch, in the journal's own transaction: as many statements for a thousand as for one. */
export async function keepTracks(db: Queryable, rows: readonly NumberedRow[]): Promise<void> {
  const told = rows
    .filter(({ type }) => type.startsWith('track.') && type !== 'track.classified')
    .map((row) => ({ ...row, message: JSON.parse(row.body) as TrackMessage }));
  const started = told.filter(({ type }) => type === 'track.started');
  if (started.length > 0) {
    await db.query(
      `INSERT INTO tracks (seq, id, camera, label, started_ms, first_box, body)
       SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[])
       ON CONFLICT DO NOTHING`,
      columnsOf(
        started,
        ({ seq }) => seq,
        ({ message }) => message.track.id,
        ({ camera }) => camera,
        ({ message }) => message.track.label,
        ({ message }) => Date.parse(message.time),
        ({ message }) => JSON.stringify(message.track.box),
        ({ body }) => body,
      ),
    );
    await noteUnended(
      db,
      started.map(({ message }) => message.track.id),
    );
  }
  const changes = new Map<string, Change>();
  for (const { message, body, path } of told) {
    if (message.type === 'track.started') continue;
    const { id, label } = message.track;
    const change: Change = changes.get(id) ?? { id, body };
    change.body = body;
    if (message.type === 'track.renamed') change.label = label;
    else change.endedMs = Date.parse(message.time);
    if (message.type === 'track.merged') change.mergedInto = message.into;
    else if (message.type === 'track.ended') change.path = path ?? null;
    changes.set(id, change);
  }
  if (changes.size > 0) await makeChanges(db, [...changes.values()]);
  await addTrackZones(
    db,
    told.flatMap(({ message }) =>
      'zones' in message ? [{ id: message.track.id, zones: message.zones ?? [] }] : [],
    ),
  );
}

async function makeChanges(db: Queryable, all: readonly Change[]): Promise<void> {
  await db.query(
    `UPDATE tracks SET label = coalesce(c.label, tracks.label), ended_ms = coalesce(c.ended_ms, tracks.ended_ms),
       merged_into = coalesce(c.merged_into, tracks.merged_into), body = c.body,
       path = CASE WHEN c.has_path THEN c.path ELSE tracks.path END
     FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::boolean[], $7::bytea[])
       AS c (id, body, label, ended_ms, merged_into, has_path, path) WHERE tracks.id = c.id`,
    columnsOf(
      all,
      ({ id }) => id,
      ({ body }) => body,
      ({ label }) => label,
      ({ endedMs }) => endedMs,
      ({ mergedInto }) => mergedInto,
      ({ path }) => path !== undefined,
      ({ path }) => (path ? Buffer.from(path.buffer, path.byteOffset, path.byteLength) : null),
    ),
  );
  await noteEnded(
    db,
    all.filter(({ endedMs }) => endedMs !== undefined).map(({ id }) => id),
  );
}

/** Keeps which tracks and events have begun. */
export async function noteUnended(db: Queryable, ids: readonly string[]): Promise<void> {
  await db.query('INSERT INTO unended SELECT unnest($1::text[]) ON CONFLICT DO NOTHING', [ids]);
}

/** These have not only begun. */
export async function noteEnded(db: Queryable, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await db.query('DELETE FROM unended WHERE id = ANY($1)', [ids]);
}

/** The statements about tracks, apart from those of the journal. */
export function trackStatements(db: Queryable) {
  return {
    cameras: () => camerasIn(db, 'tracks'),
    async prune(kept: readonly { camera: string; sinceMs: number }[], limit: number): Promise<number> {
      const { count } = await db.query(
        `DELETE FROM tracks WHERE seq IN (SELECT old.seq
           FROM unnest($1::text[], $2::bigint[]) AS kept (camera, since_ms),
           LATERAL (SELECT seq FROM tracks WHERE camera = kept.camera AND started_ms < kept.since_ms
             AND ended_ms < kept.since_ms ORDER BY started_ms LIMIT $3) AS old LIMIT $3)`,
        [...columnsOf(kept, ({ camera }) => camera, ({ sinceMs }) => whole(sinceMs)), limit], // prettier-ignore
      );
      return count;
    },
    async select(query: TrackQuery): Promise<TrackRow[]> {
      const { cameras, label, colour, text, zone, limit } = query;
      const filter = new Filter('merged_into IS NULL')
        .equal({ camera: cameras, label, colour })
        .within(query);
      if (text !== undefined)
        filter.add('id IN (SELECT track FROM track_texts WHERE comparable = ?)', comparable(text));
      if (zone !== undefined)
        filter.add('(started_ms, seq) IN (SELECT started_ms, seq FROM track_zones WHERE zone = ?)', zone);
      const { rows } = await db.query<StoredTrack>(
        `SELECT ${COLUMNS} FROM tracks ${filter.sql} ORDER BY started_ms DESC, seq DESC LIMIT ${limit + 1}`,
        filter.values,
      );
      return rows.map(trackOf);
    },
    async setColour(id: string, colour: Colour): Promise<void> {
      await db.query('UPDATE tracks SET colour = $1 WHERE id = $2 AND merged_into IS NULL', [colour, id]);
    },
    async one(id: string): Promise<TrackRow | undefined> {
      const { rows } = await db.query<StoredTrack>(`SELECT ${COLUMNS} FROM tracks WHERE id = $1`, [id]);
      return rows[0] && trackOf(rows[0]);
    },
    async paths(ids: readonly string[]): Promise<(Uint8Array | undefined)[]> {
      const { rows } = await db.query<{ id: string; path: Buffer }>(
        'SELECT id, path FROM tracks WHERE id = ANY($1) AND path IS NOT NULL',
        [ids],
      );
      const byId = new Map(rows.map(({ id, path }) => [id, Uint8Array.from(path)]));
      return ids.map((id) => byId.get(id));
    },
    async open(): Promise<string[]> {
      const { rows } = await db.query<{ body: string }>(
        'SELECT body FROM tracks JOIN unended USING (id) WHERE ended_ms IS NULL ORDER BY seq',
      );
      return rows.map(({ body }) => body);
    },
  };
}
