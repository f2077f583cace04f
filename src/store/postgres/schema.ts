import type { Migration } from '../migration-check.js';
import { CLASSIFIERS } from './classifier-schema.js';
import { SIGN_IN, WALL_LAYOUTS } from './sign-in-schema.js';
import { TEXTS } from './text-twin.js';
import { TRACK_ZONES } from './track-zones.js';

/** One row: where the journal stands, who may write, and which transaction was the last one. */
const WRITER = `CREATE TABLE writer (
  only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  instance  text NOT NULL,
  batch     text NOT NULL,
  last_seq  bigint NOT NULL,
  first_seq bigint NOT NULL
) WITH (fillfactor = 10);
INSERT INTO writer VALUES (true, '', '', 0, 1)`;

const JOURNAL = `CREATE TABLE journal (
  seq    bigint PRIMARY KEY,
  camera text NOT NULL,
  type   text NOT NULL,
  body   text NOT NULL
)`;

/**
 * No index knows when a track or event ended: their ends would otherwise be written into each index anew, as PostgreSQL does unless no
 * indexed column changes (HOT). What has not ended stands in a small table of its own. Indexes of events begin with one filter, go on with
 * the order of the list, and hold all other filters, which are then checked within the index.
 */
const HISTORY = `CREATE TABLE tracks (
  seq         bigint PRIMARY KEY,
  id          text NOT NULL UNIQUE,
  camera      text NOT NULL,
  label       text NOT NULL,
  started_ms  bigint NOT NULL,
  ended_ms    bigint,
  merged_into text,
  first_box   text NOT NULL,
  body        text NOT NULL,
  path        bytea
) WITH (fillfactor = 75);
CREATE INDEX tracks_by_time ON tracks (started_ms, seq, camera, label);
CREATE INDEX tracks_by_camera ON tracks (camera, started_ms, seq, label);
CREATE INDEX tracks_by_label ON tracks (label, started_ms, seq, camera);
CREATE TABLE events (
  seq        bigint PRIMARY KEY,
  id         text NOT NULL UNIQUE,
  camera     text NOT NULL,
  rule       text NOT NULL,
  type       text NOT NULL,
  label      text,
  zone       text,
  severity   text NOT NULL,
  started_ms bigint NOT NULL,
  ended_ms   bigint,
  is_marked  boolean NOT NULL DEFAULT false,
  body       text NOT NULL
) WITH (fillfactor = 75);
CREATE INDEX events_by_time ON events (started_ms, seq, camera, rule, type, label, zone, severity, is_marked);
CREATE INDEX events_by_camera ON events (camera, started_ms, seq, rule, type, label, zone, severity, is_marked);
CREATE INDEX events_by_rule ON events (rule, started_ms, seq, camera, type, label, zone, severity, is_marked);
CREATE INDEX events_by_type ON events (type, started_ms, seq, camera, rule, label, zone, severity, is_marked);
CREATE INDEX events_by_label ON events (label, started_ms, seq, camera, rule, type, zone, severity, is_marked);
CREATE INDEX events_by_zone ON events (zone, started_ms, seq, camera, rule, type, label, severity, is_marked);
CREATE INDEX events_by_severity ON events (severity, started_ms, seq, camera, rule, type, label, zone, is_marked);
CREATE INDEX events_marked ON events (started_ms, seq, camera) WHERE is_marked;
CREATE TABLE unended (id text PRIMARY KEY)`;

const ACCESS = `CREATE TABLE users (
  id         text PRIMARY KEY,
  name       text NOT NULL UNIQUE,
  role       text NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
  cameras    text NOT NULL,
  password   text NOT NULL,
  created_ms bigint NOT NULL
);
CREATE TABLE sessions (
  id         text PRIMARY KEY,
  hash       text NOT NULL UNIQUE,
  user_id    text NOT NULL,
  created_ms bigint NOT NULL,
  seen_ms    bigint NOT NULL,
  address    text NOT NULL,
  agent      text NOT NULL
);
CREATE TABLE tokens (
  id               text PRIMARY KEY,
  hash             text NOT NULL UNIQUE,
  name             text NOT NULL,
  role             text NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
  cameras          text NOT NULL,
  only_permissions text,
  owner_id         text,
  created_ms       bigint NOT NULL,
  expires_ms       bigint
);
CREATE TABLE audit (
  seq     bigint PRIMARY KEY,
  time    text NOT NULL,
  who     text NOT NULL,
  what    text NOT NULL,
  target  text NOT NULL,
  detail  text NOT NULL,
  address text NOT NULL,
  hash    text NOT NULL
);
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the audit log is only ever added to'; END $$;
CREATE TRIGGER audit_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()`;

const RECORDINGS = `CREATE TABLE segments (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  camera      text NOT NULL,
  start_ms    bigint NOT NULL,
  end_ms      bigint NOT NULL,
  epoch       bigint NOT NULL,
  cause       text NOT NULL,
  severity    text NOT NULL,
  codec       text NOT NULL,
  width       integer NOT NULL,
  height      integer NOT NULL,
  description text NOT NULL,
  frames      bigint NOT NULL,
  bytes       bigint NOT NULL,
  tier        text NOT NULL,
  path        text NOT NULL UNIQUE,
  is_marked   boolean NOT NULL DEFAULT false
);
CREATE INDEX segments_of_camera ON segments (camera, start_ms, id);
CREATE INDEX segments_by_age ON segments (tier, start_ms, id) WHERE NOT is_marked;
CREATE TABLE recording_tiers (tier text PRIMARY KEY, identity text NOT NULL)`;

const READERS = `CREATE TABLE readers (
  kind    text NOT NULL,
  id      text NOT NULL,
  cursor  bigint NOT NULL,
  gone_as text,
  PRIMARY KEY (kind, id)
)`;

/** What is deleted is found by camera and severity; a track's by the index of its camera. */
const HISTORY_AGES = `CREATE INDEX events_by_age ON events (camera, severity, started_ms) WHERE NOT is_marked`;

/** Pictures and looks go with their track or event, in the same transaction. How a track looks is a column that `look-column.ts` adds. */
const PICTURES = `CREATE TABLE pictures (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind     text NOT NULL,
  owner    text NOT NULL,
  camera   text NOT NULL,
  worth    integer NOT NULL,
  seen_ms  bigint NOT NULL,
  bytes    bigint NOT NULL,
  facts    text NOT NULL,
  jpeg     bytea,
  UNIQUE (kind, owner)
);
ALTER TABLE pictures ALTER COLUMN jpeg SET STORAGE EXTERNAL;
CREATE INDEX pictures_by_worth ON pictures (camera, worth, seen_ms) INCLUDE (bytes) WHERE bytes > 0;
CREATE INDEX pictures_by_age ON pictures (seen_ms);
CREATE TABLE looks (
  id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  track   text NOT NULL UNIQUE,
  camera  text NOT NULL,
  label   text NOT NULL,
  seen_ms bigint NOT NULL,
  model   text NOT NULL
);
CREATE INDEX looks_by_age ON looks (seen_ms);
CREATE FUNCTION tracks_gone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  DELETE FROM pictures USING gone WHERE kind = 'track' AND owner = gone.id;
  DELETE FROM looks USING gone WHERE track = gone.id;
  RETURN NULL;
END $$;
CREATE FUNCTION events_gone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  DELETE FROM pictures USING gone WHERE kind = 'event' AND owner = gone.id;
  RETURN NULL;
END $$;
CREATE FUNCTION track_merged() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  DELETE FROM pictures WHERE kind = 'track' AND owner = NEW.id;
  DELETE FROM looks WHERE track = NEW.id;
  RETURN NULL;
END $$;
CREATE FUNCTION track_renamed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  UPDATE looks SET label = NEW.label WHERE track = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER tracks_gone AFTER DELETE ON tracks
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION tracks_gone();
CREATE TRIGGER events_gone AFTER DELETE ON events
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION events_gone();
CREATE TRIGGER track_merged AFTER UPDATE ON tracks
  FOR EACH ROW WHEN (NEW.merged_into IS NOT NULL) EXECUTE FUNCTION track_merged();
CREATE TRIGGER track_renamed AFTER UPDATE ON tracks
  FOR EACH ROW WHEN (NEW.label <> OLD.label) EXECUTE FUNCTION track_renamed()`;

const VERDICTS = `ALTER TABLE events ADD COLUMN verdict text, ADD COLUMN review text;
CREATE INDEX events_judged ON events (verdict, started_ms, seq, camera) WHERE verdict IS NOT NULL`;

const TRACK_COLOUR = `ALTER TABLE tracks ADD COLUMN colour text;
CREATE INDEX tracks_by_colour ON tracks (colour, started_ms, seq, camera, label) WHERE colour IS NOT NULL`;

/** Forward only: what has been released is never edited, only followed by another. */
export const POSTGRES_MIGRATIONS: readonly Migration[] = [
  { version: 1, name: 'journal', sql: `${WRITER};\n${JOURNAL}` },
  { version: 2, name: 'history', sql: HISTORY },
  { version: 3, name: 'access', sql: ACCESS },
  { version: 4, name: 'recordings', sql: RECORDINGS },
  { version: 5, name: 'readers', sql: READERS },
  { version: 6, name: 'pictures', sql: PICTURES },
  { version: 7, name: 'sign-in', sql: SIGN_IN },
  { version: 8, name: 'classifiers', sql: CLASSIFIERS },
  { version: 9, name: 'texts', sql: TEXTS },
  { version: 10, name: 'verdicts', sql: VERDICTS },
  { version: 11, name: 'history-ages', sql: HISTORY_AGES },
  { version: 12, name: 'track-traits', sql: `${TRACK_ZONES};\n${TRACK_COLOUR}` },
  { version: 13, name: 'wall-layouts', sql: WALL_LAYOUTS },
];
