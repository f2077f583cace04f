import { go } from '../place.js';
import { refreshCameras } from '../server-link.js';
import { Confirm } from '../ui/confirm.js';
import { cameraTexts } from './camera-texts.js';
import { applyToConfig } from './config-file.js';

/** Asks whether a camera is to be removed, and removes it. */
export function RemoveCamera({ camera, onClose }: { readonly camera: string; readonly onClose: () => void }) {
  const remove = async () => {
    await applyToConfig(() => ({ cameras: { [camera]: null } }));
    await refreshCameras();
    go('camera');
  };
  return (
    <Confirm
      title={cameraTexts.removeTitle(camera)}
      about={cameraTexts.removeSure}
      sure={cameraTexts.remove}
      onSure={remove}
      onClose={onClose}
    />
  );
}
