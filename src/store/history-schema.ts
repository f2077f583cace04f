/** Tables of the history. Each index of events begins with one filter and holds all the others, so that rows that do not fit are passed over within it. */
export const HISTORY_SCHEMA = `CREATE TABLE tracks (
  seq         INTEGER PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE,
  camera      TEXT NOT NULL,
  label       TEXT NOT NULL,
  started_ms  INTEGER NOT NULL,
  ended_ms    INTEGER,
  merged_into TEXT,
  first_box   TEXT NOT NULL,
  body        TEXT NOT NULL,
  path        BLOB
) STRICT;
CREATE INDEX tracks_by_time ON tracks (started_ms, camera, label) WHERE merged_into IS NULL;
CREATE INDEX tracks_by_camera ON tracks (camera, started_ms, label) WHERE merged_into IS NULL;
CREATE INDEX tracks_by_label ON tracks (label, started_ms, camera) WHERE merged_into IS NULL;
CREATE INDEX tracks_by_end ON tracks (ended_ms);
CREATE TABLE events (
  seq        INTEGER PRIMARY KEY,
  id         TEXT NOT NULL UNIQUE,
  camera     TEXT NOT NULL,
  rule       TEXT NOT NULL,
  type       TEXT NOT NULL,
  label      TEXT,
  zone       TEXT,
  severity   TEXT NOT NULL,
  started_ms INTEGER NOT NULL,
  ended_ms   INTEGER,
  is_marked  INTEGER NOT NULL DEFAULT 0,
  body       TEXT NOT NULL
) STRICT;
CREATE INDEX events_by_time ON events (started_ms, camera, rule, type, label, zone, severity, is_marked);
CREATE INDEX events_by_camera ON events (camera, started_ms, rule, type, label, zone, severity, is_marked);
CREATE INDEX events_by_rule ON events (rule, started_ms, camera, type, label, zone, severity, is_marked);
CREATE INDEX events_by_type ON events (type, started_ms, camera, rule, label, zone, severity, is_marked);
CREATE INDEX events_by_label ON events (label, started_ms, camera, rule, type, zone, severity, is_marked);
CREATE INDEX events_by_zone ON events (zone, started_ms, camera, rule, type, label, severity, is_marked);
CREATE INDEX events_by_severity ON events (severity, started_ms, camera, rule, type, label, zone, is_marked);
CREATE INDEX events_marked ON events (started_ms, camera) WHERE is_marked = 1;
CREATE INDEX events_by_end ON events (ended_ms) WHERE is_marked = 0`;

/** Migration "history-ages": what is deleted is found by camera and severity, and what has not ended without looking at all that has. */
export const HISTORY_AGES_SCHEMA = `DROP INDEX tracks_by_end;
DROP INDEX events_by_end;
CREATE INDEX tracks_by_age ON tracks (camera, ended_ms);
CREATE INDEX events_by_age ON events (camera, severity, ended_ms) WHERE is_marked = 0;
CREATE INDEX tracks_open ON tracks (seq) WHERE ended_ms IS NULL;
CREATE INDEX events_open ON events (seq) WHERE ended_ms IS NULL`;

/** Of migration "track-traits": what most of a track is. */
export const TRACK_COLOUR_SCHEMA = `ALTER TABLE tracks ADD COLUMN colour TEXT;
CREATE INDEX tracks_by_colour ON tracks (colour, started_ms, camera, label) WHERE merged_into IS NULL AND colour IS NOT NULL`;
