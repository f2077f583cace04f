import { describe, expect, it } from '@jest/globals';
import {
  Cropper,
  i420Bytes,
  meanColour,
  rgbToI420,
  type CropTarget,
  type YuvColour,
} from '../../src/frames/index.js';
import type { Box, Size } from '../../src/geometry/index.js';

type Rgb = readonly [number, number, number];
const BLACK = { y: 16, u: 128, v: 128 };

/** An I420 picture of a colour that depends on the place. */
function painted(size: Size, colourAt: (x: number, y: number) => Rgb): Uint8Array {
  const rgb = new Uint8Array(size.widthPx * size.heightPx * 3);
  for (let y = 0; y < size.heightPx; y++)
    for (let x = 0; x < size.widthPx; x++) rgb.set(colourAt(x, y), (y * size.widthPx + x) * 3);
  const picture = new Uint8Array(i420Bytes(size));
  rgbToI420(rgb, size, picture);
  return picture;
}

const grey = (value: number): Rgb => [value, value, value];

interface CropWith {
  readonly cropper?: Cropper;
  readonly around?: YuvColour;
  readonly order?: CropTarget['order'];
}

/** The three planes of a crop as rows. */
function cropped(
  picture: Uint8Array,
  size: Size,
  region: Box,
  sidePx: number,
  { cropper = new Cropper(), around = BLACK, order = 'rgb' }: CropWith = {},
): number[][][] {
  const data = new Float32Array(3 * sidePx * sidePx + 2).fill(-1);
  cropper.crop(picture, size, region, around, { data, offset: 1, widthPx: sidePx, heightPx: sidePx, order });
  expect([data[0], data.at(-1)]).toEqual([-1, -1]);
  return [0, 1, 2].map((plane) =>
    Array.from({ length: sidePx }, (_, row) => [
      ...data.subarray(1 + (plane * sidePx + row) * sidePx, 1 + (plane * sidePx + row + 1) * sidePx),
    ]),
  );
}

function expectNear(actual: readonly number[][], expected: readonly number[][], within: number): void {
  expect(actual.map((row) => row.length)).toEqual(expected.map((row) => row.length));
  const worst = Math.max(
    ...actual.flatMap((row, y) => row.map((value, x) => Math.abs(value - expected[y]![x]!))),
  );
  expect(worst).toBeLessThanOrEqual(within);
}

describe('Cropper', () => {
  const size = { widthPx: 16, heightPx: 12 };
  /** Grey that rises by 5 a column and 7 a row: bilinear sampling of it is exact. */
  const ramp = (x: number, y: number) => 20 + 5 * x + 7 * y;
  const slope = painted(size, (x, y) => grey(ramp(x, y)));

  it('gives the pixels themselves for a region of the same size', () => {
    const [red, green, blue] = cropped(slope, size, [4, 2, 12, 10], 8);
    const expected = Array.from({ length: 8 }, (_, y) =>
      Array.from({ length: 8 }, (__, x) => ramp(x + 4, y + 2)),
    );
    for (const plane of [red, green, blue]) expectNear(plane!, expected, 0.7);
  });

  it.each<[string, Box, number]>([
    ['enlarges', [5.5, 3.25, 9.5, 7.25], 8],
    ['shrinks by less than two', [1.5, 1, 13.5, 11], 8],
    ['averages where it shrinks by more than two', [2, 0, 14, 12], 4],
  ])('%s with pixels centred at halves', (_, region, sidePx) => {
    const [green] = cropped(slope, size, region, sidePx);
    const [stepX, stepY] = [(region[2] - region[0]) / sidePx, (region[3] - region[1]) / sidePx];
    const expected = Array.from({ length: sidePx }, (__, y) =>
      Array.from({ length: sidePx }, (___, x) =>
        ramp(region[0] + (x + 0.5) * stepX - 0.5, region[1] + (y + 0.5) * stepY - 0.5),
      ),
    );
    expectNear(green!, expected, 0.7);
  });

  it('gives a rectangle where one is asked for, each direction with a scale of its own', () => {
    const [widthPx, heightPx] = [4, 8];
    const data = new Float32Array(3 * widthPx * heightPx);
    new Cropper().crop(slope, size, [2, 1, 10, 9], BLACK, {
      data,
      offset: 0,
      widthPx,
      heightPx,
      order: 'rgb',
    });
    const green = Array.from({ length: heightPx }, (_, y) => [...data.subarray(32 + 4 * y, 36 + 4 * y)]);
    const expected = Array.from({ length: heightPx }, (_, y) =>
      Array.from({ length: widthPx }, (__, x) => ramp(2 + (x + 0.5) * 2 - 0.5, 1 + y)),
    );
    expectNear(green, expected, 0.7);
  });

  it('takes every pixel into the average, by the part that is covered', () => {
    const stripes = painted(size, (x) => grey(x === 5 ? 255 : 0));
    const [red] = cropped(stripes, size, [2, 0, 14, 12], 4);
    // Column 5 is the first of [5, 8), the second of four samples.
    expectNear(
      red!,
      Array.from({ length: 4 }, () => [0, 85, 0, 0]),
      0.5,
    );
    const [shifted] = cropped(stripes, size, [2.5, 0, 14.5, 12], 4);
    expectNear(
      shifted!,
      Array.from({ length: 4 }, () => [42.5, 42.5, 0, 0]),
      0.5,
    );
  });

  it.each<[string, Rgb]>([
    ['red', [255, 0, 0]],
    ['green', [0, 255, 0]],
    ['a skin tone', [224, 172, 105]],
    ['white', [255, 255, 255]],
  ])('gives back %s, in either order of planes', (_, colour) => {
    const picture = painted(size, () => colour);
    for (const [order, expected] of [
      ['rgb', colour],
      ['bgr', [...colour].reverse()],
    ] as const) {
      const planes = cropped(picture, size, [3, 3, 9, 9], 4, { order });
      planes.forEach((plane, at) =>
        expectNear(plane, new Array(4).fill(new Array(4).fill(expected[at]!)), 2),
      );
    }
  });

  it('keeps colours within 0 to 255', () => {
    const odd = new Uint8Array(i420Bytes(size)).fill(255);
    const all = cropped(odd, size, [0, 0, 8, 8], 8).flat(2);
    expect(Math.min(...all)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...all)).toBeLessThanOrEqual(255);
  });

  it.each<[string, Box]>([
    ['beside', [-8, 2, 0, 10]],
    ['far above', [4, -400, 12, -392]],
    ['below', [4, 12, 12, 20]],
    ['to the right of', [16, 0, 24, 8]],
  ])('fills a region %s the picture with the colour around', (_, region) => {
    const around = { y: 126, u: 128, v: 128 };
    const inner = cropped(slope, size, region, 8, { around }).map((plane) =>
      plane.slice(1, -1).map((row) => row.slice(1, -1)),
    );
    for (const plane of inner) expectNear(plane, new Array(6).fill(new Array(6).fill(128.08)), 0.1);
  });

  it('sets a picture that is smaller than the region into the colour around it', () => {
    const white = painted(size, () => grey(255));
    const [red] = cropped(white, size, [-24, -26, 40, 38], 16);
    const columns = red![8]!;
    // 64 pixels in 16 samples: the picture covers samples 6 to 9.
    const isInside = (_: number, sample: number) => (sample >= 6 && sample < 10 ? 255 : 0);
    expect(columns.map(Math.round)).toEqual(columns.map(isInside));
  });

  it('gives the same again after crops of other pictures, places and scales', () => {
    const cropper = new Cropper();
    const region: Box = [1.3, 2.1, 9.9, 10.7];
    const first = cropped(slope, size, region, 8, { cropper });
    const other = { widthPx: 40, heightPx: 30 };
    cropped(
      painted(other, (x) => grey(x)),
      other,
      [-10, -10, 60, 60],
      20,
      { cropper },
    );
    cropped(
      painted(other, (x) => grey(x)),
      other,
      [1, 1, 3, 3],
      9,
      { cropper },
    );
    expect(cropped(slope, size, region, 8, { cropper })).toEqual(first);
  });
});

describe('meanColour', () => {
  it('is the colour of a plain picture, and between those of two halves', () => {
    const size = { widthPx: 64, heightPx: 32 };
    const mean = meanColour(
      painted(size, () => grey(255)),
      size,
    );
    expect(mean).toEqual({ y: 235, u: 128, v: 128 });
    const halves = meanColour(
      painted(size, (x) => grey(x < 32 ? 0 : 255)),
      size,
    );
    expect(halves.y).toBeCloseTo((16 + 235) / 2, 5);
  });

  it('looks at something even of the smallest picture', () => {
    const size = { widthPx: 2, heightPx: 2 };
    expect(
      meanColour(
        painted(size, () => grey(0)),
        size,
      ),
    ).toEqual({ y: 16, u: 128, v: 128 });
  });
});

describe('rgbToI420', () => {
  it('gives the values of BT.601, limited range', () => {
    const size = { widthPx: 2, heightPx: 2 };
    const of = (colour: Rgb) => [...painted(size, () => colour)].slice(3);
    expect(of([255, 0, 0])).toEqual([81, 90, 240]);
    expect(of([0, 255, 0])).toEqual([145, 54, 34]);
    expect(of([0, 0, 255])).toEqual([41, 240, 110]);
    expect(of([255, 255, 255])).toEqual([235, 128, 128]);
  });

  it('leaves out an odd last column and row', () => {
    const target = new Uint8Array(i420Bytes({ widthPx: 4, heightPx: 2 }));
    const rgb = Uint8Array.from({ length: 5 * 3 * 3 }, (_, i) =>
      Math.floor(i / 3) % 5 === 4 || i >= 30 ? 255 : 0,
    );
    expect(rgbToI420(rgb, { widthPx: 5, heightPx: 3 }, target)).toEqual({ widthPx: 4, heightPx: 2 });
    expect([...target.subarray(0, 8)]).toEqual(new Array(8).fill(16));
  });

  it('refuses a target that is too small', () => {
    expect(() => rgbToI420(new Uint8Array(12), { widthPx: 2, heightPx: 2 }, new Uint8Array(5))).toThrow(
      /5 bytes/,
    );
  });
});
