import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  decodeMask,
  letterbox,
  maskArea,
  pasteMask,
  type Box,
  type MaskGrid,
  type Size,
} from '../../src/geometry/index.js';

const source: Size = { widthPx: 48, heightPx: 36 };
const placed = letterbox(source, { widthPx: 32, heightPx: 24 }, { widthPx: 40, heightPx: 32 });

/** Pixel by pixel, as the definition has it. */
function byDefinition({ values, columns, rows, over, threshold }: MaskGrid, box: Box): Uint8Array {
  const at = (column: number, row: number) =>
    column < 0 || row < 0 || column >= columns || row >= rows ? 0 : values[row * columns + column]!;
  const pixels = new Uint8Array(source.widthPx * source.heightPx);
  const [left, top, right, bottom] = box.map(Math.round) as [number, number, number, number];
  for (let y = Math.max(0, top); y < Math.min(source.heightPx, bottom); y++)
    for (let x = Math.max(0, left); x < Math.min(source.widthPx, right); x++) {
      const u = ((((x + 0.5) * placed.scaleX + placed.padX - over[0]) * columns) / (over[2] - over[0])) - 0.5; // prettier-ignore
      const v = ((((y + 0.5) * placed.scaleY + placed.padY - over[1]) * rows) / (over[3] - over[1])) - 0.5; // prettier-ignore
      const [i, j] = [Math.floor(u), Math.floor(v)];
      const [s, t] = [u - i, v - j];
      const upper = at(i, j) * (1 - s) + at(i + 1, j) * s;
      const lower = at(i, j + 1) * (1 - s) + at(i + 1, j + 1) * s;
      pixels[y * source.widthPx + x] = upper * (1 - t) + lower * t > threshold ? 1 : 0;
    }
  return pixels;
}

describe('pasteMask', () => {
  it('covers the pixels whose middle is above the threshold, and those alone', () => {
    const side = fc.integer({ min: 2, max: 7 });
    const cell = fc.double({ min: 0, max: 1, noNaN: true });
    const corner = fc.integer({ min: -20, max: 60 });
    fc.assert(
      fc.property(
        side,
        side,
        fc.array(cell, { minLength: 49, maxLength: 49 }),
        corner,
        corner,
        corner,
        corner,
        (columns, rows, cells, x, y, w, h) => {
          // Odd places, so that no middle lies on the threshold itself.
          const over: Box = [3.17, 2.71, 33.3, 27.9];
          const grid = {
            values: Float32Array.from(cells.slice(0, columns * rows)),
            columns,
            rows,
            over,
            threshold: 0.4713,
          };
          const box: Box = [x, y, x + Math.abs(w), y + Math.abs(h)];
          const pasted = decodeMask(pasteMask(grid, box, placed));
          const wrong = byDefinition(grid, box).filter((value, at) => value !== pasted[at]).length;
          // float32 against float64: a middle may lie within rounding of the edge.
          expect(wrong).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  it.each<[string, Box]>([
    ['lies off the picture', [60, 10, 90, 30]],
    ['lies above it', [10, -40, 20, -2]],
    ['has no area', [10, 10, 10, 30]],
    ['is turned inside out', [30, 30, 10, 10]],
  ])('is empty for a box that %s', (_, box) => {
    const grid = {
      values: new Float32Array(4).fill(1),
      columns: 2,
      rows: 2,
      over: [0, 0, 40, 32] as Box,
      threshold: 0.5,
    };
    expect(maskArea(pasteMask(grid, box, placed))).toBe(0);
  });

  it('takes what is no number for what is not the object', () => {
    const grid = {
      values: new Float32Array(16).fill(NaN),
      columns: 4,
      rows: 4,
      over: [0, 0, 40, 32] as Box,
      threshold: 0.5,
    };
    expect(maskArea(pasteMask(grid, [0, 0, 48, 36], placed))).toBe(0);
    grid.values.fill(1, 8);
    const pixels = decodeMask(pasteMask(grid, [0, 0, 48, 36], placed));
    expect(pixels.subarray(0, 48 * 12).some((value) => value === 1)).toBe(false);
    expect(pixels.at(-1 - 48)).toBe(1);
  });
});
