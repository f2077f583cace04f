import type { FrameMessage } from '../../../src/server/protocol.js';
import { chooseBoxes, type BoxChoice } from './box-choice.js';
import type { CameraShapes } from './camera-shapes.js';
import { drawBoxes } from './draw-boxes.js';
import { drawShapes, drawTrails } from './draw-layers.js';
import type { Layer } from './layers.js';
import { paintPicture } from './paint-picture.js';
import { trailsOf, type Trail } from './trails.js';

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
  /** What is wanted over the picture. */
  readonly layers: () => readonly Layer[];
  /** Zones and lines of the camera, where they are known. */
  readonly shapes: () => CameraShapes | undefined;
  /** A picture has appeared, and its boxes were drawn. */
  readonly onPicture: (drawn: Drawn) => void;
}

/**
 * Lays the boxes of each picture over it, in the moment in which it appears. It paints the picture, too: a browser puts
 * the video element's next picture on the screen without asking the page, so that boxes alone on a canvas above
 * it were one picture late on 4 of 10 screenshots; picture and boxes on one canvas never are. Where nothing lies over the
 * picture, nothing is painted and the canvas is hidden: the video element beneath shows.
 */
export class Overlay {
  readonly #options: OverlayOptions;
  readonly #context: CanvasRenderingContext2D | null;
  readonly #resizes: ResizeObserver;
  #mediaTimeMs: number | undefined;
  #callback: number;
  #nextRedraw: number | undefined;
  #isPainted = false;

  constructor(options: OverlayOptions) {
    this.#options = options;
    this.#context = options.canvas.getContext('2d');
    options.canvas.style.visibility = 'hidden';
    this.#resizes = new ResizeObserver(() => this.redraw());
    this.#resizes.observe(options.canvas);
    this.#callback = options.video.requestVideoFrameCallback(this.#onPicture);
  }

  /** Draws again over the same picture (its boxes have come late, or its size has changed), once before the page is painted next. */
  redraw(): void {
    this.#nextRedraw ??= requestAnimationFrame(() => {
      this.#nextRedraw = undefined;
      this.#draw();
    });
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
    if (this.#nextRedraw !== undefined) cancelAnimationFrame(this.#nextRedraw);
    this.#nextRedraw = undefined;
    if (this.#mediaTimeMs === undefined) return this.#wipe();
    const over = this.#over(this.#mediaTimeMs);
    if (over.isNothing) this.#wipe();
    else this.#paint(over);
    return over.choice;
  }

  /** What lies over the picture now. */
  #over(mediaTimeMs: number): Over {
    const layers = this.#options.layers();
    const known = this.#options.frames();
    const choice = chooseBoxes(known, mediaTimeMs);
    const zones = layers.includes('zones') ? this.#options.shapes() : undefined;
    const shapes = zones !== undefined && hasShapes(zones) ? zones : undefined;
    const hasObjects = choice !== undefined && choice.objects.length > 0;
    const trails = hasObjects && layers.includes('trails') ? trailsOf(known, mediaTimeMs, choice) : [];
    const areObjectsDrawn = hasObjects && hasLayerOf(choice, layers);
    return {
      ...{ choice, layers, shapes, trails },
      isNothing: shapes === undefined && trails.length === 0 && !areObjectsDrawn,
    };
  }

  #paint({ choice, layers, shapes, trails }: Over): void {
    const { canvas, video } = this.#options;
    const context = this.#context;
    if (context === null) return;
    const { picture, size } = paintPicture(context, canvas, video);
    if (shapes !== undefined) drawShapes(context, shapes, picture);
    if (choice !== undefined) {
      drawTrails(context, trails, choice.frame, picture);
      drawBoxes(context, choice, { picture, canvas: size, layers });
    }
    if (!this.#isPainted) canvas.style.visibility = '';
    this.#isPainted = true;
  }

  /** An empty canvas that is not hidden would still be laid over each picture of the video. */
  #wipe(): undefined {
    if (!this.#isPainted) return;
    this.#isPainted = false;
    const { canvas } = this.#options;
    canvas.style.visibility = 'hidden';
    this.#context?.setTransform(1, 0, 0, 1, 0, 0);
    this.#context?.clearRect(0, 0, canvas.width, canvas.height);
  }
}

/** What lies over one picture. */
interface Over {
  readonly choice: BoxChoice | undefined;
  readonly layers: readonly Layer[];
  readonly shapes: CameraShapes | undefined;
  readonly trails: readonly Trail[];
  /** There is nothing to draw. */
  readonly isNothing: boolean;
}

function hasShapes({ zones = {}, lines = {} }: CameraShapes): boolean {
  return Object.keys(zones).length > 0 || Object.keys(lines).length > 0;
}

/** Whether a layer of `drawBoxes` has something to draw. */
function hasLayerOf({ objects }: BoxChoice, layers: readonly Layer[]): boolean {
  if (layers.includes('boxes') || layers.includes('labels')) return true;
  return layers.includes('masks') && objects.some(({ mask }) => mask !== undefined);
}
