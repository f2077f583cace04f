import { useEffect, useRef, useState } from 'preact/hooks';
import type { EventPage, EventView, NumberedMessage, RecordingPage } from '../../../src/server/protocol.js';
import { viewOf } from '../events/event-list.js';
import { requestJson } from '../request.js';
import { durableListeners } from '../server-link.js';
import { recordedLane, withEdge, type RecordedLane } from './lanes.js';
import { edgeOf, type TimeSpan } from './time-scale.js';

const EVENT_PAGE = 500;
const EVENT_PAGES_MAX = 4;
const RECORDING_PAGE = 5000;
const RECORDING_PAGES_MAX = 3;

/** What a timeline shows; what was fetched last stays while it is fetched anew. */
export interface TimelineData {
  readonly events: readonly EventView[];
  /** There are more than so many. */
  readonly isCut: boolean;
  /** By camera. */
  readonly lanes: ReadonlyMap<string, RecordedLane>;
}

const NOTHING: TimelineData = { events: [], isCut: false, lanes: new Map() };

/** What was asked for last. */
interface Loaded {
  /** Of everything but the time. */
  readonly key: string;
  readonly stop: AbortController;
  span: TimeSpan;
  /** Recordings are here up to the end of the span. */
  lanes: Promise<void>;
}

type Get = <T>(address: string) => Promise<T>;

/**
 * Fetches events and recordings of a time, and only what is new of the recordings where that merely goes on: new events are told by the event
 * stream. Faults are left to the list, which asks for the same.
 *
 * @param query of events, without times; undefined: nothing may be asked for
 */
export function useTimeline(
  { fromMs, toMs }: TimeSpan,
  cameras: readonly string[],
  query: string,
  mayRecordings: boolean,
): TimelineData {
  const [data, setData] = useState(NOTHING);
  const loaded = useRef<Loaded | undefined>(undefined);
  /** What is told while events are on their way may be missing among them. */
  const early = useRef<NumberedMessage[] | undefined>(undefined);
  const ids = cameras.join(' ');
  const apply = (message: NumberedMessage) =>
    setData((was) => ({ ...was, events: withMessage(was.events, message) }));

  useEffect(() => {
    const listen = (message: NumberedMessage) => {
      if (early.current === undefined) apply(message);
      else early.current.push(message);
    };
    durableListeners.add(listen);
    return () => {
      durableListeners.delete(listen);
      loaded.current?.stop.abort();
    };
  }, []);
  useEffect(() => {
    const span = { fromMs, toMs };
    const key = JSON.stringify([ids, query, mayRecordings]);
    const last = loaded.current;
    const edge = last?.key === key ? edgeOf(last.span, span) : undefined;
    const fetchInto = async (one: Loaded, part: TimeSpan, isEdge: boolean) => {
      const lanes = await fetchLanes(getterFor(one), ids, part);
      if (one.stop.signal.aborted) return;
      setData((was) => ({ ...was, lanes: isEdge ? withEdges(was.lanes, lanes, part.fromMs) : lanes }));
    };
    // Asked for as a whole the next time.
    const giveUp = (one: Loaded) => () => {
      if (loaded.current === one) loaded.current = undefined;
    };
    if (last !== undefined && edge !== undefined) {
      last.span = span;
      if (mayRecordings) last.lanes = last.lanes.then(() => fetchInto(last, edge, true)).catch(giveUp(last));
      return;
    }
    last?.stop.abort();
    const now: Loaded = { key, span, stop: new AbortController(), lanes: Promise.resolve() };
    loaded.current = now;
    early.current = [];
    const applyEarly = () => {
      early.current?.forEach(apply);
      early.current = undefined;
    };
    fetchEvents(getterFor(now), query, span).then(
      (found) => {
        if (now.stop.signal.aborted) return;
        setData((was) => ({ ...was, ...found }));
        applyEarly();
      },
      () => {
        if (now.stop.signal.aborted) return;
        giveUp(now)();
        applyEarly();
      },
    );
    if (mayRecordings) now.lanes = fetchInto(now, span, false).catch(giveUp(now));
  }, [fromMs, toMs, ids, query, mayRecordings]);
  return data;
}

function getterFor({ stop }: Loaded): Get {
  return (address) => requestJson(address, { signal: stop.signal });
}

async function fetchEvents(
  get: Get,
  query: string,
  span: TimeSpan,
): Promise<Pick<TimelineData, 'events' | 'isCut'>> {
  const events: EventView[] = [];
  let next: string | undefined;
  for (let pages = 0; pages < EVENT_PAGES_MAX && (pages === 0 || next !== undefined); pages++) {
    const more = next === undefined ? '' : `&cursor=${next}`;
    const page = await get<EventPage>(`/api/v1/events?${query}&${timesOf(span)}&limit=${EVENT_PAGE}${more}`);
    events.push(...page.events);
    ({ next } = page);
  }
  return { events, isCut: next !== undefined };
}

async function fetchLanes(get: Get, ids: string, span: TimeSpan): Promise<Map<string, RecordedLane>> {
  const lanes = new Map<string, RecordedLane>();
  // One after the other: it is no hurry, and the server has better to do.
  for (const camera of ids === '' ? [] : ids.split(' ')) {
    const pages: RecordingPage[] = [];
    let next: string | undefined;
    do {
      const more = next === undefined ? '' : `&cursor=${next}`;
      const page = await get<RecordingPage>(
        `/api/v1/recordings?camera=${encodeURIComponent(camera)}&${timesOf(span)}&limit=${RECORDING_PAGE}${more}`,
      );
      pages.push(page);
      ({ next } = page);
    } while (next !== undefined && pages.length < RECORDING_PAGES_MAX);
    lanes.set(camera, recordedLane(pages));
  }
  return lanes;
}

function timesOf({ fromMs, toMs }: TimeSpan): string {
  return `from=${new Date(fromMs).toISOString()}&to=${new Date(toMs).toISOString()}`;
}

function withEdges(
  lanes: ReadonlyMap<string, RecordedLane>,
  edges: ReadonlyMap<string, RecordedLane>,
  fromMs: number,
): Map<string, RecordedLane> {
  return new Map([...edges].map(([id, edge]) => [id, withEdge(lanes.get(id), edge, fromMs)]));
}

/** Events by what the event stream tells; which of them are shown is not decided here. */
function withMessage(events: readonly EventView[], message: NumberedMessage): readonly EventView[] {
  const known = (id: string) => events.some((view) => view.event.id === id);
  if (message.type === 'event.started') {
    if (known(message.event.id)) return events;
    return [viewOf(message), ...events].slice(0, EVENT_PAGE * EVENT_PAGES_MAX);
  }
  if (message.type !== 'event.updated' && message.type !== 'event.ended') return events;
  const { event } = message;
  if (!known(event.id)) return events;
  return events.map((view) => (view.event.id === event.id ? { ...view, event } : view));
}
