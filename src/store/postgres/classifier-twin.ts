import {
  VERSIONS_MAX,
  type ClassifierRow,
  type ExampleRow,
  type TrackClassRow,
  type VersionRow,
} from '../classifier-table.js';
import type { NumberedRow } from './journal-twin.js';
import { columnsOf, type Queryable } from './queryable.js';
import type { TwinOf } from './twin.js';

const EXAMPLE = 'id, class, origin, source, camera, clip, added_ms AS "addedMs"';

/** Classifiers, their examples and versions. */
export function classifierTwin(db: Queryable): TwinOf<'classifiers'> {
  const changed = async (sql: string, values: readonly unknown[]) => (await db.query(sql, values)).count > 0;
  const all = async <Row extends object>(sql: string, ...values: readonly unknown[]) =>
    (await db.query<Row>(sql, values)).rows;
  return {
    writes: {
      create: (name, settings, madeMs) =>
        changed(
          'INSERT INTO classifiers (name, settings, made_ms) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
          [name, settings, Math.round(madeMs)],
        ),
      settle: (name, settings) =>
        changed('UPDATE classifiers SET settings = $2 WHERE name = $1', [name, settings]),
      remove: (name) => changed('DELETE FROM classifiers WHERE name = $1', [name]),
      async addExample(classifier, example, jpeg) {
        const { class: of, origin, source, camera, clip, addedMs } = example;
        const [row] = await all<{ id: number }>(
          `INSERT INTO classifier_examples (classifier, class, origin, source, camera, clip, added_ms, jpeg)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (classifier, source) DO UPDATE
             SET class = excluded.class, origin = excluded.origin, jpeg = excluded.jpeg RETURNING id`,
          ...[classifier, of, origin, source, camera, clip, Math.round(addedMs), Buffer.from(jpeg)],
        );
        return row!.id;
      },
      removeExample: (classifier, id) =>
        changed('DELETE FROM classifier_examples WHERE classifier = $1 AND id = $2', [classifier, id]),
      async addVersion(name, trainedMs, head, report) {
        const [row] = await all<{ version: number }>(
          `UPDATE classifiers SET last_version = last_version + 1, active = last_version + 1 WHERE name = $1
           RETURNING last_version AS version`,
          name,
        );
        const { version } = row!;
        await db.query(
          'INSERT INTO classifier_versions (classifier, version, trained_ms, head, report) VALUES ($1, $2, $3, $4, $5)',
          [name, version, Math.round(trainedMs), head, report],
        );
        await db.query(
          'DELETE FROM classifier_versions WHERE classifier = $1 AND version <= $2 AND version <> $3',
          [name, version - VERSIONS_MAX, version],
        );
        return version;
      },
      activate: (name, version) =>
        changed('UPDATE classifiers SET active = $2 WHERE name = $1', [name, version]),
    },
    reads: {
      list: () =>
        all<ClassifierRow>(
          `SELECT name, settings, active, made_ms AS "madeMs", coalesce((SELECT json_object_agg(class, n) FROM
             (SELECT class, count(*) AS n FROM classifier_examples WHERE classifier = name GROUP BY class) AS counts), '{}') AS examples
           FROM classifiers ORDER BY name COLLATE "C"`,
        ),
      examples: (classifier) =>
        all<ExampleRow>(
          `SELECT ${EXAMPLE} FROM classifier_examples WHERE classifier = $1 ORDER BY id DESC`,
          classifier,
        ),
      exampleJpegs: async (classifier) =>
        (
          await all<ExampleRow & { jpeg: Buffer }>(
            `SELECT ${EXAMPLE}, jpeg FROM classifier_examples WHERE classifier = $1 ORDER BY id`,
            classifier,
          )
        ).map(withJpeg),
      example: async (classifier, id) =>
        (
          await all<ExampleRow & { jpeg: Buffer }>(
            `SELECT ${EXAMPLE}, jpeg FROM classifier_examples WHERE classifier = $1 AND id = $2`,
            ...[classifier, id],
          )
        ).map(withJpeg)[0],
      versions: (classifier) =>
        all<VersionRow>(
          `SELECT version, trained_ms AS "trainedMs", head, report FROM classifier_versions WHERE classifier = $1 ORDER BY version DESC`,
          classifier,
        ),
    },
  };
}

/** Keeps what messages of a batch say of tracks, the last of each, in the journal's own transaction; not of one that was another's, or is not known. */
export async function keepTrackClasses(db: Queryable, rows: readonly NumberedRow[]): Promise<void> {
  const said = new Map<string, TrackClassRow & { track: string }>();
  for (const { type, body } of rows) {
    if (type !== 'track.classified') continue;
    const { track, class: one } = JSON.parse(body) as { track: { id: string }; class: TrackClassRow };
    said.set(JSON.stringify([track.id, one.classifier]), { track: track.id, ...one });
  }
  if (said.size === 0) return;
  await db.query(
    `INSERT INTO track_classes (track, classifier, version, value, confidence)
     SELECT s.* FROM unnest($1::text[], $2::text[], $3::integer[], $4::text[], $5::double precision[])
       AS s (track, classifier, version, value, confidence) JOIN tracks ON tracks.id = s.track AND merged_into IS NULL
     ON CONFLICT (track, classifier) DO UPDATE
       SET version = excluded.version, value = excluded.value, confidence = excluded.confidence`,
    columnsOf(
      [...said.values()],
      ({ track }) => track,
      ({ classifier }) => classifier,
      ({ version }) => version,
      ({ value }) => value,
      ({ confidence }) => confidence,
    ),
  );
}

function withJpeg({
  jpeg,
  ...row
}: ExampleRow & { jpeg: Buffer }): ExampleRow & { readonly jpeg: Uint8Array } {
  return { ...row, jpeg: Uint8Array.from(jpeg) };
}
