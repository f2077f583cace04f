import type { BoxChoice } from '../live/box-choice.js';
import { drawBoxes } from '../live/draw-boxes.js';
import { paintPicture } from '../live/paint-picture.js';

const LAYERS_OF_CLIPS = ['boxes', 'labels'] as const;

export interface ClipOverlayOptions {
  readonly video: HTMLVideoElement;
  /** Lies exactly over the video, which shows its picture with `object-fit: contain`. */
  readonly canvas: HTMLCanvasElement;
  /** The boxes of a picture by its presentation time, ms; undefined where there are none. */
  readonly choose: (mediaTimeMs: number) => BoxChoice | undefined;
  /** A picture has appeared, and was drawn with its boxes. */
  readonly onPicture: (mediaTimeMs: number) => void;
}

/** Paints the pictures of a clip together with their boxes on one canvas: apart, a browser may show them one picture apart. */
export class ClipOverlay {
  readonly #options: ClipOverlayOptions;
  readonly #resizes: ResizeObserver;
  #mediaTimeMs: number | undefined;
  #callback: number;

  constructor(options: ClipOverlayOptions) {
    this.#options = options;
    this.#resizes = new ResizeObserver(() => this.redraw());
    this.#resizes.observe(options.canvas);
    this.#callback = options.video.requestVideoFrameCallback(this.#onPicture);
  }

  /** Draws again over the same picture: what is known of it, or its size, has changed. */
  redraw(): void {
    const { canvas, video, choose } = this.#options;
    const context = canvas.getContext('2d');
    if (context === null || this.#mediaTimeMs === undefined) return;
    const { picture, size } = paintPicture(context, canvas, video);
    const choice = choose(this.#mediaTimeMs);
    if (choice !== undefined) drawBoxes(context, choice, { picture, canvas: size, layers: LAYERS_OF_CLIPS });
  }

  /** Ends for good; idempotent. */
  close(): void {
    this.#resizes.disconnect();
    this.#options.video.cancelVideoFrameCallback(this.#callback);
  }

  readonly #onPicture = (_nowMs: number, { mediaTime }: VideoFrameCallbackMetadata): void => {
    this.#callback = this.#options.video.requestVideoFrameCallback(this.#onPicture);
    this.#mediaTimeMs = mediaTime * 1000;
    this.redraw();
    this.#options.onPicture(this.#mediaTimeMs);
  };
}
