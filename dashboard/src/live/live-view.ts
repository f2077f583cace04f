import { effect } from '@preact/signals';
import type { FrameMessage } from '../../../src/server/protocol.js';
import type { SightlineDebug } from '../debug.js';
import { frameListeners, framesOf, socketAddress, watchFrames } from '../server-link.js';
import { cameraShapes } from './camera-shapes.js';
import { layers } from './layers.js';
import { MsePlayer } from './mse-player.js';
import { Overlay, type Drawn } from './overlay.js';
import type { PlayerStatus } from './picture-status.js';
import { SyncReport } from './sync-report.js';

export interface LiveViewOptions {
  readonly camera: string;
  readonly video: HTMLVideoElement;
  readonly canvas: HTMLCanvasElement;
  readonly onStatus: (status: PlayerStatus) => void;
  readonly isCameraLive: () => boolean;
  /** Whether its people are covered for who looks. */
  readonly isCovered: boolean;
}

/** One camera's live picture with its boxes: player and overlay, and what they need of each other. */
export class LiveView {
  readonly #options: LiveViewOptions;
  readonly #player: MsePlayer;
  readonly #overlay: Overlay;
  readonly #unwatch: () => void;
  readonly #unfollow: () => void;
  #report = new SyncReport();
  #drawn: Drawn | undefined;

  constructor(options: LiveViewOptions) {
    const { camera, video, canvas } = options;
    this.#options = options;
    this.#overlay = new Overlay({
      video,
      canvas,
      frames: () => this.#frames(),
      layers: () => layers.peek(),
      shapes: () => cameraShapes.peek()[camera],
      onPicture: (drawn) => {
        this.#drawn = drawn;
        this.#report.note(drawn.choice);
        this.#player.pictureShown();
      },
    });
    this.#player = new MsePlayer({
      video,
      address: socketAddress(`/api/v1/cameras/${encodeURIComponent(camera)}/live`),
      onStatus: options.onStatus,
      onStream: () => {
        this.#drawn = undefined;
        this.#report = new SyncReport();
        this.#overlay.forget();
      },
      isCameraLive: options.isCameraLive,
      isCovered: options.isCovered,
    });
    frameListeners.add(this.#onFrame);
    this.#unwatch = watchFrames(camera);
    this.#unfollow = effect(() => {
      void [layers.value, cameraShapes.value];
      this.#overlay.redraw();
    });
  }

  /** What is going on at this moment. */
  debug(): SightlineDebug {
    const { camera, video } = this.#options;
    const { edgeMs, epoch, delay } = this.#player;
    return {
      camera,
      epoch,
      mediaTimeMs: this.#drawn?.mediaTimeMs ?? 0,
      choice: this.#drawn?.choice,
      picturesShown: this.#report.shown,
      picturesWithKnownBoxes: this.#report.known,
      syncErrorsMs: [...this.#report.errorsMs],
      syncP95Ms: this.#report.p95Ms,
      delayMs: edgeMs === undefined ? 0 : edgeMs - video.currentTime * 1000,
      targetMs: delay.targetMs,
      playbackRate: video.playbackRate,
    };
  }

  /** The camera's state or codec is another. */
  cameraChanged(): void {
    this.#player.streamChanged();
  }

  /** Ends for good; idempotent. */
  close(): void {
    this.#unfollow();
    this.#unwatch();
    frameListeners.delete(this.#onFrame);
    this.#player.close();
    this.#overlay.close();
  }

  #frames(): readonly FrameMessage[] {
    const { epoch } = this.#player;
    return epoch === undefined ? [] : framesOf(this.#options.camera).framesOf(epoch);
  }

  readonly #onFrame = (message: FrameMessage): void => {
    if (message.camera !== this.#options.camera || message.epoch !== this.#player.epoch) return;
    const { ptsMs } = message;
    this.#player.wasAtServer(ptsMs, Date.parse(message.time));
    const previousPtsMs = this.#frames().findLast((frame) => frame.ptsMs < ptsMs)?.ptsMs;
    const { edgeMs, delay } = this.#player;
    if (edgeMs !== undefined) delay.boxesCame({ edgeMs, ptsMs, previousPtsMs });
    // Its picture, or one that waits for it, may be on the screen already.
    if (this.#drawn !== undefined && (previousPtsMs ?? ptsMs) <= this.#drawn.mediaTimeMs)
      this.#overlay.redraw();
  };
}
