import { describe, expect, it } from '@jest/globals';
import type { FourPoints } from '../../src/geometry/index.js';
import {
  detectorInput,
  detectorSize,
  directionInput,
  greyed,
  lineSize,
  noiseOf,
  rectify,
  treated,
  upsideDown,
  type TextPicture,
} from '../../src/reading/index.js';

const grey = (widthPx: number, heightPx: number, luma: (x: number, y: number) => number): TextPicture => ({
  size: { widthPx, heightPx },
  rgb: Uint8Array.from({ length: widthPx * heightPx * 3 }, (_, at) => {
    const pixel = Math.floor(at / 3);
    return luma(pixel % widthPx, Math.floor(pixel / widthPx));
  }),
});
const lumaAt = ({ rgb, size }: TextPicture, x: number, y: number) => rgb[(y * size.widthPx + x) * 3];

describe('a straightened quad', () => {
  it('is what the quad shows, its first corner first', () => {
    const picture = grey(40, 40, (x, y) => (x < 20 ? (y < 20 ? 10 : 60) : y < 20 ? 120 : 200));
    const turned: FourPoints = [
      [40, 0],
      [40, 40],
      [0, 40],
      [0, 0],
    ];
    const straight = rectify(picture, turned, { widthPx: 20, heightPx: 20 })!;
    expect([
      lumaAt(straight, 2, 2),
      lumaAt(straight, 17, 2),
      lumaAt(straight, 17, 17),
      lumaAt(straight, 2, 17),
    ]).toEqual([120, 200, 60, 10]);
    expect(lumaAt(upsideDown(straight), 2, 2)).toBe(60);
  });

  it('is straight where the quad is seen in perspective', () => {
    // Stripes that converge: in the rectified picture they have equal widths.
    const quad: FourPoints = [
      [20, 10],
      [80, 10],
      [100, 90],
      [0, 90],
    ];
    const picture = grey(100, 100, (x, y) => {
      const half = 30 + (20 * (y - 10)) / 80;
      return Math.floor(((x - 50) / half + 1) * 2) % 2 === 0 ? 0 : 250;
    });
    const straight = rectify(picture, quad, { widthPx: 80, heightPx: 40 })!;
    for (const row of [5, 20, 35])
      expect([10, 30, 50, 70].map((x) => lumaAt(straight, x, row)! > 125)).toEqual([
        false,
        true,
        false,
        true,
      ]);
  });

  it('is none where corners are on one line, and the nearest edge outside of the picture', () => {
    const picture = grey(1, 1, () => 77);
    const line: FourPoints = [
      [0, 0],
      [5, 5],
      [10, 10],
      [0, 10],
    ];
    expect(rectify(picture, line, { widthPx: 8, heightPx: 8 })).toBeUndefined();
    const around: FourPoints = [
      [-5, -5],
      [5, -5],
      [5, 5],
      [-5, 5],
    ];
    expect(new Set(rectify(picture, around, { widthPx: 8, heightPx: 8 })!.rgb)).toEqual(new Set([77]));
  });
});

describe('the treatment of a line', () => {
  it('spreads narrow luma, and leaves the rest as it is', () => {
    const dark = grey(40, 20, (x) => (x % 8 < 4 ? 30 : 50));
    expect(new Set(treated(dark).rgb)).toEqual(new Set([0, 255]));
    const clear = grey(40, 20, (x) => (x % 8 < 4 ? 30 : 200));
    expect(treated(clear)).toBe(clear);
  });

  it.each([0, 128, 255])('does nothing to a line that is %d all over', (value) => {
    const even = grey(20, 10, () => value);
    expect(treated(even)).toBe(even);
  });

  it('takes out noise where there is much', () => {
    let state = 1;
    const random = () => (state = (state * 48271) % 0x7fffffff) / 0x7fffffff - 0.5;
    const noisy = grey(80, 48, (x) => 120 + (x > 40 ? 100 : -100) + random() * 70);
    expect(noiseOf(noisy)).toBeGreaterThan(12);
    expect(noiseOf(treated(noisy))).toBeLessThan(noiseOf(noisy) / 1.5);
    expect(noiseOf(grey(80, 48, (x) => (x > 40 ? 200 : 20)))).toBeLessThan(1);
    expect(noiseOf(grey(2, 2, () => 9))).toBe(0);
  });

  it('takes out colours where it is asked to', () => {
    const { rgb } = greyed({ rgb: Uint8Array.of(255, 0, 0), size: { widthPx: 1, heightPx: 1 } });
    expect(new Set(rgb).size).toBe(1);
  });
});

describe('what the networks are given', () => {
  it('is blue, green, red, by planes and normalised', () => {
    const red = { rgb: Uint8Array.of(255, 0, 0), size: { widthPx: 1, heightPx: 1 } };
    const size = detectorSize(red.size, 32);
    expect(size).toEqual({ widthPx: 32, heightPx: 32 });
    const data = detectorInput(red, size);
    expect(data[0]).toBeCloseTo(-0.485 / 0.229, 4);
    expect(data[2 * 1024]).toBeCloseTo((1 - 0.406) / 0.225, 4);
  });

  it('has a bounded size, whatever the line is like', () => {
    expect(lineSize({ along: 1e6, across: 1 }).widthPx).toBe(3200);
    expect(lineSize({ along: 0, across: 0 }).widthPx).toBe(16);
    expect(directionInput(grey(500, 48, () => 255))).toHaveLength(3 * 192 * 48);
  });
});
