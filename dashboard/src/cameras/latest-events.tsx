import { recent } from '../state.js';
import { keyOf } from '../stream/recent.js';
import { texts } from '../texts.js';
import { cameraTexts } from './camera-texts.js';

const LINES_MAX = 8;

/** Events of one camera as they come, newest first: what its rules do. */
export function LatestEvents({ camera }: { readonly camera: string }) {
  const { shown, waiting } = recent.value;
  const items = [...waiting, ...shown].filter(
    (item) => item.type.startsWith('event.') && 'camera' in item && item.camera === camera,
  );
  return (
    <section class="panel" aria-labelledby="latest-title">
      <header class="panel-head">
        <h2 id="latest-title">{cameraTexts.latest}</h2>
      </header>
      {items.length === 0 && <p class="empty">{cameraTexts.noneLatest}</p>}
      <ul class="recent latest-events">
        {items.slice(0, LINES_MAX).map((item) => {
          if (!('time' in item)) return null;
          const { what, detail } = texts.happened(item);
          return (
            <li key={keyOf(item)}>
              <time class="quiet numbers" dateTime={item.time}>
                {texts.itemTime(item.time)}
              </time>
              <span class="recent-what">
                {what} <span class="quiet">{detail}</span>
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
