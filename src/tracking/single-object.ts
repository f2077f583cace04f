import { clipBox, type Box, type Size } from '../geometry/index.js';
import type { Sighting } from './single-object-search.js';

/** When an object counts as hidden, and whether its template is made anew. */
export interface SingleObjectOptions {
  readonly frame: Size;
  /** Below this confidence it is hidden; default 0.3. */
  readonly hiddenBelow?: number;
  /** A hidden one is back from this confidence on; default 0.5. */
  readonly seenFrom?: number;
  /** Make the template anew after so many sightings of high confidence; never when absent. */
  readonly refreshEvery?: number;
}

/** What is known of the object after one picture. */
export interface SingleObjectStep {
  /** Where it is, or was last seen; in the frame's pixels. */
  readonly box: Box;
  readonly confidence: number;
  readonly state: 'followed' | 'hidden';
  /** The template should be made anew from this picture and box. */
  readonly refreshTemplate: boolean;
}

const HIDDEN_BELOW = 0.3;
const SEEN_FROM = 0.5;
/** From this confidence on, a sighting may become the template. */
const REFRESH_FROM = 0.8;
/** No box becomes narrower or lower, pixels. */
const SIDE_MIN_PX = 4;

/** Follows one object from sighting to sighting. Pure: the caller searches around {@link box} in the next picture. */
export class SingleObject {
  readonly #options: SingleObjectOptions;
  #box: Box;
  #isHidden = false;
  #goodSightings = 0;

  /** @param box where the object is in the picture that its template was made from */
  constructor(box: Box, options: SingleObjectOptions) {
    this.#box = box;
    this.#options = options;
  }

  /** The box around which the next picture is to be searched. */
  get box(): Box {
    return this.#box;
  }

  /** Takes what a search around {@link box} found. A sighting of low confidence does not move the box. */
  update(sighting: Sighting): SingleObjectStep {
    const { frame, hiddenBelow = HIDDEN_BELOW, seenFrom = SEEN_FROM, refreshEvery } = this.#options;
    const { confidence } = sighting;
    this.#isHidden = confidence < (this.#isHidden ? seenFrom : hiddenBelow);
    if (!this.#isHidden) this.#box = withinFrame(sighting.box, frame);
    this.#goodSightings = confidence >= REFRESH_FROM ? this.#goodSightings + 1 : 0;
    const refreshTemplate = refreshEvery !== undefined && this.#goodSightings >= refreshEvery;
    if (refreshTemplate) this.#goodSightings = 0;
    return { box: this.#box, confidence, state: this.#isHidden ? 'hidden' : 'followed', refreshTemplate };
  }
}

/** Keeps the middle within the frame and the size between a few pixels and the frame's; the sides may be outside. */
function withinFrame([x1, y1, x2, y2]: Box, frame: Size): Box {
  const side = (length: number, most: number) => Math.max(SIDE_MIN_PX, Math.min(length, most));
  const width = side(x2 - x1, frame.widthPx);
  const height = side(y2 - y1, frame.heightPx);
  const [x, y] = clipBox([(x1 + x2) / 2, (y1 + y2) / 2, 0, 0], frame);
  return [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
}
