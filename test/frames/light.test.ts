import { describe, expect, it } from '@jest/globals';
import { meanLuma } from '../../src/frames/light.js';

const size = { widthPx: 64, heightPx: 32 };
const picture = (luma: (x: number) => number) =>
  Uint8Array.from({ length: size.widthPx * size.heightPx }, (_, i) => luma(i % size.widthPx));

describe('meanLuma', () => {
  it.each([
    ['black (16)', () => 16, 0],
    ['white (235)', () => 235, 1],
    ['mid grey', () => 126, 110 / 219],
    ['half black, half white', (x: number) => (x < 32 ? 16 : 235), 0.5],
    ['below black, as noise makes it', () => 3, 0],
  ])('reads %s', (_, luma, expected) => {
    expect(meanLuma(picture(luma), size)).toBeCloseTo(expected, 5);
  });

  it('is 0 for a picture smaller than its sampling step', () => {
    expect(meanLuma(Uint8Array.of(200, 200, 200, 200), { widthPx: 2, heightPx: 2 })).toBe(0);
  });
});
