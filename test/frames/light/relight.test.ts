import { describe, expect, it } from '@jest/globals';
import { i420Bytes } from '../../../src/frames/index.js';
import { castOf } from '../../../src/frames/light/cast.js';
import { Clahe } from '../../../src/frames/light/clahe.js';
import { LightMeter, LightNormaliser, LIGHT_METHODS, Relighter } from '../../../src/frames/light/index.js';

const size = { widthPx: 64, heightPx: 48 };
const whole = { input: size, frame: size, padX: 0, padY: 0 };
const [lumaBytes, chromaBytes] = [64 * 48, 32 * 24];

function picture(luma: (x: number, y: number) => number, u = 128, v = 128): Uint8Array {
  const bytes = new Uint8Array(i420Bytes(size)).fill(u, lumaBytes, lumaBytes + chromaBytes);
  bytes.fill(v, lumaBytes + chromaBytes);
  for (let i = 0; i < lumaBytes; i++) bytes[i] = luma(i % 64, Math.floor(i / 64));
  return bytes;
}

const one = (tone: (level: number) => number) => ({
  columns: 1,
  rows: 1,
  curves: Uint8Array.from({ length: 256 }, (_, level) => tone(level)),
});

describe('Relighter', () => {
  it('takes each pixel through one curve', () => {
    const bytes = picture((x) => 16 + x);
    new Relighter().apply(bytes, whole, { tones: one((level) => Math.min(235, level * 2)) });
    expect([bytes[0], bytes[10], bytes[63]]).toEqual([32, 52, 158]);
  });

  it('blends the curves of tiles between their centres, and takes the outermost beyond them', () => {
    const curves = new Uint8Array(4 * 256);
    [50, 100, 150, 200].forEach((value, tile) => curves.fill(value, tile * 256, tile * 256 + 256));
    const bytes = picture(() => 100);
    new Relighter().apply(bytes, whole, { tones: { columns: 2, rows: 2, curves } });
    const at = (x: number, y: number) => bytes[y * 64 + x]!;
    expect([at(0, 0), at(63, 0), at(0, 47), at(63, 47)]).toEqual([50, 100, 150, 200]);
    expect(at(32, 24)).toBeGreaterThan(115);
    expect(at(32, 24)).toBeLessThan(135);
    for (let x = 1; x < 64; x++) expect(at(x, 24)).toBeGreaterThanOrEqual(at(x - 1, 24));
  });

  it('lets colours grow with luma, by less than it, and never beyond what fits', () => {
    const bytes = picture(() => 36, 138, 118);
    new Relighter().apply(bytes, whole, { tones: one(() => 96) });
    expect(bytes[lumaBytes]).toBe(128 + Math.round(10 * 4 ** 0.6));
    expect(bytes[lumaBytes + chromaBytes]).toBe(128 - Math.round(10 * 4 ** 0.6));
    const extreme = picture(() => 17, 250, 4);
    new Relighter().apply(extreme, whole, { tones: one(() => 235) });
    expect([extreme[lumaBytes], extreme[lumaBytes + chromaBytes]]).toEqual([255, 0]);
  });

  it('changes nothing outside of where the picture lies', () => {
    const input = { widthPx: 80, heightPx: 64 };
    const bytes = new Uint8Array(i420Bytes(input)).fill(100);
    const placed = { input, frame: size, padX: 8, padY: 8 };
    new Relighter().apply(bytes, placed, { tones: one(() => 200), cast: { u: 0.5, v: 0.5 }, noise: 3 });
    let changed = 0;
    for (let y = 0; y < 64; y++)
      for (let x = 0; x < 80; x++) {
        const isInside = x >= 8 && x < 72 && y >= 8 && y < 56;
        expect(bytes[y * 80 + x]).toBe(isInside ? 200 : 100);
      }
    for (let i = 80 * 64; i < bytes.length; i++) if (bytes[i] !== 100) changed++;
    expect(changed).toBe(2 * chromaBytes);
  });

  it('smooths noise away and leaves an edge where it is', () => {
    let state = 7;
    const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
    const bytes = picture((x) => (x < 32 ? 60 : 160) + Math.round((random() - 0.5) * 12));
    const spread = () => {
      let sum = 0;
      for (let y = 2; y < 46; y++) for (let x = 2; x < 28; x++) sum += (bytes[y * 64 + x]! - 60) ** 2;
      return Math.sqrt(sum / (44 * 26));
    };
    const before = spread();
    new Relighter().apply(bytes, whole, { noise: 4 });
    expect(spread()).toBeLessThan(0.65 * before);
    expect(bytes[20 * 64 + 33]! - bytes[20 * 64 + 30]!).toBeGreaterThan(85);
  });
});

describe('castOf', () => {
  it.each([1, 6] as const)('finds a light that grey surfaces are then grey in, with power %d', (power) => {
    // Grey of all lumas under a light: chroma rises with luma.
    const bytes = picture((x) => 30 + 3 * x);
    for (let i = 0; i < chromaBytes; i++) {
      const luma = bytes[Math.floor(i / 32) * 2 * 64 + (i % 32) * 2]! - 16;
      bytes[lumaBytes + i] = Math.round(128 - 0.12 * luma);
      bytes[lumaBytes + chromaBytes + i] = Math.round(128 + 0.08 * luma);
    }
    const cast = castOf(bytes, size, power);
    expect(cast.u).toBeCloseTo(-0.12, 1);
    expect(cast.v).toBeCloseTo(0.08, 1);
    new Relighter().apply(bytes, whole, { cast });
    for (let i = 0; i < chromaBytes; i++) expect(Math.abs(bytes[lumaBytes + i]! - 128)).toBeLessThan(4);
  });

  it.each([
    ['black', 16],
    ['white', 235],
  ])('says nothing of a picture that is all %s', (_, luma) => {
    expect(
      castOf(
        picture(() => luma, 140, 110),
        size,
        6,
      ),
    ).toEqual({ u: 0, v: 0 });
  });
});

describe('Clahe', () => {
  it('makes curves that rise, and are no steeper than the clip allows', () => {
    const curves = new Float32Array(64 * 256);
    const straight = Float32Array.from({ length: 256 }, (_, level) => level);
    const large = { widthPx: 512, heightPx: 384 };
    const noisy = new Uint8Array(i420Bytes(large)).map((_, i) => 60 + ((i * 7919) % 20));
    new Clahe(large).plan(noisy, straight, curves);
    for (let tile = 0; tile < 64; tile++)
      for (let level = 17; level < 235; level++) {
        const step = curves[tile * 256 + level]! - curves[tile * 256 + level - 1]!;
        expect(step).toBeGreaterThanOrEqual(0);
        expect(step).toBeLessThanOrEqual(3.3);
      }
  });
});

describe('LightNormaliser', () => {
  const measure = (bytes: Uint8Array) => new LightMeter(size).measure(bytes);
  const shown = (bytes: Uint8Array, method: (typeof LIGHT_METHODS)[number]) => {
    const normaliser = new LightNormaliser(size, method);
    const copy = Uint8Array.from(bytes);
    const relighting = normaliser.plan(bytes, measure(bytes), 0, new Uint8Array(normaliser.curveBytes));
    new Relighter().apply(copy, whole, relighting);
    return copy;
  };
  const dark = picture((x, y) => 18 + ((x + y) % 12));

  it.each(['gamma', 'log', 'equalise', 'balanced'] as const)('brightens what is dark by %s', (method) => {
    expect(measure(shown(dark, method)).meanLuma).toBeGreaterThan(3 * measure(dark).meanLuma);
  });

  it.each(LIGHT_METHODS)('shows black, white and one level by %s without harm', (method) => {
    for (const luma of [0, 16, 126, 235, 255])
      expect(
        shown(
          picture(() => luma),
          method,
        ),
      ).toHaveLength(dark.length);
  });

  it('follows a sudden light slowly, and is there in the end', () => {
    const normaliser = new LightNormaliser(size, 'gamma');
    const bright = picture((x) => 150 + x);
    const curves = new Uint8Array(normaliser.curveBytes);
    const at = (bytes: Uint8Array, ptsMs: number) => {
      normaliser.plan(bytes, measure(bytes), ptsMs, curves);
      return curves[100]!;
    };
    const before = at(dark, 0);
    const soon = at(bright, 100);
    const late = at(bright, 5000);
    expect(before - soon).toBeGreaterThan(0);
    expect(before - soon).toBeLessThan(0.25 * (before - late));
    const fresh = new LightNormaliser(size, 'gamma');
    fresh.plan(bright, measure(bright), 0, curves);
    expect(Math.abs(late - curves[100]!)).toBeLessThanOrEqual(1);
  });
});
