import type { Look, SimilarLook } from './similar-looks.js';

/** Looks that are compared for one page of distinct ones. */
export const DISTINCT_CANDIDATES = 500;
/** Least cosine of two looks that are nearly the same. */
const LIKENESS = 0.95;
/** What was nearly the same is again, if no more time lies between. */
const GAP_MS = 30 * 60_000;

/** A look that was found. */
export interface FoundLook extends Pick<Look, 'track' | 'camera' | 'seenMs' | 'embedding'> {
  /** Cosine with the one asked about. */
  readonly score: number;
}

/**
 * Of looks that are nearly the same the best alone: a parked car that was tracked ten times is one answer. Nearly the same are looks of one
 * camera with a cosine of 0.95 that follow one another within half an hour each.
 *
 * @param ranked unit vectors, the best first
 */
export function distinctLooks(ranked: readonly FoundLook[], limit: number): SimilarLook[] {
  const left = new Set(ranked);
  const told: SimilarLook[] = [];
  for (const best of ranked) {
    if (told.length === limit) break;
    if (!left.delete(best)) continue;
    const alike = [...left].filter(
      (other) => other.camera === best.camera && dot(other.embedding, best.embedding) >= LIKENESS,
    );
    const others = followed(best, alike);
    for (const other of others) left.delete(other);
    told.push({ track: best.track, score: best.score, others: others.length });
  }
  return told;
}

/** Those that lead to one, in both directions of time, without a longer gap. */
function followed(best: FoundLook, alike: readonly FoundLook[]): FoundLook[] {
  const inOrder = [...alike].sort((a, b) => a.seenMs - b.seenMs);
  const run = (looks: readonly FoundLook[]) => {
    let lastMs = best.seenMs;
    const end = looks.findIndex(({ seenMs }) => {
      const isFar = Math.abs(seenMs - lastMs) > GAP_MS;
      lastMs = seenMs;
      return isFar;
    });
    return end < 0 ? looks : looks.slice(0, end);
  };
  const before = inOrder.filter(({ seenMs }) => seenMs < best.seenMs).reverse();
  const after = inOrder.filter(({ seenMs }) => seenMs >= best.seenMs);
  return [...run(before), ...run(after)];
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
