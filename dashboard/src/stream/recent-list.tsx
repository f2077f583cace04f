import { useRef } from 'preact/hooks';
import { toneOf } from '../cameras/camera-state.js';
import { recentReading } from '../server-link.js';
import { recent } from '../state.js';
import { texts } from '../texts.js';
import { keyOf, RECENT_MAX, withAllShown, type RecentItem } from './recent.js';

/** Scrolled less than this the list is at its top, px. */
const TOP_PX = 4;

/** What happened last, newest first. While it is read further down nothing moves: new lines wait. */
export function RecentList() {
  const list = useRef<HTMLOListElement>(null);
  const { shown, waiting } = recent.value;
  const showAll = () => {
    if (list.current !== null) list.current.scrollTop = 0;
    recentReading.isBeingRead = false;
    recent.value = withAllShown(recent.value);
  };
  return (
    <section class="panel panel-recent" aria-labelledby="recent-title">
      <header class="panel-head">
        <h2 id="recent-title">{texts.recent}</h2>
        {waiting.length > 0 && (
          <button type="button" class="new" onClick={showAll}>
            {texts.recentWaiting(waiting.length, waiting.length >= RECENT_MAX)}
          </button>
        )}
      </header>
      {shown.length === 0 && <p class="empty">{texts.recentEmpty}</p>}
      <ol
        ref={list}
        class="recent"
        tabIndex={0}
        aria-labelledby="recent-title"
        onScroll={({ currentTarget }) => {
          recentReading.isBeingRead = currentTarget.scrollTop > TOP_PX;
          if (!recentReading.isBeingRead) recent.value = withAllShown(recent.value);
        }}
      >
        {shown.map((item) => (
          <RecentRow key={keyOf(item)} item={item} />
        ))}
      </ol>
    </section>
  );
}

function RecentRow({ item }: { readonly item: RecentItem }) {
  const { what, detail } = texts.happened(item);
  const tone = item.type === 'camera.status' ? toneOf(item.status.state) : undefined;
  return (
    <li>
      <time class="quiet numbers" dateTime={item.type === 'gap' ? undefined : item.time}>
        {item.type === 'gap' ? '' : texts.itemTime(item.time)}
      </time>
      <span class="recent-what">
        <span class={tone === undefined ? undefined : 'state'} data-tone={tone}>
          {what}
        </span>{' '}
        <span class="quiet">{detail}</span>
      </span>
      <span class="quiet recent-camera">{item.type === 'gap' || item.camera === '*' ? '' : item.camera}</span>
    </li>
  );
}
