import { describe, expect, it } from '@jest/globals';
import { I420Shrinker, i420Bytes } from '../../src/frames/index.js';

const from = { widthPx: 64, heightPx: 36 };

/** Luma rises across, U down, V is even. */
function ramps(): Uint8Array {
  const { widthPx, heightPx } = from;
  const picture = new Uint8Array(i420Bytes(from)).fill(90);
  for (let y = 0; y < heightPx; y++) for (let x = 0; x < widthPx; x++) picture[y * widthPx + x] = 20 + 3 * x;
  for (let y = 0; y < heightPx / 2; y++)
    picture.fill(
      40 + 8 * y,
      widthPx * heightPx + (y * widthPx) / 2,
      widthPx * heightPx + ((y + 1) * widthPx) / 2,
    );
  return picture;
}

describe('I420Shrinker', () => {
  it.each([
    ['a little', { widthPx: 48, heightPx: 28 }],
    ['by half', { widthPx: 32, heightPx: 18 }],
    ['by four, and by six', { widthPx: 16, heightPx: 6 }],
    ['not at all', from],
  ])('keeps every plane in its place when it shrinks %s', (_, to) => {
    const target = new Uint8Array(i420Bytes(to)).fill(255);
    new I420Shrinker(from, to).shrink(ramps(), target);
    const { widthPx, heightPx } = to;
    const [stepX, stepY] = [from.widthPx / widthPx, from.heightPx / heightPx];
    const worst = { luma: 0, u: 0, v: 0 };
    const off = (plane: keyof typeof worst, at: number, expected: number) =>
      (worst[plane] = Math.max(worst[plane], Math.abs(target[at]! - expected)));
    for (let y = 0; y < heightPx; y++)
      for (let x = 0; x < widthPx; x++) off('luma', y * widthPx + x, 20 + 3 * ((x + 0.5) * stepX - 0.5));
    for (let y = 0; y < heightPx / 2; y++)
      for (let x = 0; x < widthPx / 2; x++) {
        const at = widthPx * heightPx + (y * widthPx) / 2 + x;
        off('u', at, 40 + 8 * ((y + 0.5) * stepY - 0.5));
        off('v', at + (widthPx * heightPx) / 4, 90);
      }
    expect(worst.luma).toBeLessThanOrEqual(0.5);
    expect(worst.u).toBeLessThanOrEqual(0.5);
    expect(worst.v).toBe(0);
  });
});
