import type { EventView, RecordingPage } from '../../../src/server/protocol.js';
import { xOf, type TimeSpan } from './time-scale.js';

/** What a camera's lane shows of recordings. */
export interface RecordedLane {
  /** By their starts; those without a break between them are one. */
  readonly spans: readonly TimeSpan[];
  /** Times that are missing although they were to be recorded, and why. */
  readonly faults: readonly (TimeSpan & { readonly reason: string })[];
}

/** An event on a lane, px. */
export interface Mark {
  readonly view: EventView;
  readonly lane: number;
  readonly x: number;
  readonly width: number;
}

/** Nearer ones are one: a file ends and the next begins. */
const JOINED_MS = 1500;
/** Nothing is wrong where nothing was to be recorded, and nobody knows yet of the newest time. */
const NO_FAULT: ReadonlySet<string> = new Set(['no-event', 'unknown']);
const LEAST_WIDTH_PX = 3;
const SHORT_PX = 12;

/** Puts pages of recordings together. */
export function recordedLane(pages: readonly RecordingPage[]): RecordedLane {
  const spans = pages
    .flatMap(({ recordings }) => recordings)
    .map(({ from, to }) => ({ fromMs: Date.parse(from), toMs: Date.parse(to) }));
  const faults = pages
    .flatMap(({ gaps }) => gaps)
    .filter(({ reason }) => !NO_FAULT.has(reason))
    .map(({ from, to, reason }) => ({ fromMs: Date.parse(from), toMs: Date.parse(to), reason }));
  return { spans: joined(spans), faults };
}

/** A lane whose end is known anew from a time on. */
export function withEdge(lane: RecordedLane | undefined, edge: RecordedLane, fromMs: number): RecordedLane {
  const before = <Part extends TimeSpan>(parts: readonly Part[]): Part[] =>
    parts
      .filter((part) => part.fromMs < fromMs)
      .map((part) => ({ ...part, toMs: Math.min(part.toMs, fromMs) }));
  const { spans, faults } = lane ?? { spans: [], faults: [] };
  return {
    spans: joined([...before(spans), ...edge.spans]),
    faults: [...before(faults), ...edge.faults],
  };
}

function joined(spans: readonly TimeSpan[]): TimeSpan[] {
  const all: { fromMs: number; toMs: number }[] = [];
  for (const { fromMs, toMs } of spans) {
    const last = all.at(-1);
    if (last !== undefined && fromMs - last.toMs <= JOINED_MS) last.toMs = Math.max(last.toMs, toMs);
    else all.push({ fromMs, toMs });
  }
  return all;
}

/**
 * Where events are drawn: what lasts first, then what is short, so that no long one hides it, and of each those that matter most last. What
 * is under way goes up to now.
 *
 * @param lanes ids of cameras; events of others (`*`: of several) are left out
 */
export function marksOf(
  events: readonly EventView[],
  lanes: readonly string[],
  span: TimeSpan,
  widthPx: number,
  nowMs: number,
): Mark[] {
  const laneOf = new Map(lanes.map((id, lane) => [id, lane]));
  return events
    .flatMap((view): Mark[] => {
      const lane = laneOf.get(view.camera);
      const { startedAt, endedAt } = view.event;
      const fromMs = Date.parse(startedAt);
      const toMs = endedAt === undefined ? Math.max(nowMs, fromMs) : Date.parse(endedAt);
      if (lane === undefined || toMs < span.fromMs || fromMs > span.toMs) return [];
      const x = xOf(span, widthPx, fromMs);
      const width = Math.max(LEAST_WIDTH_PX, xOf(span, widthPx, toMs) - x);
      return [{ view, lane, x, width }];
    })
    .sort(
      (a, b) => Number(isShort(a)) - Number(isShort(b)) || weightOf(a) - weightOf(b) || b.width - a.width,
    );
}

/** How much an event matters. */
export const WEIGHT = { info: 0, warning: 1, alert: 2 } as const;

const isShort = ({ width }: Mark) => width < SHORT_PX;
const weightOf = ({ view }: Mark) => WEIGHT[view.event.severity];

/** The mark at a place, the uppermost first, the nearest within a few pixels. */
export function markAt(marks: readonly Mark[], lane: number, x: number, reachPx = 4): Mark | undefined {
  const distance = (mark: Mark) => Math.max(0, mark.x - x, x - mark.x - mark.width);
  return marks
    .filter((mark) => mark.lane === lane && distance(mark) <= reachPx)
    .reduceRight<Mark | undefined>(
      (best, mark) => (best === undefined || distance(mark) < distance(best) ? mark : best),
      undefined,
    );
}
