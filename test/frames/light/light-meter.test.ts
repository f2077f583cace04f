import { describe, expect, it } from '@jest/globals';
import { LightMeter } from '../../../src/frames/light/index.js';

const size = { widthPx: 320, heightPx: 180 };
const CHROMA = (size.widthPx * size.heightPx) / 4;

/** An I420 picture of one chroma. */
function picture(luma: (x: number, y: number) => number, u = 128, v = 128, { widthPx, heightPx } = size) {
  const lumas = Array.from({ length: widthPx * heightPx }, (_, i) =>
    Math.round(luma(i % widthPx, Math.floor(i / widthPx))),
  );
  const chroma = (value: number) => new Array<number>((widthPx * heightPx) / 4).fill(value);
  return Uint8Array.from([...lumas, ...chroma(u), ...chroma(v)]);
}
const measured = (bytes: Uint8Array) => new LightMeter(size).measure(bytes);

/** Gaussian noise, the same each time. */
function noise(std: number): () => number {
  let state = 7;
  const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
  return () => std * Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
}

describe('LightMeter', () => {
  it.each([
    ['black (16)', () => 16, 0],
    ['white (235)', () => 235, 1],
    ['mid grey', () => 126, 110 / 219],
    ['half black, half white', (x: number) => (x < 160 ? 16 : 235), 0.5],
    ['below black, as noise makes it', () => 3, 0],
  ])('reads the mean of %s', (_, luma, expected) => {
    expect(measured(picture(luma)).meanLuma).toBeCloseTo(expected, 5);
  });

  it('measures spread and the shares that show nothing', () => {
    const light = measured(picture((x) => (x < 80 ? 16 : x < 240 ? 126 : 235)));
    expect(light).toMatchObject({ darkShare: 0.25, brightShare: 0.25 });
    expect(light.spread).toBeCloseTo(Math.sqrt((110 ** 2 + 109 ** 2) / 4 - 0.0625) / 219, 3);
  });

  it('measures a cast, with its sign, and how much colour there is', () => {
    expect(measured(picture(() => 100, 140, 110))).toMatchObject({ castU: 12, castV: -18, colourShare: 1 });
    expect(measured(picture(() => 100)).colourShare).toBe(0);
  });

  it('calls colours that cancel out colours, and no cast', () => {
    const bytes = picture(() => 100);
    for (let i = 0; i < CHROMA; i++)
      bytes[size.widthPx * size.heightPx + i] = Math.floor(i / 160) % 8 < 4 ? 108 : 148;
    const light = measured(bytes);
    expect(light.colourShare).toBe(1);
    expect(Math.abs(light.castU)).toBeLessThan(2);
  });

  it.each([1, 2, 5, 12])('estimates noise of %d levels within a fifth, with a scene before it', (std) => {
    const grain = noise(std);
    const light = measured(picture((x, y) => 120 + 40 * Math.sin(x / 60) + (y % 60 < 3 ? 30 : 0) + grain()));
    expect(light.noise).toBeGreaterThan(0.8 * std);
    expect(light.noise).toBeLessThan(1.2 * std);
  });

  it.each([
    { widthPx: 2, heightPx: 2 },
    { widthPx: 4, heightPx: 2 },
    { widthPx: 2, heightPx: 64 },
  ])('says something finite of $widthPx × $heightPx pixels', (tiny) => {
    const light = new LightMeter(tiny).measure(picture(() => 126, 128, 128, tiny));
    expect(Object.values(light).every(Number.isFinite)).toBe(true);
    expect(light.meanLuma).toBeCloseTo(110 / 219, 5);
  });
});
