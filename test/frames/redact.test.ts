import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { redact, type Covered, type RedactFill } from '../../src/frames/index.js';
import { encodeMask, type Box, type Size } from '../../src/geometry/index.js';

const size = { widthPx: 120, heightPx: 80 };
const FILLS: RedactFill[] = ['black', 'blur', 'pixelate'];

/** Every pixel of a colour of its own. */
function noise({ widthPx, heightPx }: Size): Uint8Array {
  return Uint8Array.from({ length: widthPx * heightPx * 3 }, (_, i) => 30 + ((i * 7919) % 223));
}
/** Pixels that differ between two pictures, as x and y. */
function changed(before: Uint8Array, after: Uint8Array, { widthPx }: Size): [number, number][] {
  const found: [number, number][] = [];
  for (let at = 0; at < before.length; at += 3)
    if (before[at] !== after[at] || before[at + 1] !== after[at + 1] || before[at + 2] !== after[at + 2])
      found.push([(at / 3) % widthPx, Math.floor(at / 3 / widthPx)]);
  return found;
}
function redacted(objects: readonly Covered[], fill: RedactFill, of = size) {
  const before = noise(of);
  const after = before.slice();
  redact(after, of, objects, fill);
  return { before, after };
}

describe('redact', () => {
  it('blackens a box with a margin around it, and nothing else', () => {
    const { before, after } = redacted([{ box: [40, 20, 60, 60] }], 'black');
    const pixels = changed(before, after, size);
    const [xs, ys] = [pixels.map(([x]) => x), pixels.map(([, y]) => y)];
    expect([Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]).toEqual([37, 62, 17, 62]);
    expect(pixels.length).toBe(26 * 46);
    expect(pixels.every(([x, y]) => after[(y * size.widthPx + x) * 3] === 0)).toBe(true);
  });

  it.each(['blur', 'pixelate'] as const)(
    '%s leaves of what it covers no more than a few mean colours',
    (fill) => {
      const box: Box = [20, 10, 100, 70];
      const [one, other] = [noise(size), noise(size)];
      // Another picture with the same means: each two neighbours within a patch change places.
      for (let y = 0; y < size.heightPx; y++)
        for (let x = 20; x < 100; x += 2) {
          const at = (y * size.widthPx + x) * 3;
          for (let channel = 0; channel < 3; channel++)
            [other[at + channel], other[at + 3 + channel]] = [one[at + 3 + channel]!, one[at + channel]!];
        }
      for (const picture of [one, other]) redact(picture, size, [{ box }], fill);
      const inside = (picture: Uint8Array) =>
      Array.from({ length: 60 }, (_, row) => [...picture.subarray(((10 + row) * size.widthPx + 20) * 3, ((10 + row) * size.widthPx + 100) * 3)]); // prettier-ignore
      expect(inside(one)).toEqual(inside(other));
      const colours = new Set(inside(one).flatMap((row) => row.map((_, i) => (i % 3 === 0 ? row.slice(i, i + 3).join() : '')))); // prettier-ignore
      if (fill === 'pixelate') expect(colours.size).toBeLessThanOrEqual(7 * 7 + 1);
    },
  );

  it('covers an outline with a margin where it is known, and not the whole box', () => {
    const pixels = new Uint8Array(size.widthPx * size.heightPx);
    for (let y = 20; y < 60; y++) for (let x = 48; x < 52; x++) pixels[y * size.widthPx + x] = 1;
    const mask = encodeMask(pixels, [size.heightPx, size.widthPx]);
    const { before, after } = redacted([{ box: [30, 20, 70, 60], mask }], 'black');
    const xs = changed(before, after, size).map(([x]) => x);
    expect([Math.min(...xs), Math.max(...xs)]).toEqual([45, 54]);
    expect(changed(before, after, size).length).toBe(10 * 46);
  });

  it.each([
    ['of one pixel', [50, 40, 51, 41]],
    ['of none', [50, 40, 50, 40]],
  ] as const)('covers a box %s and what is around it', (_what, box) => {
    const { before, after } = redacted([{ box }], 'black');
    const pixels = changed(before, after, size).map(String);
    expect(pixels).toContain('50,40');
    expect(pixels.length).toBeLessThanOrEqual(7 * 7);
  });

  it.each([
    ['beyond the picture', [500, 500, 600, 600]],
    ['upside down', [60, 60, 40, 20]],
    ['of no numbers', [NaN, NaN, NaN, NaN]],
  ] as const)('leaves the picture as it is for a box %s', (_what, box) => {
    for (const fill of FILLS) {
      const { before, after } = redacted([{ box }], fill);
      expect(after).toEqual(before);
    }
  });

  it('covers what is within a picture of one pixel, or of a single row', () => {
    for (const fill of FILLS) {
      const dot = { widthPx: 1, heightPx: 1 };
      const black = redacted([{ box: [0, 0, 1, 1] }], 'black', dot);
      expect([...black.after]).toEqual([0, 0, 0]);
      const row = { widthPx: 40, heightPx: 1 };
      const { before, after } = redacted([{ box: [0, 0, 40, 1] }], fill, row);
      expect(changed(before, after, row).length).toBeGreaterThan(20);
    }
  });

  it('covers the whole of whatever box, cut at the picture’s border, whatever the fill', () => {
    const side = fc.double({ min: -30, max: 150, noNaN: true });
    fc.assert(
      fc.property(fc.tuple(side, side, side, side), fc.constantFrom(...FILLS), ([a, b, c, d], fill) => {
        const box: Box = [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)];
        // White below black lines: what is left of a line is plain to see.
        const picture = new Uint8Array(size.widthPx * size.heightPx * 3).fill(255);
        for (let y = 0; y < size.heightPx; y++)
          for (let x = 0; x < size.widthPx; x += 2) picture.fill(0, (y * size.widthPx + x) * 3, (y * size.widthPx + x) * 3 + 3); // prettier-ignore
        redact(picture, size, [{ box }], fill);
        for (let y = Math.max(0, Math.ceil(box[1])); y < Math.min(size.heightPx, Math.floor(box[3])); y++)
          for (
            let x = Math.max(0, Math.ceil(box[0]));
            x + 1 < Math.min(size.widthPx, Math.floor(box[2]));
            x++
          ) {
            const at = (y * size.widthPx + x) * 3;
            expect(Math.abs(picture[at]! - picture[at + 3]!)).toBeLessThan(200);
          }
      }),
      { numRuns: 60 },
    );
  });
});
