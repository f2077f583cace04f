import type { Size } from '../../geometry/index.js';
import { Evidence } from './evidence.js';

/** Every so many pixels in both directions are compared. */
const STEP_PX = 4;
/** A pixel that differs by less may be the same encoded again. */
const CHANGE_MIN = 2;
/** A picture of which a smaller share of pixels changes is the same as the one before. */
const SAME_MAX = 0.001;
/** Tiles in which changes are counted, across and down. */
const [ACROSS, DOWN] = [6, 4];
/** So long the same picture must come; encoders let it differ at keyframes, which takes back half. */
const FROZEN_MS = 10_000;
const LAPSE = 0.5;
/** A camera is known after so long, by what is averaged over so long. */
const KNOWN_MS = 20_000;
const AVERAGED_MS = 120_000;
/** A camera that repeats more of its pictures, or changes in fewer places, may show a drawing, a screen or slides. */
const REPEATS_MAX = 0.1;
const PLACES_MIN = 0.3;

/**
 * Tells whether a camera shows the same picture again and again. A sensor makes noise, so no two pictures of it are the same; of a camera
 * that has shown no noise before, the same picture says nothing.
 */
export class FreezeWatch {
  readonly #size: Size;
  readonly #before: Uint8Array;
  readonly #changed = new Uint8Array(ACROSS * DOWN);
  /** Of each compared column of pixels, that of its tile. */
  readonly #columns: Uint8Array;
  readonly #evidence = new Evidence(FROZEN_MS, LAPSE);
  #isFirst = true;
  #knownMs = 0;
  /** Averages: of how many pictures repeat, and in which share of their tiles the others change. */
  #repeats = 0;
  #places = 0;

  constructor(size: Size) {
    this.#size = size;
    const columns = Math.ceil(size.widthPx / STEP_PX);
    this.#columns = Uint8Array.from({ length: columns }, (_, at) => Math.floor((at * ACROSS) / columns));
    this.#before = new Uint8Array(columns * Math.ceil(size.heightPx / STEP_PX));
  }

  get isFrozen(): boolean {
    return this.#evidence.isOn;
  }

  /** Whether the camera is known to make noise. */
  get isNoisy(): boolean {
    return this.#knownMs >= KNOWN_MS && this.#repeats <= REPEATS_MAX && this.#places >= PLACES_MIN;
  }

  /** @param plane a picture's Y plane; only read. @param passedMs since the one before */
  take(plane: Uint8Array, passedMs: number): void {
    const isSame = this.#compare(plane) <= SAME_MAX * this.#before.length;
    if (this.#isFirst) {
      this.#isFirst = false;
      return;
    }
    this.#evidence.take(isSame && this.isNoisy, passedMs);
    // What may be a fault is not learnt.
    if (this.#evidence.isAny) return;
    this.#knownMs += passedMs;
    const weight = Math.min(1, passedMs / Math.min(this.#knownMs, AVERAGED_MS));
    this.#repeats += weight * ((isSame ? 1 : 0) - this.#repeats);
    if (!isSame)
      this.#places += weight * (this.#changed.reduce(countSet, 0) / this.#changed.length - this.#places);
  }

  /** Number of compared pixels that differ from the picture before, which this one replaces; notes in which tiles. */
  #compare(plane: Uint8Array): number {
    const { widthPx, heightPx } = this.#size;
    const before = this.#before;
    const tiles = this.#changed.fill(0);
    let [changed, i] = [0, 0];
    for (let y = 0; y < heightPx; y += STEP_PX) {
      const row = Math.floor((y * DOWN) / heightPx) * ACROSS;
      for (let x = 0, column = 0; x < widthPx; x += STEP_PX, column++) {
        const luma = plane[y * widthPx + x]!;
        const change = luma - before[i]!;
        if (change >= CHANGE_MIN || change <= -CHANGE_MIN) {
          changed++;
          tiles[row + this.#columns[column]!] = 1;
        }
        before[i++] = luma;
      }
    }
    return changed;
  }
}

const countSet = (count: number, isSet: number) => count + isSet;
