import { DISTINCT_CANDIDATES, distinctLooks } from './distinct-looks.js';
import { groupLooks, type LookGroup } from './group-looks.js';
import { LookIndex } from './look-index.js';
import { lookTraitStatements } from './look-traits.js';
import type { LookedAt, LookQuery, SimilarLook } from './similar-looks.js';
import type { StoreDatabase } from './store-database.js';

/** Migration "looks-in-order": looks whose numbers never return, not even when one is put in place of another, so that what is new is what is behind the last one known. */
export const LOOKS_IN_ORDER_SCHEMA = `CREATE TABLE looks_before AS SELECT * FROM looks;
DROP TABLE looks;
CREATE TABLE looks (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  track     TEXT NOT NULL UNIQUE,
  camera    TEXT NOT NULL,
  label     TEXT NOT NULL,
  seen_ms   INTEGER NOT NULL,
  model     TEXT NOT NULL,
  embedding BLOB NOT NULL
) STRICT;
CREATE INDEX looks_by_age ON looks (seen_ms);
INSERT INTO looks (track, camera, label, seen_ms, model, embedding)
  SELECT track, camera, label, seen_ms, model, embedding FROM looks_before ORDER BY id;
DROP TABLE looks_before;
DROP TRIGGER track_renamed;
CREATE TRIGGER track_renamed AFTER UPDATE OF label ON tracks WHEN NEW.label <> OLD.label BEGIN
  INSERT OR REPLACE INTO looks (track, camera, label, seen_ms, model, embedding)
    SELECT track, camera, NEW.label, seen_ms, model, embedding FROM looks WHERE track = NEW.id;
END`;

/** Rows read in one go into memory. */
const READ_COUNT = 5000;
/** Candidates that are compared exactly, at least, and for each that is wanted. */
const CANDIDATES_MIN = 200;
const CANDIDATES_EACH = 4;
/** Looks that are grouped: a quarter of a second. */
const GROUPED_MAX = 2000;

interface Row {
  readonly id: number;
  readonly track: string;
  readonly camera: string;
  readonly label: string;
  readonly seen_ms: number;
  readonly model: string;
  readonly embedding: ArrayBuffer;
}

/**
 * Searches among looks; in a thread of its own, which keeps all of them in memory from the first question on. They are read from the
 * database, the new ones with each question, so it answers from what is committed.
 */
export function similarityTable({ connection }: StoreDatabase) {
  const behind = connection.prepare('SELECT * FROM looks WHERE id > ? ORDER BY id LIMIT ?');
  const chosen = connection.prepare('SELECT * FROM looks WHERE id IN (SELECT value FROM json_each(?))');
  const newest = connection.prepare(
    'SELECT model, length(embedding) AS bytes FROM looks ORDER BY id DESC LIMIT 1',
  );
  const idsOf = lookTraitStatements(connection);
  let indexes = new Map<string, LookIndex>();
  let lastId = 0;

  function catchUp(): void {
    for (;;) {
      const rows = behind.all([lastId, READ_COUNT]) as Row[];
      for (const { id, camera, label, seen_ms: seenMs, model, embedding } of rows) {
        const vector = numbersOf(embedding);
        const key = keyOf(model, vector.length);
        let index = indexes.get(key);
        if (index === undefined) indexes.set(key, (index = new LookIndex(vector.length)));
        index.add({ id, camera, label, seenMs }, vector);
        lastId = id;
      }
      if (rows.length < READ_COUNT) return;
    }
  }
  /** Rows of candidates. Where most are deleted or replaced by now, the index is made anew first. */
  function rowsOf(model: string, length: number, find: (index: LookIndex) => readonly number[]): Row[] {
    catchUp();
    for (let isNew = false; ; isNew = true) {
      const index = indexes.get(keyOf(model, length));
      const ids = index === undefined ? [] : find(index);
      const rows = chosen.all([JSON.stringify(ids)]) as Row[];
      if (isNew || rows.length >= ids.length / 2) return rows;
      indexes = new Map();
      lastId = 0;
      catchUp();
    }
  }

  return {
    writes: {},
    reads: {
      /** Reads all looks into memory, so that the first search need not; returns how many there are. */
      load(): number {
        catchUp();
        return [...indexes.values()].reduce((sum, { count }) => sum + count, 0);
      },
      /** The tracks that look most like one, best first, without that one. */
      nearest({ like, limit, isDistinct = false, ...filter }: LookQuery): SimilarLook[] {
        const { model, embedding, track: own } = like;
        const least = isDistinct ? DISTINCT_CANDIDATES : CANDIDATES_MIN;
        const count = Math.max(least, CANDIDATES_EACH * limit);
        const ranked = rowsOf(model, embedding.length, (index) =>
          index.candidates(embedding, { ...filter, ids: idsOf(filter) }, count),
        )
          .filter(({ track }) => track !== own)
          .map(({ track, camera, seen_ms: seenMs, embedding: bytes }) => {
            const numbers = numbersOf(bytes);
            return { track, camera, seenMs, embedding: numbers, score: cosine(embedding, numbers) };
          })
          .sort((a, b) => b.score - a.score);
        if (isDistinct) return distinctLooks(ranked, limit);
        return ranked.slice(0, limit).map(({ track, score }) => ({ track, score }));
      },
      /** Groups of the newest tracks that look alike, by the newest network. @param likeness cosine with the group's mean */
      groups(filter: LookedAt, likeness: number): { looked: number; isCut: boolean; groups: LookGroup[] } {
        const last = newest.get([]) as { model: string; bytes: number } | undefined;
        if (last === undefined) return { looked: 0, isCut: false, groups: [] };
        const rows = rowsOf(last.model, last.bytes / 4, (index) =>
          index.newest({ ...filter, ids: idsOf(filter) }, GROUPED_MAX),
        );
        const looks = rows.map(({ track, embedding }) => ({ track, embedding: numbersOf(embedding) }));
        return {
          looked: rows.length,
          isCut: rows.length === GROUPED_MAX,
          groups: groupLooks(looks, likeness),
        };
      },
    },
  };
}

const keyOf = (model: string, length: number) => `${length} ${model}`;

/** libsql gives the bytes of each row of many as an ArrayBuffer of its own. */
const numbersOf = (bytes: ArrayBuffer) => new Float32Array(bytes);

function cosine(a: Float32Array, b: Float32Array): number {
  let [sum, ofA, ofB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    sum += a[i]! * b[i]!;
    ofA += a[i]! ** 2;
    ofB += b[i]! ** 2;
  }
  return sum / (Math.sqrt(ofA * ofB) || 1);
}
