import type { FollowerGeometry } from '../../geometry/index.js';

/** How much of what the network says is believed. */
export interface FollowerTuning {
  /** How strongly a change of size or aspect speaks against a cell. */
  readonly penaltyK: number;
  /** Share of the window, which prefers the middle, in a cell's rank, 0..1. */
  readonly windowInfluence: number;
  /** Share of a new size in the size that is kept, 0..1, times the score. */
  readonly sizeRate: number;
}

/**
 * What is known of a pair of files that follow an object: plain data, so that it can be sent to a worker. Prepared (see
 * `prepareFollower`), every pair is alike: `crop` [N, 3, T, T] to `kernel` and perhaps `embedding`, and `crop` [N, 3, S, S] with
 * `kernel` to `score` [N, 1, G, G], 0..1, and `ltrb` [N, 4, G, G], the distances from a cell's centre to the sides of the box.
 */
export interface FollowerDescription {
  readonly family: 'sightline' | 'nanotrack';
  readonly geometry: FollowerGeometry;
  readonly tuning: FollowerTuning;
  /** Planes of a crop, 0..255 each. */
  readonly order: 'rgb' | 'bgr';
  /** Channels, height and width of a kernel. */
  readonly kernel: readonly [channels: number, height: number, width: number];
  /** Length of an embedding; 0 without any. */
  readonly embeddingLength: number;
  /** So many crops are looked at in one run. */
  readonly batchMax: number;
}

/** Names of the tensors of a prepared pair. */
export const FOLLOWER_TENSORS = {
  crop: 'crop',
  kernel: 'kernel',
  embedding: 'embedding',
  score: 'score',
  ltrb: 'ltrb',
} as const;
