import type { Database } from 'libsql';
import type { StoreDatabase } from './store-database.js';

/** Migration "classifiers": what they are, what they learnt from, what came of it, and what they say of tracks. */
export const CLASSIFIERS_SCHEMA = `CREATE TABLE classifiers (
  name         TEXT PRIMARY KEY,
  settings     TEXT NOT NULL,
  active       INTEGER,
  last_version INTEGER NOT NULL DEFAULT 0,
  made_ms      INTEGER NOT NULL
) STRICT;
CREATE TABLE classifier_examples (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  classifier TEXT NOT NULL,
  class      TEXT NOT NULL,
  origin     TEXT NOT NULL,
  source     TEXT NOT NULL,
  camera     TEXT NOT NULL,
  clip       TEXT NOT NULL,
  added_ms   INTEGER NOT NULL,
  jpeg       BLOB NOT NULL,
  UNIQUE (classifier, source)
) STRICT;
CREATE TABLE classifier_versions (
  classifier TEXT NOT NULL,
  version    INTEGER NOT NULL,
  trained_ms INTEGER NOT NULL,
  head       TEXT NOT NULL,
  report     TEXT NOT NULL,
  PRIMARY KEY (classifier, version)
) STRICT;
CREATE TRIGGER classifier_gone AFTER DELETE ON classifiers BEGIN
  DELETE FROM classifier_examples WHERE classifier = OLD.name;
  DELETE FROM classifier_versions WHERE classifier = OLD.name;
  DELETE FROM track_classes WHERE classifier = OLD.name;
END;
CREATE TABLE track_classes (
  track      TEXT NOT NULL,
  classifier TEXT NOT NULL,
  version    INTEGER NOT NULL,
  value      TEXT NOT NULL,
  confidence REAL NOT NULL,
  PRIMARY KEY (track, classifier)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER track_gone_classes AFTER DELETE ON tracks BEGIN
  DELETE FROM track_classes WHERE track = OLD.id;
END;
CREATE TRIGGER track_merged_classes AFTER UPDATE OF merged_into ON tracks WHEN NEW.merged_into IS NOT NULL BEGIN
  DELETE FROM track_classes WHERE track = NEW.id;
END`;

/** Versions of a classifier that are kept, the active one beside them. */
export const VERSIONS_MAX = 20;

/** A classifier; its settings are the caller's, as JSON. */
export interface ClassifierRow {
  readonly name: string;
  readonly settings: string;
  /** The version that is applied. */
  readonly active: number | null;
  readonly madeMs: number;
  /** Examples by class. */
  readonly examples: Readonly<Record<string, number>>;
}

/** An example, without its picture. */
export interface ExampleRow {
  readonly id: number;
  readonly class: string;
  readonly origin: 'track' | 'event' | 'upload' | 'feedback';
  /** Id of the track or event; of an upload, a hash of its picture. */
  readonly source: string;
  /** Empty for uploads. */
  readonly camera: string;
  readonly clip: string;
  readonly addedMs: number;
}

/** A trained version; head and report are the caller's, as JSON. */
export interface VersionRow {
  readonly version: number;
  readonly trainedMs: number;
  readonly head: string;
  readonly report: string;
}

/** What a classifier said of a track. */
export interface TrackClassRow {
  readonly classifier: string;
  readonly version: number;
  readonly value: string;
  readonly confidence: number;
}

/** Classifiers, their examples and versions. Each is known to exist by its caller. */
export function classifierTable({ connection }: StoreDatabase) {
  const run = (sql: string) => {
    const statement = connection.prepare(sql);
    return (...values: readonly unknown[]) => statement.run(values);
  };
  const all = <Row>(sql: string) => {
    const statement = connection.prepare(sql);
    return (...values: readonly unknown[]) => statement.all(values) as Row[];
  };
  const insert = run(
    'INSERT INTO classifiers (name, settings, made_ms) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const settle = run('UPDATE classifiers SET settings = ? WHERE name = ?');
  const remove = run('DELETE FROM classifiers WHERE name = ?');
  const activate = run('UPDATE classifiers SET active = ? WHERE name = ?');
  const number = run('UPDATE classifiers SET last_version = last_version + 1 WHERE name = ?');
  const keepVersion = run(
    `INSERT INTO classifier_versions (classifier, version, trained_ms, head, report)
     SELECT name, last_version, ?, ?, ? FROM classifiers WHERE name = ?`,
  );
  const forgetOld = run(
    `DELETE FROM classifier_versions WHERE classifier = ? AND version <= (SELECT last_version FROM classifiers WHERE name = ?) - ?
       AND version <> (SELECT coalesce(active, 0) FROM classifiers WHERE name = ?)`,
  );
  const addExample = run(
    `INSERT INTO classifier_examples (classifier, class, origin, source, camera, clip, added_ms, jpeg) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (classifier, source) DO UPDATE SET class = excluded.class, origin = excluded.origin, jpeg = excluded.jpeg`,
  );
  const removeExample = run('DELETE FROM classifier_examples WHERE classifier = ? AND id = ?');
  const list = all<Omit<ClassifierRow, 'examples'> & { examples: string }>(
    `SELECT name, settings, active, made_ms AS madeMs, (SELECT json_group_object(class, n) FROM
       (SELECT class, count(*) AS n FROM classifier_examples WHERE classifier = name GROUP BY class)) AS examples
     FROM classifiers ORDER BY name`,
  );
  const lastVersion = all<{ last: number }>('SELECT last_version AS last FROM classifiers WHERE name = ?');
  const exampleColumns = 'id, class, origin, source, camera, clip, added_ms AS addedMs';
  const examples = all<ExampleRow>(
    `SELECT ${exampleColumns} FROM classifier_examples WHERE classifier = ? ORDER BY id DESC`,
  );
  const withPictures = all<ExampleRow & { jpeg: ArrayBuffer }>(
    `SELECT ${exampleColumns}, jpeg FROM classifier_examples WHERE classifier = ? ORDER BY id`,
  );
  const picture = all<ExampleRow & { jpeg: ArrayBuffer }>(
    `SELECT ${exampleColumns}, jpeg FROM classifier_examples WHERE classifier = ? AND id = ?`,
  );
  const sourced = all<{ id: number }>(
    'SELECT id FROM classifier_examples WHERE classifier = ? AND source = ?',
  );
  const versions = all<VersionRow>(
    `SELECT version, trained_ms AS trainedMs, head, report FROM classifier_versions WHERE classifier = ? ORDER BY version DESC`,
  );

  return {
    writes: {
      /** Whether it was made: false where there is one of this name. */
      create: (name: string, settings: string, madeMs: number): boolean =>
        insert(name, settings, madeMs).changes > 0,
      settle: (name: string, settings: string): boolean => settle(settings, name).changes > 0,
      remove: (name: string): boolean => remove(name).changes > 0,
      /** Keeps an example, in place of an earlier one of its source; returns its number. */
      addExample(classifier: string, example: Omit<ExampleRow, 'id'>, jpeg: Uint8Array): number {
        const { class: of, origin, source, camera, clip, addedMs } = example;
        addExample(classifier, of, origin, source, camera, clip, addedMs, Buffer.from(jpeg));
        return sourced(classifier, source)[0]!.id;
      },
      removeExample: (classifier: string, id: number): boolean => removeExample(classifier, id).changes > 0,
      /** Keeps a trained version, applies it from now on, and returns its number; old ones are forgotten. */
      addVersion(name: string, trainedMs: number, head: string, report: string): number {
        number(name);
        keepVersion(trainedMs, head, report, name);
        const version = lastVersion(name)[0]!.last;
        activate(version, name);
        forgetOld(name, name, VERSIONS_MAX, name);
        return version;
      },
      /** Applies a version, or none. */
      activate: (name: string, version: number | null): boolean => activate(version, name).changes > 0,
    },
    reads: {
      list: (): ClassifierRow[] =>
        list().map(({ examples: counts, name, settings, active, madeMs }) => ({
          ...{ name, settings, active, madeMs },
          examples: JSON.parse(counts) as Record<string, number>,
        })),
      /** The newest first. */
      examples: (classifier: string): ExampleRow[] => examples(classifier).map(plain),
      /** With their pictures, the oldest first. */
      exampleJpegs: (classifier: string) => withPictures(classifier).map(withJpeg),
      example: (classifier: string, id: number) => picture(classifier, id).map(withJpeg)[0],
      /** The newest first. */
      versions: (classifier: string): VersionRow[] =>
        versions(classifier).map(({ version, trainedMs, head, report }) => ({
          ...{ version, trainedMs, head, report },
        })),
    },
  };
}

/** Keeps what a message says of a track, in the journal's own transaction; not of one that was another's, or is not known. */
export function trackClassStatements(connection: Database) {
  const put = connection.prepare(
    `INSERT INTO track_classes (track, classifier, version, value, confidence)
     SELECT id, ?, ?, ?, ? FROM tracks WHERE id = ? AND merged_into IS NULL
     ON CONFLICT (track, classifier) DO UPDATE SET version = excluded.version, value = excluded.value, confidence = excluded.confidence`,
  );
  return {
    take(body: string): void {
      const { track, class: said } = JSON.parse(body) as {
        track: { id: string };
        class: TrackClassRow;
      };
      put.run([said.classifier, said.version, said.value, said.confidence, track.id]);
    },
  };
}

/** Rows of libsql have a prototype of their own, which does not cross threads. */
function plain({ id, class: of, origin, source, camera, clip, addedMs }: ExampleRow): ExampleRow {
  return { id, class: of, origin, source, camera, clip, addedMs };
}

function withJpeg(row: ExampleRow & { jpeg: ArrayBuffer }): ExampleRow & { readonly jpeg: Uint8Array } {
  return { ...plain(row), jpeg: new Uint8Array(row.jpeg) };
}
