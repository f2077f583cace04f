import { columnsOf, type Queryable } from './queryable.js';

/** Of migration "track-traits": which zones tracks were in, in the order of the list of each zone's tracks. `seq` and `started_ms` are the track's. */
export const TRACK_ZONES = `CREATE TABLE track_zones (
  zone       text NOT NULL,
  started_ms bigint NOT NULL,
  seq        bigint NOT NULL,
  PRIMARY KEY (zone, started_ms, seq)
);
CREATE INDEX track_zones_of_track ON track_zones (seq) INCLUDE (zone);
CREATE FUNCTION tracks_gone_zones() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  DELETE FROM track_zones USING gone WHERE track_zones.seq = gone.seq;
  RETURN NULL;
END $$;
CREATE FUNCTION track_merged_zones() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  DELETE FROM track_zones WHERE seq = NEW.seq;
  RETURN NULL;
END $$;
CREATE TRIGGER tracks_gone_zones AFTER DELETE ON tracks
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION tracks_gone_zones();
CREATE TRIGGER track_merged_zones AFTER UPDATE ON tracks
  FOR EACH ROW WHEN (NEW.merged_into IS NOT NULL) EXECUTE FUNCTION track_merged_zones()`;

/** Keeps that tracks were in zones, besides those that are known; not of one that was another's, or is not known. */
export async function addTrackZones(
  db: Queryable,
  tracks: readonly { readonly id: string; readonly zones: readonly string[] }[],
): Promise<void> {
  const visits = tracks.flatMap(({ id, zones }) => zones.map((zone) => ({ id, zone })));
  if (visits.length === 0) return;
  await db.query(
    `INSERT INTO track_zones (zone, started_ms, seq)
     SELECT v.zone, started_ms, seq FROM unnest($1::text[], $2::text[]) AS v (id, zone)
       JOIN tracks ON tracks.id = v.id AND merged_into IS NULL ON CONFLICT DO NOTHING`,
    columnsOf(
      visits,
      ({ id }) => id,
      ({ zone }) => zone,
    ),
  );
}
