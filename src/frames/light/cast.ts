import type { Size } from '../../geometry/index.js';
import { BLUE_U, CHROMA_ZERO, GREEN_U, GREEN_V, LUMA, LUMA_BLACK, RED_V } from '../bt601.js';

const STEP_PX = 4;
/** Of what is as good as black or white nobody knows the colour. */
const LUMA_MIN = 24;
const LUMA_MAX = 230;

/** The colour of a scene's light: chroma, in levels, of a grey surface for each level of luma above black. */
export interface Cast {
  readonly u: number;
  readonly v: number;
}

/** A light without colour. */
export const NO_CAST: Cast = { u: 0, v: 0 };

/**
 * The light's colour by the Minkowski mean of each colour: with `power` 1 the world is taken to be grey on the whole (Buchsbaum, 1980), with 6 its
 * brighter parts count more (shades of grey: Finlayson and Trezzi, 2004).
 *
 * @param picture I420, limited range; only read
 */
export function castOf(picture: Uint8Array, { widthPx, heightPx }: Size, power: 1 | 6): Cast {
  const [firstU, width] = [widthPx * heightPx, widthPx / 2];
  const firstV = firstU + firstU / 4;
  let [red, green, blue, count] = [0, 0, 0, 0];
  for (let y = 0; y < heightPx; y += STEP_PX)
    for (let x = 0; x < widthPx; x += STEP_PX) {
      const luma = picture[y * widthPx + x]!;
      if (luma < LUMA_MIN || luma > LUMA_MAX) continue;
      const at = (y >> 1) * width + (x >> 1);
      const grey = (luma - LUMA_BLACK) * LUMA;
      const u = picture[firstU + at]! - CHROMA_ZERO;
      const v = picture[firstV + at]! - CHROMA_ZERO;
      const r = Math.max(0, grey + RED_V * v);
      const g = Math.max(0, grey + GREEN_U * u + GREEN_V * v);
      const b = Math.max(0, grey + BLUE_U * u);
      red += power === 6 ? sixth(r) : r;
      green += power === 6 ? sixth(g) : g;
      blue += power === 6 ? sixth(b) : b;
      count++;
    }
  if (count === 0) return NO_CAST;
  const mean = (sum: number) => (sum / count) ** (1 / power);
  const [r, g, b] = [mean(red), mean(green), mean(blue)];
  const grey = 0.299 * r + 0.587 * g + 0.114 * b;
  if (grey <= 0) return NO_CAST;
  // As a share of the light's luma; a grey surface then has so much chroma for each level of its own.
  return { u: ((b - grey) / BLUE_U / grey) * LUMA, v: ((r - grey) / RED_V / grey) * LUMA };
}

function sixth(value: number): number {
  const cube = value * value * value;
  return cube * cube;
}
