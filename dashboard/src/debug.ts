import type { BoxChoice } from './live/box-choice.js';

/**
 * What tests and the curious find at `window.__sightline` while cameras are shown: of the first picture that began, and, at
 * `__sightlineOf`, of each camera's. Read-only: the values are those of the moment in which they are read.
 */
export interface SightlineDebug {
  readonly camera: string;
  /** Epoch of the stream that is shown. */
  readonly epoch: number | undefined;
  /** Presentation time of the picture on the screen, ms. */
  readonly mediaTimeMs: number;
  /** What lies over it, boxes in px of `choice.frame`. */
  readonly choice: BoxChoice | undefined;
  readonly picturesShown: number;
  readonly picturesWithKnownBoxes: number;
  /** Distance in time between drawn boxes and their picture, of the last 500 pictures with boxes, ms. */
  readonly syncErrorsMs: readonly number[];
  readonly syncP95Ms: number | undefined;
  /** How far behind the newest picture the shown one is, and should be, ms. */
  readonly delayMs: number;
  readonly targetMs: number;
  readonly playbackRate: number;
}
