import type { Box, Size } from '../geometry/index.js';
import { BLUE_U, CHROMA_ZERO, GREEN_U, GREEN_V, LUMA, LUMA_BLACK, RED_V } from './bt601.js';

/** Words for the main colour of an object: the basic colour terms of English (Berlin and Kay, 1969) without pink, which counts as red or purple. */
export const COLOURS = [
  ...(['black', 'grey', 'white'] as const),
  ...(['red', 'orange', 'yellow', 'green', 'blue', 'purple', 'brown'] as const),
] as const;

/** One of {@link COLOURS}. */
export type Colour = (typeof COLOURS)[number];

/** Pixels of an object that are looked at, about. */
const SAMPLES = 1000;
/** Nearer to grey than this on average, chroma of 8 bits, a picture has no colours: it was taken in infra-red. */
const COLOURLESS = 0.7;
/** So many samples of its chroma lie between two that are looked at. */
const CHROMA_STEP = 17;

// Chosen by bench/colour.mjs, with one half of its objects.
/** What a pixel counts for: glass, tyres and shadows are dark on things of every colour, and light from the sky makes paint greyer than it is. */
const WEIGHTS: Readonly<Record<Colour, number>> = {
  ...{ black: 0.8, grey: 1, white: 1.5 },
  ...{ red: 2, orange: 2, yellow: 2, green: 2, blue: 2, purple: 2, brown: 0.75 },
};
/** Of all votes, those that a colour needs, and by how much it must lead the next one. */
const SHARE_MIN = 0.4;
const LEAD_MIN = 1.2;
/** Value of what is black whatever its hue, and of what is black and grey at most where it has no hue; all of 255. */
const DARK = 45;
const BLACK_MAX = 90;
const GREY_MAX = 160;
/** Less chroma, of 255 or as a share of the value, is no hue. */
const CHROMA_MIN = 30;
const SATURATION_MIN = 0.28;
/** Orange that is darker or paler is brown. */
const ORANGE_MIN = 150;
const ORANGE_SATURATION_MIN = 0.45;
/** The part of a box that shows the paint of a vehicle, or what somebody wears from the chest to the knees, and little else: shares of its sides. */
const MIDDLE: Box = [0.2, 0.35, 0.8, 0.7];

/** The middle part of a box. */
export function middleOf([x1, y1, x2, y2]: Box): Box {
  const [width, height] = [x2 - x1, y2 - y1];
  return [x1 + MIDDLE[0] * width, y1 + MIDDLE[1] * height, x1 + MIDDLE[2] * width, y1 + MIDDLE[3] * height];
}

/** Whether an I420 picture of an even size shows colours at all. */
export function hasColours(picture: Uint8Array, { widthPx, heightPx }: Size): boolean {
  let [sum, count] = [0, 0];
  for (let at = widthPx * heightPx + (CHROMA_STEP >> 1); at < picture.length; at += CHROMA_STEP, count++)
    sum += Math.abs(picture[at]! - CHROMA_ZERO);
  return sum > COLOURLESS * count;
}

/**
 * How many of an object's pixels have each of {@link COLOURS}, as shares in that order.
 *
 * @param picture full planes Y, U, V of an even width and height; only read
 * @param parts of the picture that show the object, in its pixels
 */
export function colourShares(
  picture: Uint8Array,
  { widthPx, heightPx }: Size,
  parts: readonly Box[],
): Float32Array {
  const shares = new Float32Array(COLOURS.length);
  const area = parts.reduce((sum, [x1, y1, x2, y2]) => sum + (x2 - x1) * (y2 - y1), 0);
  const step = Math.max(1, Math.sqrt(area / SAMPLES));
  const half = widthPx >> 1;
  const uPlane = widthPx * heightPx;
  const vPlane = uPlane + half * (heightPx >> 1);
  let count = 0;
  for (const [x1, y1, x2, y2] of parts)
    for (let y = Math.max(0, y1 + Math.min(step, y2 - y1) / 2); y < Math.min(y2, heightPx); y += step)
      for (let x = Math.max(0, x1 + Math.min(step, x2 - x1) / 2); x < Math.min(x2, widthPx); x += step) {
        const [column, row] = [Math.floor(x), Math.floor(y)];
        const chroma = (row >> 1) * half + (column >> 1);
        const at = colourAt(
          picture[row * widthPx + column]!,
          picture[uPlane + chroma]!,
          picture[vPlane + chroma]!,
        );
        shares[at]!++;
        count++;
      }
  for (let i = 0; i < shares.length; i++) shares[i]! /= count || 1;
  return shares;
}

/** A sum of votes, with those of another view, as much as these are worth; the sum is changed. */
export function addVotes(sum: Float32Array | undefined, shares: Float32Array, worth: number): Float32Array {
  const votes = sum ?? new Float32Array(COLOURS.length);
  for (let i = 0; i < votes.length; i++) votes[i]! += worth * shares[i]!;
  return votes;
}

/** The colour that votes say: shares of one view, or a weighted sum of those of several; undefined where none has clearly more than the others. */
export function mainColour(votes: Float32Array): Colour | undefined {
  const weighed = COLOURS.map((colour, at) => ({ colour, votes: votes[at]! * WEIGHTS[colour] }));
  weighed.sort((a, b) => b.votes - a.votes);
  const sum = weighed.reduce((all, one) => all + one.votes, 0);
  const [first, second] = weighed;
  return first!.votes >= SHARE_MIN * sum && first!.votes >= LEAD_MIN * second!.votes && sum > 0
    ? first!.colour
    : undefined;
}

const [black, grey, white] = [COLOURS.indexOf('black'), COLOURS.indexOf('grey'), COLOURS.indexOf('white')];
const [orange, brown] = [COLOURS.indexOf('orange'), COLOURS.indexOf('brown')];
/** Where each sector of hues ends, degrees from red. */
const SECTORS = [['red', 14], ['orange', 42], ['yellow', 68], ['green', 165], ['blue', 258], ['purple', 340], ['red', 360]] as const; // prettier-ignore
const BY_DEGREE = Uint8Array.from({ length: 360 }, (_, degree) =>
  COLOURS.indexOf(SECTORS.find(([, end]) => degree < end)![0]),
);

/** Which colour a pixel has: by sectors of its hue, its saturation and its value (HSV; Smith, Color gamut transform pairs, 1978). */
function colourAt(luma: number, u: number, v: number): number {
  const lightness = (luma - LUMA_BLACK) * LUMA;
  const [du, dv] = [u - CHROMA_ZERO, v - CHROMA_ZERO];
  const r = clamped(lightness + RED_V * dv);
  const g = clamped(lightness + GREEN_U * du + GREEN_V * dv);
  const b = clamped(lightness + BLUE_U * du);
  const value = Math.max(r, g, b);
  const chroma = value - Math.min(r, g, b);
  if (value < DARK) return black;
  if (chroma < CHROMA_MIN || chroma < SATURATION_MIN * value)
    return value < BLACK_MAX ? black : value < GREY_MAX ? grey : white;
  const sixths = value === r ? (g - b) / chroma : value === g ? 2 + (b - r) / chroma : 4 + (r - g) / chroma;
  const at = BY_DEGREE[Math.floor(60 * sixths + 360) % 360]!;
  const isPale = value < ORANGE_MIN || chroma < ORANGE_SATURATION_MIN * value;
  return at === orange && isPale ? brown : at;
}

function clamped(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}
