import type { CameraView } from '../../../src/server/protocol.js';
import { cameras } from '../state.js';
import { texts } from '../texts.js';
import { showAlone, wall } from '../wall/wall-view.js';
import { toneOf } from './camera-state.js';
import { NoCameras } from './no-cameras.js';

/** All cameras with their state; choosing one shows its picture alone. */
export function CameraList() {
  const views = cameras.value;
  return (
    <section class="panel" aria-labelledby="cameras-title">
      <header class="panel-head">
        <h2 id="cameras-title">{texts.cameras}</h2>
        {views !== undefined && views.length > 0 && (
          <span class="quiet">
            {texts.cameraCount(views.filter(({ state }) => state === 'live').length, views.length)}
          </span>
        )}
      </header>
      {views === undefined && <p class="empty">{texts.loadingCameras}</p>}
      {views?.length === 0 && (
        <p class="empty">
          <NoCameras />
        </p>
      )}
      <ul class="cameras" id="cameras" tabIndex={-1} onKeyDown={moveFocus}>
        {views?.map((view) => (
          <CameraRow key={view.id} view={view} isShown={view.id === wall.value?.alone} />
        ))}
      </ul>
    </section>
  );
}

function CameraRow({ view, isShown }: { readonly view: CameraView; readonly isShown: boolean }) {
  return (
    <li>
      <button
        type="button"
        class="camera"
        aria-current={isShown ? 'true' : undefined}
        onClick={() => showAlone(view.id)}
      >
        <span class="camera-line">
          <span class="camera-name">{view.id}</span>
          <span class="quiet numbers">{texts.fpsShort(view)}</span>
        </span>
        <span class="camera-line">
          <span class="state" data-tone={toneOf(view.state)}>
            {texts.stateWord(view.state)}
          </span>
          <span class="quiet">{texts.since(view.since)}</span>
        </span>
        {view.reason !== undefined && <span class="camera-reason">{view.reason}</span>}
      </button>
    </li>
  );
}

/** Up and down go from camera to camera; Tab and Enter work as on any button. */
function moveFocus(event: KeyboardEvent): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return;
  const buttons = [...(event.currentTarget as HTMLElement).querySelectorAll('button')];
  const at = buttons.findIndex((button) => button === document.activeElement);
  buttons[Math.max(0, Math.min(buttons.length - 1, at + step))]?.focus();
  event.preventDefault();
}
