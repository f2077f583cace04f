/** Migration "classifiers": what they are, what they learnt from, what came of it, and what they say of tracks. */
export const CLASSIFIERS = `CREATE TABLE classifiers (
  name         text PRIMARY KEY,
  settings     text NOT NULL,
  active       integer,
  last_version integer NOT NULL DEFAULT 0,
  made_ms      bigint NOT NULL
);
CREATE TABLE classifier_examples (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  classifier text NOT NULL REFERENCES classifiers (name) ON DELETE CASCADE,
  class      text NOT NULL,
  origin     text NOT NULL,
  source     text NOT NULL,
  camera     text NOT NULL,
  clip       text NOT NULL,
  added_ms   bigint NOT NULL,
  jpeg       bytea NOT NULL,
  UNIQUE (classifier, source)
);
CREATE TABLE classifier_versions (
  classifier text NOT NULL REFERENCES classifiers (name) ON DELETE CASCADE,
  version    integer NOT NULL,
  trained_ms bigint NOT NULL,
  head       text NOT NULL,
  report     text NOT NULL,
  PRIMARY KEY (classifier, version)
);
CREATE TABLE track_classes (
  track      text NOT NULL,
  classifier text NOT NULL,
  version    integer NOT NULL,
  value      text NOT NULL,
  confidence double precision NOT NULL,
  PRIMARY KEY (track, classifier)
);
CREATE INDEX track_classes_of_classifier ON track_classes (classifier);
CREATE FUNCTION classifier_gone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  DELETE FROM track_classes WHERE classifier = OLD.name;
  RETURN NULL;
END $$;
CREATE FUNCTION tracks_gone_classes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  DELETE FROM track_classes USING gone WHERE track = gone.id;
  RETURN NULL;
END $$;
CREATE FUNCTION track_merged_classes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  DELETE FROM track_classes WHERE track = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER classifier_gone AFTER DELETE ON classifiers FOR EACH ROW EXECUTE FUNCTION classifier_gone();
CREATE TRIGGER tracks_gone_classes AFTER DELETE ON tracks
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION tracks_gone_classes();
CREATE TRIGGER track_merged_classes AFTER UPDATE ON tracks
  FOR EACH ROW WHEN (NEW.merged_into IS NOT NULL) EXECUTE FUNCTION track_merged_classes()`;
