/** A part of time that is shown, ms since 1970 UTC. */
export interface TimeSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 7, 14, 28, 91, 182].map((count) => count * DAY),
];
/** Longer than this after the last time, there is no edge: the page slept. */
const EDGE_MAX_MS = 5 * MINUTE;
/** What is new may be from a little before: a recording is told of once its file is closed. */
const EDGE_OVERLAP_MS = 2 * MINUTE;
/** Shorter there is nothing to see, longer the server does not list. */
const SHORTEST_MS = 10 * SECOND;
const LONGEST_MS = 366 * DAY;

/** The end of a span that is new where merely time went on since another; undefined where all of it is to be fetched. */
export function edgeOf(known: TimeSpan, wanted: TimeSpan): TimeSpan | undefined {
  const onMs = wanted.toMs - known.toMs;
  const startOnMs = wanted.fromMs - known.fromMs;
  if (onMs < 0 || onMs > EDGE_MAX_MS || (startOnMs !== 0 && startOnMs !== onMs)) return undefined;
  return { fromMs: Math.max(wanted.fromMs, known.toMs - EDGE_OVERLAP_MS), toMs: wanted.toMs };
}

/** A time with a line, and what its label must tell. */
export interface Tick {
  readonly ms: number;
  readonly tells: 'day' | 'minute' | 'second';
}

/** Lines at round times of the local day, at least `apartPx` apart. */
export function ticksOf({ fromMs, toMs }: TimeSpan, widthPx: number, apartPx = 90): Tick[] {
  const leastMs = ((toMs - fromMs) * apartPx) / Math.max(apartPx, widthPx);
  const stepMs = STEPS.find((step) => step >= leastMs) ?? STEPS.at(-1)!;
  const zoneMs = new Date(fromMs).getTimezoneOffset() * MINUTE;
  const ticks: Tick[] = [];
  for (let ms = Math.ceil((fromMs - zoneMs) / stepMs) * stepMs + zoneMs; ms <= toMs; ms += stepMs) {
    const isMidnight = (ms - zoneMs) % DAY === 0;
    ticks.push({ ms, tells: isMidnight ? 'day' : stepMs < MINUTE ? 'second' : 'minute' });
  }
  return ticks;
}

/** Where a time is, px from the left. */
export function xOf({ fromMs, toMs }: TimeSpan, widthPx: number, ms: number): number {
  return ((ms - fromMs) / (toMs - fromMs)) * widthPx;
}

/** The time at a place. */
export function timeAt({ fromMs, toMs }: TimeSpan, widthPx: number, x: number): number {
  return fromMs + (x / Math.max(1, widthPx)) * (toMs - fromMs);
}

/**
 * Shows more (above 1) or less of time, and keeps the time at a share of the width where it is. Nothing behind `latestMs` is shown.
 */
export function zoomed(span: TimeSpan, factor: number, share: number, latestMs: number): TimeSpan {
  const lengthMs = span.toMs - span.fromMs;
  const newMs = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, lengthMs * factor));
  const fixedMs = span.fromMs + share * lengthMs;
  return within({ fromMs: fixedMs - share * newMs, toMs: fixedMs + (1 - share) * newMs }, latestMs);
}

/** Goes on in time by a share of what is shown; back where it is negative. */
export function panned({ fromMs, toMs }: TimeSpan, share: number, latestMs: number): TimeSpan {
  const byMs = share * (toMs - fromMs);
  return within({ fromMs: fromMs + byMs, toMs: toMs + byMs }, latestMs);
}

/** Pushed back, so that it ends at the latest time there is. */
function within({ fromMs, toMs }: TimeSpan, latestMs: number): TimeSpan {
  const byMs = Math.max(0, toMs - latestMs);
  return { fromMs: Math.round(fromMs - byMs), toMs: Math.round(toMs - byMs) };
}
