import type { TableClient } from './store.js';
import type { TableOf } from './tables.js';

/** How a track looks. */
export interface Look {
  readonly track: string;
  readonly camera: string;
  readonly label: string;
  /** When its best view was, ms since 1970 UTC. */
  readonly seenMs: number;
  /** Version of the network that says so: what another says is of no use to it. */
  readonly model: string;
  /** A unit vector. */
  readonly embedding: Float32Array;
}

/** Which tracks to compare. */
export interface LookQuery {
  readonly like: Pick<Look, 'track' | 'model' | 'embedding'>;
  readonly cameras?: readonly string[];
  readonly label?: string;
  /** Those whose best view was from here on, and before `toMs`. */
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly limit: number;
}

/** A track that looks like the one asked about. */
export interface SimilarLook {
  readonly track: string;
  /** Cosine, -1..1. */
  readonly score: number;
}

/** Looks compared in one go, in some 12 ms. Other questions to the store come in between: they wait 22 ms at most (bench/similar.mjs). */
const WINDOW = 20_000;

/**
 * The tracks that look most like one, best first: every one that the query lets in is compared.
 * @throws {AppError} `store/read-failed`, … as `TableClient.read`
 */
export async function similarLooks(
  looks: TableClient<TableOf<'looks'>>,
  query: LookQuery,
): Promise<SimilarLook[]> {
  const last = await looks.read('last');
  let best: SimilarLook[] = [];
  for (let fromId = 0; fromId <= last; fromId += WINDOW) {
    const more = await looks.read('similar', query, fromId, fromId + WINDOW);
    best = [...best, ...more].sort((a, b) => b.score - a.score).slice(0, query.limit);
  }
  return best;
}
