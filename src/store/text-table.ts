import type { Database } from 'libsql';
import type { TextReadMessage } from '../events/index.js';
import { comparable, foldedText, partsWithin, textDistance } from '../reading/index.js';
import type { StoreDatabase } from './store-database.js';
import { IS_IN_ZONE, IS_OF_COLOUR, type TrackTraits } from './track-traits.js';

/** Migration "texts": what is written on tracks. */
export const TEXTS_SCHEMA = `CREATE TABLE track_texts (
  track      TEXT PRIMARY KEY,
  camera     TEXT NOT NULL,
  told_ms    INTEGER NOT NULL,
  comparable TEXT NOT NULL,
  folded     TEXT NOT NULL,
  facts      TEXT NOT NULL
) STRICT;
CREATE INDEX track_texts_comparable ON track_texts (comparable);
CREATE INDEX track_texts_by_time ON track_texts (told_ms, camera, folded);
CREATE TRIGGER track_gone_text AFTER DELETE ON tracks BEGIN
  DELETE FROM track_texts WHERE track = OLD.id;
END;
CREATE TRIGGER track_merged_text AFTER UPDATE OF merged_into ON tracks WHEN NEW.merged_into IS NOT NULL BEGIN
  DELETE FROM track_texts WHERE track = NEW.id;
END`;

/** What is written on a track, as it was told last. */
export type TrackTextRow = TextReadMessage['text'] & {
  /** ms since 1970 UTC */
  readonly toldMs: number;
};

/** Which texts: near one, told of tracks of these cameras and label within a time. */
export interface TextQuery extends TrackTraits {
  readonly text: string;
  /** As `textDistance` has it. */
  readonly distance: number;
  readonly cameras?: readonly string[];
  readonly label?: string;
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly limit: number;
}

/** A text that was found. */
export interface FoundText {
  readonly track: string;
  readonly distance: number;
}

/** What a search found. */
export interface FoundTexts {
  /** The nearest first; of equals the newest. */
  readonly found: readonly FoundText[];
  /** There are more that may be as near, and were not looked at: older ones. */
  readonly isCut: boolean;
}

/** A candidate as either database has it, the newest first. */
export interface TextCandidate {
  readonly track: string;
  readonly comparable: string;
}

/** Texts of which the distance is measured; the newest of those that may be near enough. */
export const CANDIDATES_MAX = 20_000;

/** What is written on tracks. */
export function textTable({ connection }: StoreDatabase) {
  return {
    writes: {},
    reads: {
      /** Texts near one. */
      near(query: TextQuery): FoundTexts {
        const { sql, values } = candidatesWhere(query);
        const rows = connection
          .prepare(`SELECT track, comparable FROM track_texts ${sql} ORDER BY told_ms DESC LIMIT ?`)
          .all([...values, CANDIDATES_MAX + 1]) as TextCandidate[];
        return nearestOf(rows, query);
      },
    },
  };
}

function candidatesWhere({ text, distance, cameras, label, zone, colour, fromMs, toMs }: TextQuery) {
  const values: (string | number)[] = [];
  const terms: string[] = [];
  const add = (term: string, ...more: readonly (string | number)[]) => {
    terms.push(term);
    values.push(...more);
  };
  if (distance === 0) add('comparable = ?', comparable(text));
  else {
    const parts = partsWithin(text, distance);
    add(`(${parts.map(() => 'instr(folded, ?) > 0').join(' OR ')})`, ...parts);
  }
  if (cameras !== undefined) add(`camera IN (${cameras.map(() => '?').join(', ')})`, ...cameras);
  if (label !== undefined) add('(SELECT label FROM tracks WHERE id = track) = ?', label);
  if (zone !== undefined) add(IS_IN_ZONE, zone);
  if (colour !== undefined) add(IS_OF_COLOUR, colour);
  if (fromMs !== undefined) add('told_ms >= ?', fromMs);
  if (toMs !== undefined) add('told_ms < ?', toMs);
  return { sql: `WHERE ${terms.join(' AND ')}`, values };
}

/** @param rows the newest first, one more than is looked at where there is more */
export function nearestOf(
  rows: readonly TextCandidate[],
  { text, distance, limit }: Pick<TextQuery, 'text' | 'distance' | 'limit'>,
): FoundTexts {
  const found = rows
    .slice(0, CANDIDATES_MAX)
    .map((row) => ({ track: row.track, distance: textDistance(text, row.comparable, distance) }))
    .filter((row) => row.distance <= distance)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, limit);
  return { found, isCut: rows.length > CANDIDATES_MAX };
}

/** Columns of a row, from a message about a text. */
export function textColumns(body: string) {
  const { track, camera, time, text } = JSON.parse(body) as TextReadMessage;
  const toldMs = Date.parse(time);
  return {
    track: track.id,
    camera,
    toldMs,
    comparable: comparable(text.value),
    folded: foldedText(text.value),
    facts: JSON.stringify({ ...text, toldMs } satisfies TrackTextRow),
  };
}

/** Keeps what messages say, in the journal's own transaction; not of a track that was another's, or is not known. */
export function trackTextStatements(connection: Database) {
  const put = connection.prepare(
    `INSERT INTO track_texts (track, camera, told_ms, comparable, folded, facts)
     SELECT id, ?, ?, ?, ?, ? FROM tracks WHERE id = ? AND merged_into IS NULL
     ON CONFLICT (track) DO UPDATE SET told_ms = excluded.told_ms, comparable = excluded.comparable, folded = excluded.folded, facts = excluded.facts`,
  );
  return {
    take(body: string): void {
      const row = textColumns(body);
      put.run([row.camera, row.toldMs, row.comparable, row.folded, row.facts, row.track]);
    },
  };
}
