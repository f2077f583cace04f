import type { CameraView } from '../../../src/server/protocol.js';
import { toneOf } from '../cameras/camera-state.js';
import { Stage } from '../live/stage.js';
import { hrefOf } from '../place.js';
import { texts } from '../texts.js';
import { toggleFullScreen } from './full-screen.js';
import { wallTexts } from './wall-texts.js';

/** One camera on the wall: its picture, its name and state, and the way to its page. */
export function Tile(props: {
  readonly camera: string;
  /** Undefined before the server told of it. */
  readonly view: CameraView | undefined;
  /** Tab leads to this one; arrows to the others. */
  readonly isCurrent: boolean;
  readonly onFocus: () => void;
}) {
  const { camera, view, isCurrent, onFocus } = props;
  const state = view?.state ?? 'connecting';
  return (
    <li class="tile" data-camera={camera} onFocusIn={onFocus}>
      <Stage camera={camera}>
        <a
          class="tile-open"
          href={hrefOf('camera', camera)}
          tabIndex={isCurrent ? 0 : -1}
          aria-label={wallTexts.openCamera(camera, texts.stateWord(state))}
        >
          <span class="state" data-tone={toneOf(state)}>
            {camera}
          </span>
        </a>
        <button
          type="button"
          class="tile-full"
          tabIndex={-1}
          aria-label={wallTexts.fullScreenOf(camera)}
          onClick={({ currentTarget }) => toggleFullScreen(currentTarget.closest('.tile')!)}
        />
      </Stage>
    </li>
  );
}
