import type { Database } from 'libsql';
import type { TrackMessage } from '../events/index.js';
import type { Colour } from '../frames/index.js';
import type { TrackClassRow } from './classifier-table.js';
import { comparable } from '../reading/index.js';
import { camerasIn, whereOf, type Range, type Where } from './filters.js';
import type { TrackTextRow } from './text-table.js';
import type { TrackTraits } from './track-traits.js';
import { tracksInZone, trackZoneStatements } from './track-zones.js';

/** A track as it is now. */
export interface TrackRow {
  /** Number of its `track.started`. */
  readonly seq: number;
  readonly id: string;
  readonly camera: string;
  /** What it is by now. */
  readonly label: string;
  readonly startedMs: number;
  readonly endedMs?: number;
  /** Id of the track that it turned out to be. */
  readonly mergedInto?: string;
  /** Where it began, and its newest message. */
  readonly firstBox: TrackMessage['track']['box'];
  readonly message: TrackMessage;
  readonly hasPath: boolean;
  /** What classifiers say that it is. */
  readonly classes: readonly TrackClassRow[];
  /** What is written on it. */
  readonly text?: TrackTextRow;
  /** What most of it is, where one colour is clearly so. */
  readonly colour?: Colour;
  /** Names of the zones that it was in, in alphabetical order. */
  readonly zones: readonly string[];
}

/** Which tracks; those that were another's are left out. */
export interface TrackQuery extends Range, TrackTraits {
  readonly cameras?: readonly string[];
  readonly label?: string;
  /** What is written on them, as texts are compared. */
  readonly text?: string;
}

/** A row as either database has it. */
export interface StoredTrack {
  readonly seq: number;
  readonly id: string;
  readonly camera: string;
  readonly label: string;
  readonly started_ms: number;
  readonly ended_ms: number | null;
  readonly merged_into: string | null;
  readonly first_box: string;
  readonly body: string;
  readonly has_path: number | boolean;
  /** JSON. */
  readonly classes: string;
  readonly text: string | null;
  readonly colour: Colour | null;
  /** JSON. */
  readonly zones: string;
}

const COLUMNS = `seq, id, camera, label, started_ms, ended_ms, merged_into, first_box, body, colour, path IS NOT NULL AS has_path,
  (SELECT json_group_array(json_object('classifier', classifier, 'version', version, 'value', value, 'confidence', confidence))
   FROM track_classes WHERE track = tracks.id) AS classes,
  (SELECT facts FROM track_texts WHERE track = tracks.id) AS text,
  (SELECT json_group_array(zone) FROM track_zones WHERE seq = tracks.seq) AS zones`;

/** The statements about tracks. */
export function trackStatements(connection: Database) {
  const insert = connection.prepare(
    `INSERT INTO tracks (seq, id, camera, label, started_ms, first_box, body) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
  );
  const rename = connection.prepare('UPDATE tracks SET label = ?, body = ? WHERE id = ?');
  const end = connection.prepare('UPDATE tracks SET ended_ms = ?, body = ?, path = ? WHERE id = ?');
  const merge = connection.prepare('UPDATE tracks SET ended_ms = ?, merged_into = ?, body = ? WHERE id = ?');
  const one = connection.prepare(`SELECT ${COLUMNS} FROM tracks WHERE id = ?`);
  const path = connection.prepare('SELECT path FROM tracks WHERE id = ?');
  const open = connection.prepare('SELECT body FROM tracks WHERE ended_ms IS NULL ORDER BY seq');

  const paint = connection.prepare('UPDATE tracks SET colour = ? WHERE id = ? AND merged_into IS NULL');
  const zones = trackZoneStatements(connection);

  /** @param from with the conditions and the order that follow it */
  const rowsOf = (from: string, parameters: Where['parameters'], limit: number) =>
    (
      connection
        .prepare(`SELECT ${COLUMNS} FROM ${from} LIMIT ?`)
        .all([...parameters, limit + 1]) as StoredTrack[]
    ).map(trackOf);

  return {
    prune: connection.prepare(
      `DELETE FROM tracks WHERE seq IN (SELECT seq FROM tracks INDEXED BY tracks_by_age
         WHERE camera = ? AND ended_ms < ? ORDER BY ended_ms LIMIT ?)`,
    ),
    cameras: camerasIn(connection, 'tracks'),
    take(seq: number, body: string, path: Uint8Array | undefined): void {
      const message = JSON.parse(body) as TrackMessage;
      const { id, label, box } = message.track;
      const timeMs = Date.parse(message.time);
      if (message.type === 'track.started')
        insert.run([seq, id, message.camera, label, timeMs, JSON.stringify(box), body]);
      else if (message.type === 'track.renamed') rename.run([label, body, id]);
      else if (message.type === 'track.merged') merge.run([timeMs, message.into, body, id]);
      else end.run([timeMs, body, path === undefined ? null : Buffer.from(path), id]);
      if ('zones' in message) zones.add(id, message.zones ?? []);
    },
    addZones: zones.add,
    setColour: (id: string, colour: Colour): void => void paint.run([colour, id]),
    select(query: TrackQuery): TrackRow[] {
      const { cameras, label, colour, text, zone, limit } = query;
      // SQLite proves nothing of what stands beside an empty list, and refuses the index of colours.
      if (cameras?.length === 0) return [];
      const where = whereOf({ camera: cameras, label, colour }, query, 'merged_into IS NULL');
      // Few tracks have the same text: they are found by it, whatever else is asked for.
      if (text !== undefined) {
        const inZone = zone === undefined ? '' : 'AND seq IN (SELECT seq FROM track_zones WHERE zone = ?)';
        return rowsOf(
          `tracks ${where.sql} AND id IN (SELECT track FROM track_texts WHERE comparable = ?) ${inZone} ORDER BY started_ms DESC, seq DESC`,
          [...where.parameters, comparable(text), ...(zone === undefined ? [] : [zone])],
          limit,
        );
      }
      if (zone !== undefined) {
        const walk = tracksInZone(zone, query);
        return rowsOf(
          `${walk.sql} ${where.sql} ORDER BY zone_ms DESC, zone_seq DESC`,
          [...walk.parameters, ...where.parameters],
          limit,
        );
      }
      const index =
        colour !== undefined
          ? 'tracks_by_colour'
          : isOne(cameras)
            ? 'tracks_by_camera'
            : label !== undefined
              ? 'tracks_by_label'
              : 'tracks_by_time';
      return rowsOf(
        `tracks INDEXED BY ${index} ${where.sql} ORDER BY started_ms DESC, seq DESC`,
        where.parameters,
        limit,
      );
    },
    one(id: string): TrackRow | undefined {
      const stored = one.get([id]) as StoredTrack | undefined;
      return stored && trackOf(stored);
    },
    path(id: string): Uint8Array | undefined {
      const stored = path.get([id]) as { path: Buffer | null } | undefined;
      return stored?.path ? new Uint8Array(stored.path) : undefined;
    },
    open: (): string[] => (open.all([]) as { body: string }[]).map(({ body }) => body),
  };
}

function isOne(cameras: readonly string[] | undefined): boolean {
  return cameras?.length === 1;
}

/** The track that a row is. */
export function trackOf(stored: StoredTrack): TrackRow {
  const { seq, id, camera, label, started_ms, ended_ms, merged_into, first_box, body, has_path } = stored;
  const { classes, text, colour, zones } = stored;
  return {
    seq,
    id,
    camera,
    label,
    startedMs: started_ms,
    ...(ended_ms !== null && { endedMs: ended_ms }),
    ...(merged_into !== null && { mergedInto: merged_into }),
    firstBox: JSON.parse(first_box) as TrackRow['firstBox'],
    message: JSON.parse(body) as TrackMessage,
    hasPath: Boolean(has_path),
    classes: JSON.parse(classes) as TrackClassRow[],
    ...(text !== null && { text: JSON.parse(text) as TrackTextRow }),
    ...(colour !== null && { colour }),
    zones: (JSON.parse(zones) as string[]).sort(),
  };
}
