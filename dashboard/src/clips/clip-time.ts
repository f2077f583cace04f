/** A time that a clip shows without a break, ms since 1970 UTC. */
export interface ClipRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Reads `Sightline-Clip-Ranges`: what a clip shows, in order; what is missing in between is left out of it. */
export function rangesOf(header: string | null): ClipRange[] {
  return (header ?? '')
    .split(', ')
    .map((range) => range.split('/').map((time) => Date.parse(time)))
    .flatMap(([fromMs = NaN, toMs = NaN]) => (toMs > fromMs ? [{ fromMs, toMs }] : []));
}

/** When the picture at a time of the clip was taken, ms since 1970 UTC; undefined for a clip of nothing. */
export function wallTimeOf(ranges: readonly ClipRange[], mediaTimeMs: number): number | undefined {
  let leftMs = mediaTimeMs;
  for (const [at, { fromMs, toMs }] of ranges.entries()) {
    const lengthMs = toMs - fromMs;
    // The header rounds to milliseconds: the last picture may be just behind its end.
    if (leftMs < lengthMs || at === ranges.length - 1) return fromMs + leftMs;
    leftMs -= lengthMs;
  }
  return undefined;
}

/** Where a clip shows a time: the nearest place, ms from its start. */
export function mediaTimeOf(ranges: readonly ClipRange[], wallMs: number): number {
  let beforeMs = 0;
  for (const { fromMs, toMs } of ranges) {
    if (wallMs < toMs) return beforeMs + Math.max(0, wallMs - fromMs);
    beforeMs += toMs - fromMs;
  }
  return beforeMs;
}

/**
 * The number of the picture that is shown at a time: the last one that began before it.
 *
 * @param times when pictures are shown, ms, rising
 */
export function frameAt(times: readonly number[], mediaTimeMs: number): number {
  // Browsers round to microseconds, and to where they think a picture begins.
  const behind = times.findIndex((timeMs) => timeMs > mediaTimeMs + 1);
  return behind < 0 ? times.length - 1 : Math.max(0, behind - 1);
}

/** A time within a picture, ms: in its middle, so that no rounding shows its neighbour. */
export function timeWithin(times: readonly number[], frame: number): number {
  const from = times[frame] ?? 0;
  const before = frame > 0 ? from - times[frame - 1]! : 40;
  return from + ((times[frame + 1] ?? from + before) - from) / 2;
}
