import { useEffect, useRef, useState } from 'preact/hooks';
import type { EventView } from '../../../src/server/protocol.js';
import { may } from '../access/may.js';
import { place } from '../place.js';
import { Timeline } from '../timeline/timeline.js';
import type { TimeSpan } from '../timeline/time-scale.js';
import { timelineTexts } from '../timeline/timeline-texts.js';
import { useTimeline } from '../timeline/use-timeline.js';
import { admits, eventQueryOf } from './event-filter.js';
import { eventTexts as texts } from './events-texts.js';

const DAY_MS = 24 * 3600_000;
/** Now moves on so often. */
const TICK_MS = 10_000;
/** While it is moved nothing is asked for, and the address stays. */
const SETTLED_MS = 400;
/** Nearer to now than this share of what is shown, it goes on with time. */
const NOW_SHARE = 0.01;

/** The timeline of the events that the address asks for; moving it changes the times there. */
export function EventTimeline(props: {
  readonly cameras: readonly string[];
  /** Events as they are by now, the newest ones among them. */
  readonly live: readonly EventView[];
  readonly onChoose: (view: EventView) => void;
  /** The filters `from` and `to` that the user went to; undefined: none. */
  readonly onSpan: (filters: { readonly from: string; readonly to: string | undefined }) => void;
}) {
  const { cameras, live, onChoose, onSpan } = props;
  const [nowMs, setNow] = useState(Date.now);
  const [moved, setMoved] = useState<TimeSpan>();
  const settle = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => {
      clearInterval(timer);
      clearTimeout(settle.current);
    };
  }, []);

  const { filters } = place.value;
  const asked = spanOf(filters, nowMs);
  const data = useTimeline(asked, cameras, queryWithoutTimes(filters), may('recordings'));
  const byId = new Map([...data.events, ...live].map((view) => [view.event.id, view]));
  const span = moved ?? asked;
  const move = (to: TimeSpan) => {
    setMoved(to);
    clearTimeout(settle.current);
    settle.current = setTimeout(() => {
      setMoved(undefined);
      const isNow = Date.now() - to.toMs < NOW_SHARE * (to.toMs - to.fromMs) + TICK_MS;
      onSpan({ from: iso(to.fromMs), to: isNow ? undefined : iso(to.toMs) });
    }, SETTLED_MS);
  };
  return (
    <section class="panel" aria-label={timelineTexts.title}>
      {cameras.length === 0 ? (
        <p class="empty">{timelineTexts.noCamera}</p>
      ) : (
        <Timeline
          {...{ span, cameras, nowMs, onChoose }}
          events={[...byId.values()].filter((view) => admits(filters, view))}
          lanes={data.lanes}
          onSpan={move}
          nameOf={texts.nameOf}
        />
      )}
      {data.isCut && <p class="empty">{timelineTexts.cut(data.events.length)}</p>}
    </section>
  );
}

/** The last day, where the address says nothing else. */
function spanOf(filters: URLSearchParams, nowMs: number): TimeSpan {
  const [from, to] = ['from', 'to'].map((name) => Date.parse(filters.get(name) ?? ''));
  const toMs = Number.isNaN(to!) ? nowMs : to!;
  const fromMs = Number.isNaN(from!) ? toMs - DAY_MS : from!;
  return fromMs < toMs ? { fromMs, toMs } : { fromMs: toMs - DAY_MS, toMs };
}

function queryWithoutTimes(filters: URLSearchParams): string {
  const others = new URLSearchParams(filters);
  others.delete('from');
  others.delete('to');
  return eventQueryOf(others);
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
