import { useEffect, useState } from 'preact/hooks';
import type { EventView } from '../../../src/server/protocol.js';
import { may } from '../access/may.js';
import { ClipPlayer } from '../clips/clip-player.js';
import { hrefOf, type Filters } from '../place.js';
import { texts as common } from '../texts.js';
import { Picture } from '../ui/picture.js';
import { StateLine } from '../ui/state-line.js';
import { useAsked } from '../ui/use-asked.js';
import { EventActions } from './event-actions.js';
import { trackNumber } from '../track-number.js';
import { eventTexts as texts } from './events-texts.js';

/** While an event goes on it is asked for so often. */
const OPEN_MS = 3000;
/** Of a clip, before an event and after it. */
const AROUND_MS = 5000;

/** One event: its clip, what is known of it, and what may be done with it. */
export function EventDetail(props: {
  readonly id: string;
  /** Of the list that one came from. */
  readonly filters: Filters;
  /** It was changed here. */
  readonly onChange: (view: EventView) => void;
}) {
  const { id, filters, onChange } = props;
  const address = `/api/v1/events/${encodeURIComponent(id)}`;
  const asked = useAsked<EventView>(address);
  const view = asked.answer;
  const isOpen = view !== undefined && view.event.endedAt === undefined;
  const { again } = asked;
  useEffect(() => {
    if (!isOpen) return undefined;
    const timer = setInterval(again, OPEN_MS);
    return () => clearInterval(timer);
  }, [isOpen, again]);
  const changed = (answer: EventView) => {
    onChange(answer);
    again();
  };
  return (
    <>
      <div class="page-head">
        <div>
          <a href={hrefOf('events', undefined, filters)}>‹ {texts.back}</a>
          {view !== undefined && <h1>{texts.nameOf(view)}</h1>}
        </div>
      </div>
      <StateLine asked={asked} isEmpty={false} empty="" />
      {view !== undefined && (
        <div class="event-page">
          <Clip key={id} view={view} address={address} />
          <div class="event-side">
            <Facts view={view} filters={filters} />
            {may('control') || may('export') || view.review !== undefined ? (
              <EventActions view={view} address={address} onChange={changed} />
            ) : null}
            <Tracks view={view} />
          </div>
        </div>
      )}
    </>
  );
}

function Clip({ view, address }: { readonly view: EventView; readonly address: string }) {
  const { event, camera } = view;
  const isOver = event.endedAt !== undefined;
  // One who watches its beginning goes on watching it when it ends.
  const [isWhole, setWhole] = useState(isOver);
  if (camera === '*') return <p class="empty">{texts.noClip}</p>;
  if (!may('recordings')) return <p class="empty">{texts.mayNotSee}</p>;
  const fromMs = Date.parse(event.startedAt);
  const about = { fromMs, toMs: event.endedAt === undefined ? fromMs : Date.parse(event.endedAt) };
  return (
    <div>
      <ClipPlayer
        // What goes on is another clip each time it is asked for, and a player asks for pieces of one.
        address={isWhole ? `${address}/clip.mp4` : beginningOf(view)}
        trackIds={event.tracks.map(({ id }) => id)}
        label={texts.clip(view)}
        about={about}
      />
      {isOver && !isWhole && (
        <button type="button" class="plain" onClick={() => setWhole(true)}>
          {texts.showWhole}
        </button>
      )}
    </div>
  );
}

/** The first seconds of an event that goes on. */
function beginningOf({ camera, event }: EventView): string {
  const fromMs = Date.parse(event.startedAt) - AROUND_MS;
  const [from, to] = [fromMs, fromMs + 2 * AROUND_MS].map((ms) => new Date(ms).toISOString());
  return `/api/v1/recordings/${encodeURIComponent(camera)}/clip.mp4?from=${from}&to=${to}`;
}

function Facts({ view, filters }: { readonly view: EventView; readonly filters: Filters }) {
  const { event, camera, model } = view;
  const rows: (readonly [string, preact.ComponentChildren])[] = [
    [texts.cameraWord, texts.camera(camera)],
    [texts.rule, `${event.rule.name} (${event.rule.type})`],
    [texts.severity, texts.severityWord(event.severity)],
    [texts.zone, event.zone ?? event.line],
    [texts.label, event.label],
    [texts.started, <time dateTime={event.startedAt}>{texts.when(event.startedAt)}</time>],
    [texts.ended, endOf(view)],
    [texts.value, common.valueWords(event.value).join(' · ')],
    [texts.model, model],
    [
      texts.madeFrom,
      event.events?.map((id, at) => (
        <a key={id} href={hrefOf('events', id, filters)}>
          {texts.event} {at + 1}{' '}
        </a>
      )),
    ],
  ];
  return (
    <section class="panel" aria-labelledby="event-facts">
      <header class="panel-head">
        <h2 id="event-facts">{texts.facts}</h2>
      </header>
      <dl class="panel-body event-facts">
        {rows.flatMap(([term, value]) =>
          value === undefined || value === ''
            ? []
            : [<dt key={term}>{term}</dt>, <dd key={`${term}-is`}>{value}</dd>],
        )}
      </dl>
    </section>
  );
}

function endOf(view: EventView): string {
  const { endedAt, ending } = view.event;
  if (endedAt === undefined) return texts.lasts;
  const why = ending === undefined || ending === 'over' ? undefined : texts.ending(ending);
  return [texts.when(endedAt), texts.duration(view), why].filter((part) => part !== undefined).join(' · ');
}

function Tracks({ view }: { readonly view: EventView }) {
  const { tracks } = view.event;
  return (
    <section class="panel" aria-labelledby="event-tracks">
      <header class="panel-head">
        <h2 id="event-tracks">{texts.tracks}</h2>
      </header>
      {tracks.length === 0 && <p class="empty">{texts.noTracks}</p>}
      <ul class="event-tracks">
        {tracks.map(({ id, label, score }) => (
          <li key={id}>
            {may('recordings') ? (
              <Picture address={`/api/v1/tracks/${encodeURIComponent(id)}/snapshot.jpg`} alt="" />
            ) : (
              <span class="picture" />
            )}
            <span>
              {texts.trackOf(label, trackNumber(id))} <span class="quiet">{texts.score(score)}</span>
            </span>
            <a href={hrefOf('search', undefined, { like: id })}>{texts.similar}</a>
          </li>
        ))}
      </ul>
    </section>
  );
}
