import { useState } from 'preact/hooks';
import { may } from '../access/may.js';
import { place } from '../place.js';
import { cameras } from '../state.js';
import { texts } from '../texts.js';
import type { CameraView } from '../../../src/server/protocol.js';
import { CameraFacts } from './camera-facts.js';
import { CameraBoard } from './camera-board.js';
import { useCameraConfig } from './camera-config.js';
import { cameraTexts } from './camera-texts.js';
import { CamerasOverview } from './cameras-overview.js';
import { FiguresPanel } from './figures/figures-panel.js';
import { useEditor } from './figures/use-editor.js';
import { useUndoKeys } from './figures/use-undo-keys.js';
import { useFollow } from './follow/use-follow.js';
import { FollowBar } from './follow/follow-bar.js';
import { LatestEvents } from './latest-events.js';
import { LightPanel } from './light-panel.js';
import { RemoveCamera } from './remove-camera.js';
import { RulesPanel } from './rules/rules-panel.js';
import { SettingsDialog } from './settings/settings-dialog.js';
import { settingsTexts } from './settings/settings-texts.js';
import { useProposals } from './scene/use-proposals.js';
import { StagesPanel } from './stages/stages-panel.js';
import './camera-page.css';

/** One camera: its picture and how it is, its zones, lines and rules. Without a camera in the address: all of them, and a new one. */
export function CameraPage() {
  const { id } = place.value;
  if (id === undefined) return <CamerasOverview />;
  const view = cameras.value?.find((camera) => camera.id === id);
  if (cameras.value === undefined) return <p class="empty">{texts.loadingCameras}</p>;
  if (view === undefined)
    return (
      <>
        <p class="empty" role="alert">
          {cameraTexts.unknown(id)}
        </p>
        <CamerasOverview />
      </>
    );
  // Another camera is another page: nothing that was begun here goes over to it.
  return may('config') ? <EditedCamera key={id} view={view} /> : <WatchedCamera key={id} view={view} />;
}

/** For those who may look, and follow. */
function WatchedCamera({ view }: { readonly view: CameraView }) {
  const follow = useFollow(view.id);
  return (
    <>
      <div class="camera-columns">
        <div class="camera-main">
          <CameraBoard view={view} follow={follow} />
          <CameraFacts view={view} />
          {may('control') && <FollowBar camera={view.id} follow={follow} />}
        </div>
      </div>
      <Measured view={view} />
    </>
  );
}

/** For those who may change it. */
function EditedCamera({ view }: { readonly view: CameraView }) {
  const { id, width = 16, height = 9 } = view;
  const config = useCameraConfig(id);
  const figures = useEditor(config);
  const proposals = useProposals(id);
  const follow = useFollow(id);
  const [open, setOpen] = useState<'settings' | 'remove'>();
  const close = () => setOpen(undefined);
  useUndoKeys(figures.dispatch);
  return (
    <>
      <div class="camera-columns">
        <div class="camera-main">
          <CameraBoard view={view} follow={follow} figures={figures} proposals={proposals} />
          <CameraFacts view={view} />
          {may('control') && <FollowBar camera={id} follow={follow} />}
        </div>
        <div class="camera-tools">
          {config.fault !== undefined && config.camera === undefined ? (
            <p class="fault" role="alert">
              {cameraTexts.configFault(config.fault)}
            </p>
          ) : (
            <>
              <FiguresPanel figures={figures} proposals={proposals} rules={config.camera?.rules ?? []} />
              <RulesPanel camera={id} config={config} aspect={width / height} />
            </>
          )}
        </div>
      </div>
      <Measured view={view} />
      <p class="row camera-end">
        {config.camera !== undefined && (
          <button type="button" class="plain" onClick={() => setOpen('settings')}>
            {settingsTexts.open}
          </button>
        )}
        <button type="button" class="plain danger" onClick={() => setOpen('remove')}>
          {cameraTexts.remove}
        </button>
      </p>
      {open === 'settings' && <SettingsDialog camera={id} config={config} onClose={close} />}
      {open === 'remove' && <RemoveCamera camera={id} onClose={close} />}
    </>
  );
}

function Measured({ view }: { readonly view: CameraView }) {
  return (
    <div class="camera-measured">
      <div class="panel-row">
        <LatestEvents camera={view.id} />
        {view.light !== undefined && <LightPanel light={view.light} />}
      </div>
      <StagesPanel camera={view.id} />
    </div>
  );
}
