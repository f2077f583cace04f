import type { CameraStatusMessage, FrameMessage, NumberedMessage } from '../events/index.js';
import { countObjects, type ObjectCounts } from './object-counts.js';

/** A state of a camera as it stands in the journal. */
export type NumberedStatus = CameraStatusMessage & { readonly seq: number };

const NO_OBJECTS: ObjectCounts = { total: 0, labels: {}, zones: {} };

/** The newest of what a broker keeps for each camera, so that one that lost it, or comes later, can be told. */
export class CameraStates {
  readonly #statuses = new Map<string, NumberedStatus>();
  /** Counted when told, once a second, and not for each frame. */
  readonly #frames = new Map<string, FrameMessage>();

  /** Takes note of a stored message; a camera that is not live sees nothing. */
  notice(message: NumberedMessage): void {
    if (message.type !== 'camera.status') return;
    this.#statuses.set(message.camera, message);
    if (message.status.state !== 'live') this.#frames.delete(message.camera);
  }

  /** Takes note of what a camera sees; late frames of one that is not live any more are ignored. */
  frame(message: FrameMessage): void {
    const state = this.#statuses.get(message.camera)?.status.state;
    if (state === undefined || state === 'live') this.#frames.set(message.camera, message);
  }

  /** Undefined where the camera has said nothing since the server started. */
  statusOf(camera: string): NumberedStatus | undefined {
    return this.#statuses.get(camera);
  }

  /** What the camera sees; nothing where it is not live. */
  countsOf(camera: string): ObjectCounts {
    const frame = this.#frames.get(camera);
    return frame === undefined ? NO_OBJECTS : countObjects(frame);
  }

  /** Forgets the other cameras. */
  keepOnly(cameras: ReadonlySet<string>): void {
    for (const known of [this.#statuses, this.#frames])
      for (const camera of known.keys()) if (!cameras.has(camera)) known.delete(camera);
  }
}
