import type { Database } from 'libsql';
import { whereOf, type Range, type Where } from './filters.js';

/** Of migration "track-traits": which zones tracks were in, in the order of the list of each zone's tracks. `seq` and `started_ms` are the track's. */
export const TRACK_ZONES_SCHEMA = `CREATE TABLE track_zones (
  zone       TEXT NOT NULL,
  started_ms INTEGER NOT NULL,
  seq        INTEGER NOT NULL,
  PRIMARY KEY (zone, started_ms, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX track_zones_of_track ON track_zones (seq);
CREATE TRIGGER track_gone_zones AFTER DELETE ON tracks BEGIN
  DELETE FROM track_zones WHERE seq = OLD.seq;
END;
CREATE TRIGGER track_merged_zones AFTER UPDATE OF merged_into ON tracks WHEN NEW.merged_into IS NOT NULL BEGIN
  DELETE FROM track_zones WHERE seq = NEW.seq;
END`;

/** Keeps that tracks were in zones, besides those that are known; not of one that was another's, or is not known. */
export function trackZoneStatements(connection: Database) {
  const put = connection.prepare(
    `INSERT INTO track_zones (zone, started_ms, seq)
     SELECT ?, started_ms, seq FROM tracks WHERE id = ? AND merged_into IS NULL ON CONFLICT DO NOTHING`,
  );
  return {
    add: (track: string, zones: readonly string[]): void => {
      for (const zone of zones) put.run([zone, track]);
    },
  };
}

/** The tracks of a zone in the order of the list, walked from the newest: however few or many of all tracks they are. */
export function tracksInZone(zone: string, range: Range): Where {
  const { sql, parameters } = whereOf({ zone }, range);
  return {
    sql: `(SELECT seq AS zone_seq, started_ms AS zone_ms FROM track_zones ${sql}) CROSS JOIN tracks ON seq = zone_seq`,
    parameters,
  };
}
