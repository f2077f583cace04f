import { textDistance } from '../reading/index.js';

/** One text as it should be, and as it was read; `''` for nothing. */
export interface ReadPair {
  readonly truth: string;
  readonly read: string;
}

/** How well texts were read. Shares are 0..1. */
export interface TextAccuracy {
  readonly count: number;
  /** Read character for character, case, spaces and punctuation aside. */
  readonly exact: number;
  /** The same with O as 0 and I as 1, which plates draw alike and labels mix. */
  readonly exactButConfusables: number;
  /** Mean of the edit distance over the length of the truth, at most 1 for each; confusable characters count a half. */
  readonly errorRate: number;
}

/** Compares what was read with what stands there. @returns all 0 for no pairs */
export function textAccuracy(pairs: readonly ReadPair[]): TextAccuracy {
  const share = (is: (pair: ReadPair) => number) =>
    pairs.length === 0 ? 0 : pairs.reduce((sum, pair) => sum + is(pair), 0) / pairs.length;
  return {
    count: pairs.length,
    exact: share(({ truth, read }) => Number(plain(truth) === plain(read))),
    exactButConfusables: share(({ truth, read }) => Number(textDistance(truth, read) === 0)),
    errorRate: share(({ truth, read }) =>
      Math.min(1, textDistance(truth, read) / Math.max(1, plain(truth).length)),
    ),
  };
}

function plain(text: string): string {
  return text.toUpperCase().replace(/[^\p{L}\p{N}]/gu, '');
}
