import type { FrameMessage } from '../../../src/server/protocol.js';
import { chooseBoxes, type BoxChoice } from './box-choice.js';
import { drawBoxes } from './draw-boxes.js';
import { fitContain } from './picture-fit.js';

/** What was laid over one picture. */
export interface Drawn {
  /** Presentation time of the picture, ms. */
  readonly mediaTimeMs: number;
  /** Undefined: no boxes are known for this picture. */
  readonly choice: BoxChoice | undefined;
}

export interface OverlayOptions {
  readonly video: HTMLVideoElement;
  /** Lies exactly over the video element, which shows its picture with `object-fit: contain`. */
  readonly canvas: HTMLCanvasElement;
  /** The analysed frames of the stream that is shown, earliest first. */
  readonly frames: () => readonly FrameMessage[];
  /** A picture has appeared, and its boxes were drawn. */
  readonly onPicture: (drawn: Drawn) => void;
}

/**
 * Lays the boxes of each picture over it, in the moment in which it appears. It paints the picture, too: a browser puts
 * the video element's next picture on the screen without asking the page, so that boxes alone on a canvas above
 * it were one picture late on 4 of 10 screenshots; picture and boxes on one canvas never are. The video element
 * beneath shows until the first.
 */
export class Overlay {
  readonly #options: OverlayOptions;
  readonly #context: CanvasRenderingContext2D | null;
  readonly #resizes: ResizeObserver;
  #mediaTimeMs: number | undefined;
  #callback: number;

  constructor(options: OverlayOptions) {
    this.#options = options;
    this.#context = options.canvas.getContext('2d');
    this.#resizes = new ResizeObserver(() => this.redraw());
    this.#resizes.observe(options.canvas);
    this.#callback = options.video.requestVideoFrameCallback(this.#onPicture);
  }

  /** Draws again over the same picture: its boxes have come late, or its size has changed. */
  redraw(): void {
    this.#draw();
  }

  /** The picture is gone: clears the canvas until the next one. */
  forget(): void {
    this.#mediaTimeMs = undefined;
    this.#draw();
  }

  /** Ends for good; idempotent. */
  close(): void {
    this.#resizes.disconnect();
    this.#options.video.cancelVideoFrameCallback(this.#callback);
    this.forget();
  }

  readonly #onPicture = (_now: number, { mediaTime }: VideoFrameCallbackMetadata): void => {
    this.#callback = this.#options.video.requestVideoFrameCallback(this.#onPicture);
    this.#mediaTimeMs = mediaTime * 1000;
    const choice = this.#draw();
    this.#options.onPicture({ mediaTimeMs: this.#mediaTimeMs, choice });
  };

  #draw(): BoxChoice | undefined {
    const { canvas, video, frames } = this.#options;
    const context = this.#context;
    if (context === null) return undefined;
    const size = { width: canvas.clientWidth, height: canvas.clientHeight };
    const scale = window.devicePixelRatio;
    const width = Math.round(size.width * scale);
    const height = Math.round(size.height * scale);
    // Setting the size, even to what it is, makes the browser allocate anew.
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, size.width, size.height);
    if (this.#mediaTimeMs === undefined) return undefined;
    const picture = fitContain(size, { width: video.videoWidth, height: video.videoHeight });
    context.drawImage(video, picture.x, picture.y, picture.width, picture.height);
    const choice = chooseBoxes(frames(), this.#mediaTimeMs);
    if (choice === undefined) return undefined;
    drawBoxes(context, choice, picture, size);
    return choice;
  }
}
