import type { Size } from '../../geometry/index.js';
import { castOf, NO_CAST, type Cast } from './cast.js';
import { Clahe, CLAHE_TILES } from './clahe.js';
import type { LightMeasures } from './light-meter.js';
import type { Relighting } from './relight.js';
import { countLuma, equaliseCurve, gammaCurve, LEVELS, logCurve, meanOf, type ToneGrid } from './tones.js';

/** Ways to show a picture in another light; `balanced` is gamma, CLAHE, shades of grey, and against much noise the filter, together. */
export const LIGHT_METHODS = [
  'gamma',
  'log',
  'equalise',
  'clahe',
  'grey-world',
  'shades-of-grey',
  'denoise',
  'balanced',
] as const;

/** A way to show a picture in another light. */
export type LightMethod = (typeof LIGHT_METHODS)[number];

/** Mean luma that curves aim at. */
const TARGET = 0.42;
/** Light follows the scene's within about so long, so that it does not pump. */
const FOLLOW_MS = 700;
const GREY_WORLD = 1;
const SHADES = 6;

/** Decides how each picture of one stream is shown in another light, by one method, smoothly over time. Allocates nothing per picture but its answer. */
export class LightNormaliser {
  readonly #size: Size;
  readonly #method: LightMethod;
  readonly #clahe: Clahe;
  readonly #tiles: number;
  readonly #counts = new Uint32Array(LEVELS);
  readonly #global = new Float32Array(LEVELS);
  readonly #wanted: Float32Array;
  readonly #smooth: Float32Array;
  readonly #isToned: boolean;
  #cast: Cast = NO_CAST;
  #lastMs: number | undefined;

  constructor(size: Size, method: LightMethod) {
    this.#size = size;
    this.#method = method;
    this.#clahe = new Clahe(size);
    const isLocal = method === 'clahe' || method === 'balanced';
    this.#tiles = isLocal ? CLAHE_TILES : 1;
    const length = this.#tiles ** 2 * LEVELS;
    this.#wanted = new Float32Array(length);
    this.#smooth = new Float32Array(length);
    this.#isToned = method !== 'denoise' && method !== 'grey-world' && method !== 'shades-of-grey';
  }

  /** Memory that the curves of a picture need. */
  get curveBytes(): number {
    return this.#isToned ? this.#smooth.length : 0;
  }

  /**
   * @param picture I420, limited range; only read, during the call
   * @param ptsMs when it was taken, on a clock that rises
   * @param curves {@link curveBytes}; the caller's, written here, and part of the answer
   */
  plan(picture: Uint8Array, light: LightMeasures, ptsMs: number, curves: Uint8Array): Relighting {
    const passedMs = this.#lastMs === undefined ? Infinity : Math.max(0, ptsMs - this.#lastMs);
    const follow = 1 - Math.exp(-passedMs / FOLLOW_MS);
    this.#lastMs = ptsMs;
    const method = this.#method;
    if (method === 'denoise') return { noise: light.noise };
    if (method === 'grey-world') return { cast: this.#castNow(picture, GREY_WORLD, follow) };
    if (method === 'shades-of-grey') return { cast: this.#castNow(picture, SHADES, follow) };
    const tones = this.#tones(picture, follow, curves);
    if (method !== 'balanced') return { tones };
    return { tones, cast: this.#castNow(picture, SHADES, follow), noise: light.noise > 3 ? light.noise : 0 };
  }

  #castNow(picture: Uint8Array, power: 1 | 6, follow: number): Cast {
    const { u, v } = castOf(picture, this.#size, power);
    const was = this.#cast;
    this.#cast = { u: was.u + (u - was.u) * follow, v: was.v + (v - was.v) * follow };
    return this.#cast;
  }

  #tones(picture: Uint8Array, follow: number, curves: Uint8Array): ToneGrid {
    const { widthPx, heightPx } = this.#size;
    const count = countLuma(picture, this.#size, [0, 0, widthPx, heightPx], this.#counts.fill(0));
    const mean = meanOf(this.#counts);
    const method = this.#method;
    const wanted = this.#tiles === 1 ? this.#wanted : this.#global;
    if (method === 'log') logCurve(mean, TARGET, wanted);
    else if (method === 'equalise') equaliseCurve(this.#counts, count, wanted);
    else if (method === 'clahe') for (let level = 0; level < LEVELS; level++) wanted[level] = level;
    else gammaCurve(mean, TARGET, wanted);
    if (this.#tiles > 1) this.#clahe.plan(picture, this.#global, this.#wanted);
    const [smooth, to] = [this.#smooth, this.#wanted];
    for (let at = 0; at < to.length; at++) {
      smooth[at] = smooth[at]! + (to[at]! - smooth[at]!) * follow;
      curves[at] = smooth[at]! + 0.5;
    }
    return { columns: this.#tiles, rows: this.#tiles, curves };
  }
}
