import { may } from '../access/may.js';
import { go, hrefOf } from '../place.js';
import { cameras } from '../state.js';
import { texts } from '../texts.js';
import { addTexts } from './add-texts.js';
import { AddCamera } from './add-camera.js';
import { cameraTexts } from './camera-texts.js';
import { toneOf } from './camera-state.js';
import { NoCameras } from './no-cameras.js';

/** All cameras, and the form for another. */
export function CamerasOverview() {
  const views = cameras.value;
  return (
    <div class="panel-row">
      <section class="panel" aria-labelledby="overview-title">
        <header class="panel-head">
          <h1 id="overview-title">{cameraTexts.cameras}</h1>
        </header>
        {views === undefined && <p class="empty">{texts.loadingCameras}</p>}
        {views?.length === 0 && (
          <p class="empty">
            <NoCameras />
          </p>
        )}
        <ul class="overview">
          {views?.map(({ id, state, since }) => (
            <li key={id}>
              <a href={hrefOf('camera', id)}>{id}</a>
              <span>
                <span class="state" data-tone={toneOf(state)}>
                  {texts.stateWord(state)}
                </span>{' '}
                <span class="quiet">{texts.since(since)}</span>
              </span>
            </li>
          ))}
        </ul>
      </section>
      {may('config') && (
        <section class="panel" aria-labelledby="add-title">
          <header class="panel-head">
            <h2 id="add-title">{addTexts.title}</h2>
          </header>
          <div class="panel-body">
            <AddCamera onAdded={(id) => go('camera', id)} />
          </div>
        </section>
      )}
    </div>
  );
}
