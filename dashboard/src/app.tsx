import { useEffect } from 'preact/hooks';
import { AccountBar } from './access/account-bar.js';
import { isSettingUp, session } from './access/session.js';
import { SignInPage } from './access/sign-in-page.js';
import { CameraFacts } from './cameras/camera-facts.js';
import { CameraList } from './cameras/camera-list.js';
import { Stage } from './live/stage.js';
import { chosen, isDebugOpen, serverLink, shownId } from './state.js';
import { RecentList } from './stream/recent-list.js';
import { texts } from './texts.js';

/** The page, once it is known who looks at it. */
export function App() {
  const state = session.value;
  if (state === undefined) return <p class="quiet waiting">{texts.serverConnecting}</p>;
  const maySee = state.isVisitor || state.me !== undefined;
  if (!maySee || isSettingUp.value) return <SignInPage isSetup={state.needsSetup} />;
  return <Dashboard />;
}

/** The picture of one camera, all cameras, and what happened last. */
function Dashboard() {
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
        <span class="top-end">
          <Link />
          <AccountBar />
        </span>
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
