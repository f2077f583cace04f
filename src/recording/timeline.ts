import type { SegmentCause } from '../store/index.js';

/** Less than this between two segments is how times are known, not a gap. */
const TOLERANCE_MS = 1000;

/** Why nothing is recorded of a time. `unknown`: nothing came after it yet that would tell. */
export type GapReason =
  'server-stopped' | 'camera-lost' | 'no-event' | 'disk-too-slow' | 'disk-refused' | 'deleted' | 'unknown';

/** A time without a recording, wall time in ms. */
export interface Gap {
  readonly fromMs: number;
  readonly toMs: number;
  readonly reason: GapReason;
}

const REASONS: Readonly<Record<SegmentCause, GapReason>> = {
  // It followed another one, which is gone.
  rotation: 'deleted',
  start: 'server-stopped',
  stream: 'camera-lost',
  event: 'no-event',
  overload: 'disk-too-slow',
  disk: 'disk-refused',
};

/**
 * What is missing between two times.
 *
 * @param segments by their starts; they may overlap, after the wall clock was set back
 */
export function gapsOf(
  segments: readonly { readonly startMs: number; readonly endMs: number; readonly cause: SegmentCause }[],
  fromMs: number,
  toMs: number,
): Gap[] {
  const gaps: Gap[] = [];
  let reachedMs = fromMs;
  for (const { startMs, endMs, cause } of segments) {
    if (startMs - reachedMs > TOLERANCE_MS)
      gaps.push({ fromMs: reachedMs, toMs: Math.min(startMs, toMs), reason: REASONS[cause] });
    reachedMs = Math.max(reachedMs, endMs);
  }
  if (toMs - reachedMs > TOLERANCE_MS) gaps.push({ fromMs: reachedMs, toMs, reason: 'unknown' });
  return gaps;
}
