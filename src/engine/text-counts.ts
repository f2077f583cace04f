/** Why a view that was due was not read: the detector has pictures to look at, the thread is at another one, too much has been read of late, or the models are not there. */
export type TextSkip = 'detection' | 'busy' | 'budget' | 'loading';

/** What became of views of tracks that were due to be read. */
export interface TextCounts {
  /** Answers, corrections among them. */
  readonly told: number;
  /** Views in which something was read, and nothing; and those that could not be read. */
  readonly read: number;
  readonly nothing: number;
  readonly failed: number;
  /** Put off; counted with each picture. */
  readonly skipped: Readonly<Record<TextSkip, number>>;
  /** What each reading took, ms. */
  readonly readMs: readonly number[];
}

/** Before anything was read. */
export const NO_TEXTS: TextCounts = {
  told: 0,
  read: 0,
  nothing: 0,
  failed: 0,
  skipped: { detection: 0, busy: 0, budget: 0, loading: 0 },
  readMs: [],
};

/** Counts of two spans as those of both. */
export function addedTexts(a: TextCounts, b: TextCounts): TextCounts {
  const skipped = { ...a.skipped };
  for (const reason of Object.keys(skipped) as TextSkip[]) skipped[reason] += b.skipped[reason];
  return {
    told: a.told + b.told,
    read: a.read + b.read,
    nothing: a.nothing + b.nothing,
    failed: a.failed + b.failed,
    skipped,
    readMs: [...a.readMs, ...b.readMs],
  };
}
