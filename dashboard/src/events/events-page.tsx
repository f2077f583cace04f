import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { may } from '../access/may.js';
import { go, narrow, place } from '../place.js';
import { cameras } from '../state.js';
import { texts } from '../texts.js';
import { EventDetail } from './event-detail.js';
import { EventFilters } from './event-filters.js';
import { eventQueryOf } from './event-filter.js';
import { EventRows } from './event-rows.js';
import { EventTimeline } from './event-timeline.js';
import { useEvents } from './use-events.js';
import './events.css';

/** Scrolled less than this the page is at its top, px. */
const TOP_PX = 4;

/** Events of before and as they come: a timeline and a list; and one of them, where the address names it. */
export function EventsPage() {
  const { id, filters } = place.value;
  const list = useRef<HTMLElement>(null);
  const scrolledPx = useRef(0);
  const isBeingRead = () =>
    window.scrollY > TOP_PX || list.current?.matches(':hover, :focus-within, [hidden] *') === true;
  const events = useEvents(eventQueryOf(filters), isBeingRead);

  // The list stays as it was while one event is looked at.
  useEffect(() => {
    const note = () => {
      if (place.peek().id === undefined) scrolledPx.current = window.scrollY;
    };
    addEventListener('scroll', note, { passive: true });
    return () => removeEventListener('scroll', note);
  }, []);
  useLayoutEffect(() => window.scrollTo(0, id === undefined ? scrolledPx.current : 0), [id]);

  const shownCameras = filters.getAll('camera');
  const ids = shownCameras.length > 0 ? shownCameras : (cameras.value?.map((view) => view.id) ?? []);
  const live = events.list;
  return (
    <>
      <div hidden={id !== undefined}>
        <div class="page-head">
          <h1>{texts.events}</h1>
          <EventFilters seen={live?.shown ?? []} />
        </div>
        <EventTimeline
          cameras={ids}
          live={live === undefined ? [] : [...live.waiting, ...live.shown]}
          onChoose={(view) => go('events', view.event.id, filtersOf(filters))}
          onSpan={(span) => narrow(span)}
        />
        <section ref={list} class="panel events-panel" aria-labelledby="events-list">
          <EventRows events={events} filters={filtersOf(filters)} mayPictures={may('recordings')} />
        </section>
      </div>
      {id !== undefined && (
        <EventDetail key={id} id={id} filters={filtersOf(filters)} onChange={events.put} />
      )}
    </>
  );
}

function filtersOf(filters: URLSearchParams): Record<string, string[]> {
  return Object.fromEntries([...new Set(filters.keys())].map((name) => [name, filters.getAll(name)]));
}
