import { describe, expect, it } from '@jest/globals';
import {
  addVotes,
  COLOURS,
  colourShares,
  hasColours,
  mainColour,
  middleOf,
  rgbToI420,
  type Colour,
} from '../../src/frames/index.js';
import type { Box } from '../../src/geometry/index.js';

const size = { widthPx: 64, heightPx: 48 };
const whole: Box = [0, 0, 64, 48];
type Rgb = readonly [number, number, number];

/** A picture of one colour, and another one in a part of it. */
function picture(of: Rgb, other: Rgb = of, [x1, y1, x2, y2]: Box = [0, 0, 0, 0]): Uint8Array {
  const rgb = new Uint8Array(64 * 48 * 3);
  for (let y = 0; y < 48; y++)
    for (let x = 0; x < 64; x++)
      rgb.set(x >= x1 && x < x2 && y >= y1 && y < y2 ? other : of, (y * 64 + x) * 3);
  const i420 = new Uint8Array((64 * 48 * 3) / 2);
  rgbToI420(rgb, size, i420);
  return i420;
}
const colourOf = (i420: Uint8Array, ...parts: Box[]) =>
  mainColour(colourShares(i420, size, parts.length === 0 ? [whole] : parts));
const votesFor = (shares: Partial<Record<Colour, number>>) =>
  Float32Array.from(COLOURS, (colour) => shares[colour] ?? 0);

describe('the main colour', () => {
  it.each<[Colour, Rgb]>([
    ['black', [20, 20, 24]],
    ['black', [40, 10, 10]],
    ['grey', [120, 124, 130]],
    ['white', [235, 238, 240]],
    ['red', [200, 20, 30]],
    ['red', [110, 20, 40]],
    ['orange', [240, 130, 20]],
    ['yellow', [240, 215, 30]],
    ['green', [30, 130, 50]],
    ['blue', [30, 60, 170]],
    ['blue', [90, 170, 230]],
    ['purple', [130, 40, 170]],
    ['brown', [110, 70, 35]],
    ['brown', [205, 170, 125]],
  ])('%s is what a surface of %p is called', (colour, rgb) => {
    expect(colourOf(picture(rgb))).toBe(colour);
  });

  it('is that of the parts that show the object, also where these reach beyond the picture or are narrow', () => {
    const red: Box = [20, 10, 44, 40];
    const i420 = picture([240, 240, 240], [200, 20, 30], red);
    expect(colourOf(i420)).toBe('white');
    expect(colourOf(i420, red)).toBe('red');
    expect(colourOf(i420, [20, 10, 20.4, 40], [30, 10, 30.4, 40])).toBe('red');
    expect(colourOf(i420, [50, -20, 90, 20])).toBe('white');
    expect(colourOf(i420, [70, 50, 90, 60])).toBeUndefined();
  });

  it('is a car’s paint though most of what is seen of it are dark windows', () => {
    expect(colourOf(picture([25, 25, 25], [30, 60, 170], [0, 0, 64, 20]))).toBe('blue');
  });

  it('is none where two have about the same share', () => {
    expect(colourOf(picture([200, 20, 30], [30, 60, 170], [0, 0, 64, 22]))).toBeUndefined();
    expect(mainColour(votesFor({}))).toBeUndefined();
    expect(mainColour(votesFor({ black: 1, red: 0.2, green: 0.2, blue: 0.2, grey: 0.5 }))).toBeUndefined();
  });

  it('of several views is that of those that are worth most', () => {
    const one = addVotes(undefined, votesFor({ red: 1 }), 0.3);
    expect(mainColour(addVotes(one, votesFor({ blue: 1 }), 0.9))).toBe('blue');
  });

  it('is looked for in the middle of a box', () => {
    expect(middleOf([100, 200, 200, 400])).toEqual([120, 270, 180, 340]);
  });
});

describe('hasColours', () => {
  it('tells a picture in infra-red, noise and all, from one of a grey street with something red in it', () => {
    const infraRed = picture([130, 130, 130]);
    for (let at = 64 * 48; at < infraRed.length; at++) infraRed[at] = 128 + (at % 3) - 1;
    expect(hasColours(infraRed, size)).toBe(false);
    expect(hasColours(picture([130, 130, 130], [200, 20, 30], [8, 8, 24, 24]), size)).toBe(true);
  });
});
