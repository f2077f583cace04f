import type { EventView } from '../../../src/server/protocol.js';
import { hrefOf, type Filters } from '../place.js';
import { StateLine } from '../ui/state-line.js';
import { Picture } from '../ui/picture.js';
import { WAITING_MAX } from './event-list.js';
import { eventTexts as texts } from './events-texts.js';
import type { LiveEvents } from './use-events.js';

/** The list of events, newest first. What came while it was being read waits behind a button. */
export function EventRows(props: {
  readonly events: LiveEvents;
  readonly filters: Filters;
  readonly mayPictures: boolean;
}) {
  const { events, filters, mayPictures } = props;
  const { list, asked, more, showNew } = events;
  const shown = list?.shown ?? [];
  const waiting = list?.waiting.length ?? 0;
  return (
    <>
      <header class="panel-head events-head">
        <h2 id="events-list">{texts.list}</h2>
        <span role="status">
          {waiting > 0 && (
            <button
              type="button"
              class="new"
              onClick={() => {
                scrollTo(0, 0);
                showNew();
              }}
            >
              {texts.new(waiting, waiting >= WAITING_MAX)}
            </button>
          )}
        </span>
      </header>
      <StateLine asked={asked} isEmpty={shown.length === 0 && waiting === 0} empty={texts.empty} />
      <ol class="events">
        {shown.map((view) => (
          <li key={view.seq}>
            <EventRow view={view} filters={filters} mayPictures={mayPictures} />
          </li>
        ))}
      </ol>
      {list?.next !== undefined && (
        <p class="events-more">
          <button type="button" class="secondary" disabled={asked.isAsking} onClick={more}>
            {texts.more}
          </button>
        </p>
      )}
    </>
  );
}

function EventRow(props: {
  readonly view: EventView;
  readonly filters: Filters;
  readonly mayPictures: boolean;
}) {
  const { view, filters, mayPictures } = props;
  const { event, camera, marked, review } = view;
  const place = event.zone ?? event.line;
  const duration = event.endedAt === undefined ? texts.lasts : texts.duration(view);
  return (
    <a class="event" data-severity={event.severity} href={hrefOf('events', event.id, filters)}>
      {mayPictures && camera !== '*' ? (
        // Drawing boxes on all of them would be much work for pictures of this size.
        <Picture
          // It is stored soon after the event began.
          key={event.endedAt}
          address={`/api/v1/events/${encodeURIComponent(event.id)}/snapshot.jpg?boxes=false`}
          alt=""
        />
      ) : (
        <span class="picture" />
      )}
      <span class="event-what">
        <strong>{texts.nameOf(view)}</strong>
        <span class="quiet">
          {[texts.camera(camera), place, duration].filter((part) => part !== undefined).join(' · ')}
        </span>
      </span>
      <span class="event-chips">
        {event.severity !== 'info' && (
          <span class="chip" data-severity={event.severity}>
            {texts.severityWord(event.severity)}
          </span>
        )}
        {marked && <span class="chip">{texts.kept}</span>}
        {review?.verdict !== undefined && <span class="chip">{texts.verdictWord(review.verdict)}</span>}
      </span>
      <time class="quiet numbers" dateTime={event.startedAt}>
        {texts.when(event.startedAt)}
      </time>
    </a>
  );
}
