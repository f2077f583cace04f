import { describe, expect, it } from '@jest/globals';
import { float16Bits } from '../../../src/models/index.js';

describe('float16Bits', () => {
  it.each([
    [0, 0x0000],
    [-0, 0x8000],
    [1, 0x3c00],
    [-2, 0xc000],
    [1 / 3, 0x3555],
    [65504, 0x7bff],
    [2 ** -14, 0x0400],
    [2 ** -24, 0x0001],
    [2 ** -26, 0x0000],
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
    [2 - 2 ** -12, 0x4000],
  ])('gives the float16 nearest to %d, ties to even', (value, bits) => {
    expect(float16Bits(value)).toBe(bits);
  });

  it('cuts off at the largest number instead of making infinities', () => {
    expect(float16Bits(1e9)).toBe(0x7bff);
    expect(float16Bits(-Infinity)).toBe(0xfbff);
  });
});
