/** A stretch of the timeline that can be played, s. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Where the playback stands. */
export interface Playback {
  /** s */
  readonly currentTime: number;
  readonly rate: number;
  /** In the order of time. */
  readonly ranges: readonly Range[];
  /** How far behind the live edge to play, ms. */
  readonly targetMs: number;
}

/** What to do to be at the target. */
export interface Steering {
  /** Go there at once, s. */
  readonly seekTo?: number;
  readonly rate: number;
}

const JUMP_BEHIND_S = 2;
const FAST = { rate: 1.05, fromS: 0.15 };
const FASTER = { rate: 1.1, fromS: 0.5 };
const SLOW = { rate: 0.95, fromS: 0.15 };
/** A changed rate is kept until the target is as near as this. */
const SETTLED_S = 0.03;
/** What is left of a range at its end, when the next picture will not come from it. */
const END_OF_RANGE_S = 0.05;

/**
 * Keeps the playback at its target behind the live edge: by rate where that does it, by a jump when it is more
 * than 2 s behind, before the first picture, or at the end of a range with another after it.
 */
export function steer({ currentTime, rate, ranges, targetMs }: Playback): Steering {
  const last = ranges.at(-1);
  if (last === undefined) return { rate: 1 };
  const behind = last.end - currentTime;
  const isInLast = currentTime >= last.start && behind >= 0;
  const live = Math.max(last.start, last.end - targetMs / 1000);
  if (behind > JUMP_BEHIND_S && live > currentTime) return { seekTo: live, rate: 1 };
  if (!isInLast) {
    // Ahead of everything (the timeline was cut) there is nothing to wait for; after all pictures there is.
    if (currentTime > last.end)
      return currentTime - last.end > JUMP_BEHIND_S ? { seekTo: live, rate: 1 } : { rate: 1 };
    const own = ranges.find(({ start, end }) => currentTime >= start && currentTime < end - END_OF_RANGE_S);
    if (own === undefined) return { seekTo: live, rate: 1 };
  }
  return { rate: rateFor(behind - targetMs / 1000, rate) };
}

/** @param excess s behind the target; negative: ahead of it */
function rateFor(excess: number, rate: number): number {
  if (excess > FASTER.fromS) return FASTER.rate;
  if (excess > FAST.fromS) return Math.max(FAST.rate, rate);
  if (excess < -SLOW.fromS) return SLOW.rate;
  const isSettled = rate > 1 ? excess <= SETTLED_S : excess >= -SETTLED_S;
  return isSettled ? 1 : rate;
}
