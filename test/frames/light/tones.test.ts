import { describe, expect, it } from '@jest/globals';
import {
  countLuma,
  equaliseCurve,
  gammaCurve,
  logCurve,
  meanOf,
  shareOf,
} from '../../../src/frames/light/tones.js';

const curve = () => new Float32Array(256);
const isRising = (values: Float32Array) => values.every((value, i) => i === 0 || value >= values[i - 1]!);

describe('curves of luma', () => {
  it.each([0.1, 0.2, 0.6, 0.7])('gamma takes a mean of %d to the target, black and white staying', (mean) => {
    const made = curve();
    gammaCurve(mean, 0.42, made);
    expect(shareOf(made[Math.round(16 + 219 * mean)]!)).toBeCloseTo(0.42, 1);
    expect([made[16], made[235]]).toEqual([16, 235]);
    expect(isRising(made)).toBe(true);
  });

  it('gamma stops at what noise allows: of a picture as good as black it makes no grey one', () => {
    const made = curve();
    gammaCurve(0.001, 0.42, made);
    expect(shareOf(made[17]!)).toBeLessThan(0.2);
  });

  it.each([0, 1])('gamma of a mean of %d is made of numbers', (mean) => {
    const made = curve();
    gammaCurve(mean, 0.42, made);
    expect(made.every(Number.isFinite)).toBe(true);
  });

  it('a logarithm brightens what is dark, and leaves what is bright as it is', () => {
    const [dark, bright] = [curve(), curve()];
    logCurve(0.1, 0.42, dark);
    logCurve(0.8, 0.42, bright);
    expect(shareOf(dark[38]!)).toBeCloseTo(0.42, 1);
    expect(bright[100]).toBeCloseTo(100, 3);
  });

  it('equalisation spreads two levels over the whole range', () => {
    const counts = new Uint32Array(256);
    counts[100] = counts[110] = 50;
    const made = curve();
    equaliseCurve(counts, 100, made);
    expect([made[100], made[110]]).toEqual([16, 235]);
  });

  it('equalisation of one level, or of none, changes nothing', () => {
    const counts = new Uint32Array(256);
    const made = curve();
    equaliseCurve(counts, 0, made);
    expect(made[100]).toBeCloseTo(100, 3);
    counts[70] = 10;
    equaliseCurve(counts, 10, made);
    expect(made[70]).toBeCloseTo(70, 3);
  });

  it('counts a part of the picture only', () => {
    const picture = Uint8Array.from({ length: 64 }, (_, i) => (i % 8 < 4 ? 16 : 235));
    const counts = new Uint32Array(256);
    const size = { widthPx: 8, heightPx: 8 };
    expect(countLuma(picture, size, [0, 0, 4, 8], counts)).toBe(8);
    expect(meanOf(counts)).toBe(0);
    countLuma(picture, size, [4, 0, 8, 8], counts);
    expect(meanOf(counts)).toBeCloseTo(0.5);
  });
});
