import type { Size } from '../../geometry/index.js';
import { CHROMA_ZERO, LUMA_BLACK, LUMA_SPAN } from '../bt601.js';

/** Every so many pixels in both directions are looked at: 1/16 of them place every figure within a hundredth of its value. */
const STEP_PX = 4;
/** U or V so far off grey is colour; compression and a sensor's own tint stay below. */
const COLOUR_LEVELS = 5;
/** Luma up to here shows nothing any more, and from there on nothing more. */
const DARK_LUMA = LUMA_BLACK + 0.06 * LUMA_SPAN;
const BRIGHT_LUMA = LUMA_BLACK + 0.94 * LUMA_SPAN;
/** The quarter of a picture with the least texture shows its noise: the lower quartile of |x| in standard deviations of x. */
const QUARTILE = 0.25;
const QUARTILE_STDS = 0.3186;
/** Standard deviations that Immerkær's mask makes of one. */
const MASK_GAIN = 6;
const MASK_MAX = 16 * 255;

/** The light of one picture. Shares and lumas are 0..1, chroma in levels of 8 bits. */
export interface LightMeasures {
  readonly meanLuma: number;
  /** Standard deviation of luma. */
  readonly spread: number;
  /** Share of the picture that is as good as black, and as good as white. */
  readonly darkShare: number;
  readonly brightShare: number;
  /** Mean of U and of V, off grey: of a colour cast, or of what the scene is painted in. */
  readonly castU: number;
  readonly castV: number;
  /** Share of the picture that is coloured at all: 0 under infrared lamps, and hardly more on a wet road. */
  readonly colourShare: number;
  /** Standard deviation of noise in levels of luma: what is left in the flattest quarter (Immerkær, 1996, with a quartile for the mean). */
  readonly noise: number;
}

/** Measures the light of I420 pictures (limited range) of one size, of an even width and height. Allocates nothing per picture but its answer. */
export class LightMeter {
  readonly #size: Size;
  readonly #masked = new Uint32Array(MASK_MAX + 1);

  constructor(size: Size) {
    this.#size = size;
  }

  /** @param picture its bytes; only read, during the call */
  measure(picture: Uint8Array): LightMeasures {
    const { widthPx, heightPx } = this.#size;
    const masked = this.#masked.fill(0);
    let [count, sum, squares, dark, bright] = [0, 0, 0, 0, 0];
    const [firstX, firstY] = [Math.min(STEP_PX, widthPx) >> 1, Math.min(STEP_PX, heightPx) >> 1];
    const [lastX, lastY] = [widthPx - 1, heightPx - 1];
    let noises = 0;
    for (let y = firstY; y < heightPx; y += STEP_PX)
      for (let x = firstX; x < widthPx; x += STEP_PX) {
        const at = y * widthPx + x;
        const luma = picture[at]!;
        count++;
        sum += luma;
        squares += luma * luma;
        if (luma <= DARK_LUMA) dark++;
        else if (luma >= BRIGHT_LUMA) bright++;
        if (x === 0 || y === 0 || x >= lastX || y >= lastY) continue;
        masked[Math.abs(immerkaer(picture, at, widthPx))]!++;
        noises++;
      }
    const mean = sum / count;
    return {
      meanLuma: Math.min(1, Math.max(0, (mean - LUMA_BLACK) / LUMA_SPAN)),
      spread: Math.sqrt(Math.max(0, squares / count - mean * mean)) / LUMA_SPAN,
      darkShare: dark / count,
      brightShare: bright / count,
      ...this.#chroma(picture),
      noise: quantile(masked, noises * QUARTILE) / (QUARTILE_STDS * MASK_GAIN),
    };
  }

  #chroma(picture: Uint8Array): Pick<LightMeasures, 'castU' | 'castV' | 'colourShare'> {
    const { widthPx, heightPx } = this.#size;
    const [width, height] = [widthPx / 2, heightPx / 2];
    const firstU = widthPx * heightPx;
    const firstV = firstU + width * height;
    let [count, sumU, sumV, coloured] = [0, 0, 0, 0];
    for (let y = Math.min(STEP_PX, height) >> 1; y < height; y += STEP_PX)
      for (let x = Math.min(STEP_PX, width) >> 1; x < width; x += STEP_PX) {
        const at = y * width + x;
        const u = picture[firstU + at]! - CHROMA_ZERO;
        const v = picture[firstV + at]! - CHROMA_ZERO;
        count++;
        sumU += u;
        sumV += v;
        if (Math.max(Math.abs(u), Math.abs(v)) >= COLOUR_LEVELS) coloured++;
      }
    return { castU: sumU / count, castV: sumV / count, colourShare: coloured / count };
  }
}

/** The difference of two Laplacians: 0 on flats, slopes and straight edges; of noise, six times its standard deviation. */
function immerkaer(plane: Uint8Array, at: number, stridePx: number): number {
  const [above, below] = [at - stridePx, at + stridePx];
  return (
    plane[above - 1]! -
    2 * plane[above]! +
    plane[above + 1]! -
    2 * plane[at - 1]! +
    4 * plane[at]! -
    2 * plane[at + 1]! +
    plane[below - 1]! -
    2 * plane[below]! +
    plane[below + 1]!
  );
}

/** The value that so many of a histogram's are not above, with its fraction of a step; 0 for an empty one. */
function quantile(histogram: Uint32Array, rank: number): number {
  let below = 0;
  for (let value = 0; value < histogram.length; value++) {
    const here = histogram[value]!;
    if (here > 0 && below + here >= rank) return Math.max(0, value - 0.5 + (rank - below) / here);
    below += here;
  }
  return 0;
}
