import type { TrackTraits } from './track-traits.js';

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

/** Which tracks to compare, or to group. */
export interface LookedAt extends TrackTraits {
  readonly cameras?: readonly string[];
  readonly label?: string;
  /** Those whose best view was from here on, and before `toMs`. */
  readonly fromMs?: number;
  readonly toMs?: number;
}

/** Which tracks to compare with one. */
export interface LookQuery extends LookedAt {
  readonly like: Pick<Look, 'track' | 'model' | 'embedding'>;
  readonly limit: number;
  /** Of tracks of one camera that look nearly the same, one after another, the best alone. */
  readonly isDistinct?: boolean;
}

/** A track that looks like the one asked about. */
export interface SimilarLook {
  readonly track: string;
  /** Cosine, -1..1. */
  readonly score: number;
  /** How many others it stands for, at least; where distinct ones were asked for. */
  readonly others?: number;
}
