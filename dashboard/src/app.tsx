import { useEffect } from 'preact/hooks';
import { CameraFacts } from './cameras/camera-facts.js';
import { CameraList } from './cameras/camera-list.js';
import { Stage } from './live/stage.js';
import { chosen, isDebugOpen, serverLink, shownId } from './state.js';
import { RecentList } from './stream/recent-list.js';
import { texts } from './texts.js';

/** The page: the picture of one camera, all cameras, and what happened last. */
export function App() {
  useEffect(() => {
    document.addEventListener('keydown', toggleDebug);
    return () => document.removeEventListener('keydown', toggleDebug);
  }, []);
  const id = shownId.value;
  const view = chosen.value;
  return (
    <>
      <a class="skip" href="#cameras">
        {texts.skipToCameras}
      </a>
      <header class="top">
        <span class="mark">{texts.name}</span>
        <Link />
      </header>
      <main>
        <div class="main-picture">
          {id === undefined ? <div class="stage" /> : <Stage camera={id} />}
          {view !== undefined && <CameraFacts view={view} />}
        </div>
        <div class="side">
          <CameraList />
          <RecentList />
        </div>
      </main>
    </>
  );
}

function Link() {
  const link = serverLink.value;
  switch (link.kind) {
    case 'connected':
      return (
        <span class="state" data-tone="good" role="status">
          {texts.serverConnected}
        </span>
      );
    case 'connecting':
      return (
        <span class="state" data-tone="busy" role="status">
          {texts.serverConnecting}
        </span>
      );
    case 'lost':
      return (
        <span class="state" data-tone="bad" role="status">
          {texts.serverLost(link.sinceMs)}
        </span>
      );
  }
}

function toggleDebug(event: KeyboardEvent): void {
  if (event.key !== 'd' || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement) return;
  isDebugOpen.value = !isDebugOpen.value;
}
