import { describe, expect, it } from '@jest/globals';
import { i420Bytes, placeI420 } from '../../src/frames/i420.js';
import type { Size } from '../../src/geometry/index.js';

/** An I420 picture of which every byte is told from its neighbours. */
function numbered(size: Size): Uint8Array {
  return Uint8Array.from({ length: i420Bytes(size) }, (_, i) => (i % 89) + 1);
}

/** The planes of an I420 picture as rows. */
function planes(picture: Uint8Array, { widthPx, heightPx }: Size): number[][][] {
  let at = 0;
  return [1, 2, 2].map((half) =>
    Array.from({ length: heightPx / half }, () => {
      const row = [...picture.subarray(at, at + widthPx / half)];
      at += widthPx / half;
      return row;
    }),
  );
}

describe('placeI420', () => {
  it('copies a picture of the size of the input as it is', () => {
    const frame = { widthPx: 8, heightPx: 6 };
    const target = new Uint8Array(i420Bytes(frame)).fill(255);
    placeI420(numbered(frame), frame, { input: frame, padX: 0, padY: 0 }, 114, target);
    expect(target).toEqual(numbered(frame));
  });

  it('sets all three planes at their place, writes grey around them and leaves no old byte', () => {
    const frame = { widthPx: 4, heightPx: 2 };
    const input = { widthPx: 12, heightPx: 8 };
    const target = new Uint8Array(i420Bytes(input)).fill(255);
    placeI420(numbered(frame), frame, { input, padX: 4, padY: 2 }, 114, target);
    const [luma, u, v] = planes(numbered(frame), frame);
    const bordered = (rows: number[][], half: number, grey: number) =>
      Array.from({ length: input.heightPx / half }, (_, y) =>
        Array.from({ length: input.widthPx / half }, (__, x) => rows[y - 2 / half]?.[x - 4 / half] ?? grey),
      );
    // Grey 114 of 0..255 is 114 in 16..235 too, by rounding.
    expect(planes(target, input)).toEqual([
      bordered(luma!, 1, 114),
      bordered(u!, 2, 128),
      bordered(v!, 2, 128),
    ]);
  });

  it.each([
    [0, 16],
    [255, 235],
  ])('writes a border of %i as luma %i', (border, luma) => {
    const input = { widthPx: 4, heightPx: 4 };
    const target = new Uint8Array(i420Bytes(input));
    placeI420(
      numbered({ widthPx: 2, heightPx: 2 }),
      { widthPx: 2, heightPx: 2 },
      { input, padX: 0, padY: 0 },
      border,
      target,
    );
    expect(target[3]).toBe(luma);
  });
});
