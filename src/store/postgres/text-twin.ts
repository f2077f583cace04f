import { comparable, partsWithin } from '../../reading/index.js';
import { CANDIDATES_MAX, nearestOf, textColumns, type TextCandidate } from '../text-table.js';
import { IS_IN_ZONE, IS_OF_COLOUR } from '../track-traits.js';
import { Filter } from './filter.js';
import type { NumberedRow } from './journal-twin.js';
import { columnsOf, whole, type Queryable } from './queryable.js';
import type { TwinOf } from './twin.js';

/** Migration "texts": what is written on tracks. */
export const TEXTS = `CREATE TABLE track_texts (
  track      text PRIMARY KEY,
  camera     text NOT NULL,
  told_ms    bigint NOT NULL,
  comparable text NOT NULL,
  folded     text NOT NULL,
  facts      text NOT NULL
);
CREATE INDEX track_texts_comparable ON track_texts (comparable);
CREATE INDEX track_texts_by_time ON track_texts (told_ms, camera, folded);
CREATE FUNCTION tracks_gone_texts() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  DELETE FROM track_texts USING gone WHERE track = gone.id;
  RETURN NULL;
END $$;
CREATE FUNCTION track_merged_text() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  DELETE FROM track_texts WHERE track = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER tracks_gone_texts AFTER DELETE ON tracks
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION tracks_gone_texts();
CREATE TRIGGER track_merged_text AFTER UPDATE ON tracks
  FOR EACH ROW WHEN (NEW.merged_into IS NOT NULL) EXECUTE FUNCTION track_merged_text()`;

/** What is written on tracks. */
export function textTwin(db: Queryable): TwinOf<'texts'> {
  return {
    writes: {},
    reads: {
      async near(query) {
        const { text, distance, cameras, label, zone, colour, fromMs, toMs } = query;
        const filter = new Filter().equal({ camera: cameras });
        if (distance === 0) filter.add('comparable = ?', comparable(text));
        else {
          const parts = partsWithin(text, distance);
          filter.add(`(${parts.map(() => 'strpos(folded, ?) > 0').join(' OR ')})`, ...parts);
        }
        if (label !== undefined) filter.add('(SELECT label FROM tracks WHERE id = track) = ?', label);
        if (zone !== undefined) filter.add(IS_IN_ZONE, zone);
        if (colour !== undefined) filter.add(IS_OF_COLOUR, colour);
        if (fromMs !== undefined) filter.add('told_ms >= ?', whole(fromMs));
        if (toMs !== undefined) filter.add('told_ms < ?', whole(toMs));
        const { rows } = await db.query<TextCandidate>(
          `SELECT track, comparable FROM track_texts ${filter.sql} ORDER BY told_ms DESC LIMIT ${CANDIDATES_MAX + 1}`,
          filter.values,
        );
        return nearestOf(rows, query);
      },
    },
  };
}

/** Keeps what messages of a batch say of the texts of tracks, the last of each, in the journal's own transaction; not of one that was another's, or is not known. */
export async function keepTrackTexts(db: Queryable, rows: readonly NumberedRow[]): Promise<void> {
  const said = new Map(
    rows.flatMap(({ type, body }) => {
      if (type !== 'text.read') return [];
      const columns = textColumns(body);
      return [[columns.track, columns] as const];
    }),
  );
  if (said.size === 0) return;
  await db.query(
    `INSERT INTO track_texts (track, camera, told_ms, comparable, folded, facts)
     SELECT s.* FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[])
       AS s (track, camera, told_ms, comparable, folded, facts) JOIN tracks ON tracks.id = s.track AND merged_into IS NULL
     ON CONFLICT (track) DO UPDATE
       SET told_ms = excluded.told_ms, comparable = excluded.comparable, folded = excluded.folded, facts = excluded.facts`,
    columnsOf(
      [...said.values()],
      ({ track }) => track,
      ({ camera }) => camera,
      ({ toldMs }) => toldMs,
      (row) => row.comparable,
      ({ folded }) => folded,
      ({ facts }) => facts,
    ),
  );
}
