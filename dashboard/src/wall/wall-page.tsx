import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { CameraFacts } from '../cameras/camera-facts.js';
import { CameraList } from '../cameras/camera-list.js';
import { NoCameras } from '../cameras/no-cameras.js';
import { cameras } from '../state.js';
import { RecentList } from '../stream/recent-list.js';
import { texts } from '../texts.js';
import { isShortcut } from '../ui/single-keys.js';
import { toggleFullScreen } from './full-screen.js';
import { isPanelOpen } from './kept.js';
import { KeysDialog } from './keys-dialog.js';
import { LayoutDialog } from './layout-dialog.js';
import { layouts, loadLayouts } from './own-layouts.js';
import { WallBar, type Asking } from './wall-bar.js';
import { WallGrid } from './wall-grid.js';
import { wallTexts } from './wall-texts.js';
import { showLayout, wall } from './wall-view.js';
import './wall.css';

/** The pictures of all cameras or of some, what is known of them, and what happened last. */
export function WallPage() {
  const asking = useSignal<Asking | undefined>(undefined);
  useEffect(() => void loadLayouts(), []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => heed(event, () => (asking.value = 'keys'));
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  const close = () => (asking.value = undefined);
  const shown = wall.value?.shown;
  const only = shown?.length === 1 ? cameras.value?.find(({ id }) => id === shown[0]) : undefined;
  return (
    <div class="wall-page" data-panel={isPanelOpen.value}>
      <div class="main-picture">
        {only === undefined && <h1 class="out-of-sight">{wallTexts.wall}</h1>}
        <WallBar onAsk={(what) => (asking.value = what)} />
        {shown !== undefined && shown.length > 0 ? <WallGrid /> : <Nothing />}
        {only !== undefined && <CameraFacts view={only} />}
      </div>
      {isPanelOpen.value && (
        <div class="side" id="side">
          <CameraList />
          <RecentList />
        </div>
      )}
      {asking.value === 'keys' && <KeysDialog onClose={close} />}
      {(asking.value === 'new' || asking.value === 'edit') && (
        <LayoutDialog layout={asking.value === 'edit' ? wall.value?.layout : undefined} onClose={close} />
      )}
    </div>
  );
}

function Nothing() {
  const words =
    wall.value === undefined ? (
      texts.loadingCameras
    ) : wall.value.layout === undefined ? (
      <NoCameras />
    ) : (
      wallTexts.layoutGone
    );
  return <p class="empty wall-nothing">{words}</p>;
}

/** What single keys do on this page; arrows are the grid's. */
function heed(event: KeyboardEvent, askForKeys: () => void): void {
  if (!isShortcut(event)) return;
  if (event.key === '?') return askForKeys();
  // Leaving full screen is the browser's own.
  if (event.key === 'Escape' && document.fullscreenElement === null) return showLayout(undefined);
  if (event.key === 'f' || event.key === 'F') {
    const tile = event.shiftKey ? null : document.activeElement?.closest('.tile');
    const element = tile ?? document.fullscreenElement ?? document.querySelector('.wall-space');
    if (element !== null) toggleFullScreen(element);
    return;
  }
  if (event.key === '1') return showLayout(undefined);
  const layout = layouts.peek()[Number(event.key) - 2];
  if (layout !== undefined) showLayout(layout.name);
}
