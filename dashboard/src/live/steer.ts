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
  /** The viewer has just come, and got pictures of the last seconds at once: a jump is not seen as one. */
  readonly isJoining: boolean;
}

/** What to do to be at the target. */
export interface Steering {
  /** Go there at once, s. */
  readonly seekTo?: number;
  readonly rate: number;
  /** Stand still until there is enough to play at the target: a stream that has just begun. */
  readonly isHeld: boolean;
}

const JUMP_BEHIND_S = 2;
const JUMP_BEYOND_TARGET_JOINING_S = 0.25;
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
export function steer(playback: Playback): Steering {
  const { currentTime, rate, ranges, isJoining } = playback;
  const last = ranges.at(-1);
  if (last === undefined) return { rate: 1, isHeld: false };
  const target = playback.targetMs / 1000;
  const behind = last.end - currentTime;
  const live = Math.max(last.start, last.end - target);
  const jumpBehind = isJoining ? target + JUMP_BEYOND_TARGET_JOINING_S : JUMP_BEHIND_S;
  if (behind > jumpBehind && live > currentTime) return { seekTo: live, rate: 1, isHeld: false };
  // Far ahead of everything: the timeline was cut. A little ahead: the next pictures are on their way.
  if (behind < -JUMP_BEHIND_S) return { seekTo: live, rate: 1, isHeld: false };
  const isPlayable = ranges.some(({ start, end }, at) => {
    const isLast = at === ranges.length - 1;
    return currentTime >= start && (isLast || currentTime < end - END_OF_RANGE_S);
  });
  if (!isPlayable) return { seekTo: live, rate: 1, isHeld: false };
  return { rate: rateFor(behind - target, rate), isHeld: isJoining && behind < target - SETTLED_S };
}

/** @param excess s behind the target; negative: ahead of it */
function rateFor(excess: number, rate: number): number {
  if (excess > FASTER.fromS) return FASTER.rate;
  if (excess > FAST.fromS) return Math.max(FAST.rate, rate);
  if (excess < -SLOW.fromS) return SLOW.rate;
  const isSettled = rate > 1 ? excess <= SETTLED_S : excess >= -SETTLED_S;
  return isSettled ? 1 : rate;
}
