import { DISTINCT_CANDIDATES, distinctLooks, type FoundLook } from '../distinct-looks.js';
import { bytesOf, ORPHANS_MAX } from '../look-table.js';
import type { LookedAt, LookQuery, SimilarLook } from '../similar-looks.js';
import { IS_IN_ZONE, IS_OF_COLOUR } from '../track-traits.js';
import { Filter } from './filter.js';
import type { LookColumn } from './look-column.js';
import type { Queryable } from './queryable.js';
import type { TwinOf } from './twin.js';

/** Looks that are fetched and compared at a time where the database cannot compare them: a millisecond or two of the control thread. */
const PAGE_ROWS = 256;

interface Stored {
  readonly track: string;
  readonly camera: string;
  readonly label: string;
  readonly seen_ms: number;
  readonly model: string;
  readonly embedding: Buffer | string;
}

type Found = Pick<Stored, 'track' | 'camera' | 'seen_ms' | 'embedding'>;

/** How tracks look. @param column whether the database compares them, or this process */
export function lookTwin(db: Queryable, column: () => LookColumn): TwinOf<'looks'> {
  return {
    writes: {
      async put({ track: id, camera, label, seenMs, model, embedding }) {
        const known = await db.query<{ label: string; merged_into: string | null }>(
          'SELECT label, merged_into FROM tracks WHERE id = $1',
          [id],
        );
        const { merged_into: mergedInto = null, label: nowLabel = label } = known.rows[0] ?? {};
        if (mergedInto !== null) return;
        const values = [Math.round(seenMs), model, written(embedding, column()), id];
        const { count } = await db.query(
          'UPDATE looks SET seen_ms = $1, model = $2, embedding = $3 WHERE track = $4',
          values,
        );
        // Not by ON CONFLICT: that takes a number each time, and a search goes through all numbers.
        if (count === 0)
          await db.query(
            'INSERT INTO looks (seen_ms, model, embedding, track, camera, label) VALUES ($1, $2, $3, $4, $5, $6)',
            [...values, camera, nowLabel],
          );
      },
      async removeOrphans(beforeMs) {
        const { count } = await db.query(
          `DELETE FROM looks WHERE id IN (SELECT id FROM looks WHERE seen_ms < $1
             AND NOT EXISTS (SELECT 1 FROM tracks WHERE tracks.id = track) ORDER BY seen_ms LIMIT $2)`,
          [Math.floor(beforeMs), ORPHANS_MAX],
        );
        return count;
      },
    },
    reads: {
      async one(id) {
        const { rows } = await db.query<Stored>(
          'SELECT track, camera, label, seen_ms, model, embedding FROM looks WHERE track = $1',
          [id],
        );
        if (rows[0] === undefined) return undefined;
        const { track, camera, label, seen_ms: seenMs, model, embedding } = rows[0];
        return { track, camera, label, seenMs, model, embedding: numbersOf(embedding) };
      },
    },
  };
}

/** The looks that are most like one, best first: compared by the database, or else by this process. */
export async function nearestLooks(
  db: Queryable,
  column: LookColumn,
  query: LookQuery,
): Promise<SimilarLook[]> {
  const { limit, isDistinct = false } = query;
  const count = isDistinct ? Math.max(limit, DISTINCT_CANDIDATES) : limit;
  const find = column === 'vector' ? similarByDatabase : similarByScan;
  const found = await find(db, query, count);
  return isDistinct ? distinctLooks(found, limit) : found.map(({ track, score }) => ({ track, score }));
}

/** Looks of one network, of the tracks that are asked for. */
export function filterOf(model: string, asked: LookedAt): Filter {
  const { cameras, label, zone, colour, fromMs, toMs } = asked;
  const filter = new Filter().add('model = ?', model).equal({ camera: cameras, label });
  if (zone !== undefined) filter.add(IS_IN_ZONE, zone);
  if (colour !== undefined) filter.add(IS_OF_COLOUR, colour);
  if (fromMs !== undefined) filter.add('seen_ms >= ?', fromMs);
  if (toMs !== undefined) filter.add('seen_ms < ?', toMs);
  return filter;
}

function otherThan({ like, ...asked }: LookQuery): Filter {
  return filterOf(like.model, asked).add('track <> ?', like.track);
}

async function similarByDatabase(db: Queryable, query: LookQuery, count: number): Promise<FoundLook[]> {
  const { embedding } = query.like;
  const filter = otherThan(query).add('vector_dims(embedding) = ?', embedding.length);
  const { rows } = await db.query<Found & { distance: number }>(
    `SELECT track, camera, seen_ms, embedding, embedding <=> $${filter.values.length + 1}::vector AS distance
     FROM looks ${filter.sql} ORDER BY distance LIMIT ${count}`,
    [...filter.values, vectorText(embedding)],
  );
  return rows.map((row) => foundOf(row, 1 - row.distance));
}

async function similarByScan(db: Queryable, query: LookQuery, count: number): Promise<FoundLook[]> {
  const { embedding } = query.like;
  let best: { readonly row: Found; readonly score: number }[] = [];
  for (let afterId = -1; ;) {
    const filter = otherThan(query).add('id > ?', afterId).add('length(embedding) = ?', embedding.byteLength);
    const { rows } = await db.query<Found & { id: number; embedding: Buffer }>(
      `SELECT id, track, camera, seen_ms, embedding FROM looks ${filter.sql} ORDER BY id LIMIT ${PAGE_ROWS}`,
      filter.values,
    );
    const scored = rows.map((row) => ({ row, score: cosine(embedding, row.embedding) }));
    best = [...best, ...scored].sort((a, b) => b.score - a.score).slice(0, count);
    if (rows.length < PAGE_ROWS) return best.map(({ row, score }) => foundOf(row, score));
    afterId = rows.at(-1)!.id;
  }
}

function foundOf({ track, camera, seen_ms: seenMs, embedding }: Found, score: number): FoundLook {
  return { track, camera, seenMs, score, embedding: numbersOf(embedding) };
}

function cosine(like: Float32Array, bytes: Buffer): number {
  const other = new Float32Array(Uint8Array.from(bytes).buffer);
  let [product, a, b] = [0, 0, 0];
  for (let i = 0; i < like.length; i++) {
    const [x, y] = [like[i]!, other[i]!];
    product += x * y;
    a += x * x;
    b += y * y;
  }
  return product / Math.sqrt(a * b);
}

/** Numbers as the column takes them. */
export function written(numbers: Float32Array, column: LookColumn): Buffer | string {
  return column === 'vector' ? vectorText(numbers) : bytesOf(numbers);
}

/** Numbers as a column gives them. */
export function numbersOf(embedding: Buffer | string): Float32Array {
  if (typeof embedding === 'string') return Float32Array.from(JSON.parse(embedding) as number[]);
  return new Float32Array(Uint8Array.from(embedding).buffer);
}

function vectorText(numbers: Float32Array): string {
  return `[${numbers.join(',')}]`;
}
