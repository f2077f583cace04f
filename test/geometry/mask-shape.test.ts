import { describe, expect, it } from '@jest/globals';
import {
  encodeMask,
  maskCropOf,
  maskFoot,
  maskOfCells,
  maskRegion,
  maskArea,
  maskStrips,
  type Box,
  type MaskRle,
} from '../../src/geometry/index.js';

const SIZE = [60, 80] as const;
const painted = (isInside: (x: number, y: number) => boolean): MaskRle =>
  encodeMask(
    Uint8Array.from({ length: 60 * 80 }, (_, at) => (isInside(at % 80, Math.floor(at / 80)) ? 1 : 0)),
    SIZE,
  );
const empty = painted(() => false);
const whole = painted(() => true);
/** A person who leans to the right, one foot on the ground. */
const leaning = painted((x, y) => y >= 10 && y < 50 && Math.abs(x - (40 + (50 - y) / 2)) < 4);

describe('maskStrips', () => {
  it('are the columns of a mask, each in as many parts as it has', () => {
    const rings = painted((x, y) => x >= 10 && x < 12 && (y < 5 || y >= 50));
    expect(maskStrips(rings)).toEqual([
      { x1: 10, y1: 0, x2: 11, y2: 5 },
      { x1: 10, y1: 50, x2: 11, y2: 60 },
      { x1: 11, y1: 0, x2: 12, y2: 5 },
      { x1: 11, y1: 50, x2: 12, y2: 60 },
    ]);
    expect(maskStrips(whole)).toHaveLength(80);
    expect(maskStrips(empty)).toEqual([]);
  });

  it('are no more than asked for, and cover about as much', () => {
    const strips = maskStrips(leaning, 10);
    expect(strips.length).toBeLessThanOrEqual(10);
    const area = strips.reduce((sum, { x1, y1, x2, y2 }) => sum + (x2 - x1) * (y2 - y1), 0);
    expect(Math.abs(area - maskArea(leaning)) / maskArea(leaning)).toBeLessThan(0.15);
    expect(maskStrips(whole, 7).reduce((sum, { x1, x2 }) => sum + x2 - x1, 0)).toBe(80);
  });
});

describe('maskFoot', () => {
  it('is where what is seen stands, not the middle of its box', () => {
    const [x, y] = maskFoot(leaning)!;
    expect(y).toBe(50);
    expect(x).toBeGreaterThan(39);
    expect(x).toBeLessThan(42.5);
  });

  it('is the middle of the lower edge of all there is, and of nothing there is none', () => {
    expect(maskFoot(whole)).toEqual([40, 60]);
    expect(maskFoot(empty)).toBeUndefined();
  });
});

describe('crops of a mask head', () => {
  it.each<[string, Box]>([
    ['tall', [0, 0, 40, 100]],
    ['square', [0, 0, 40, 50]],
    ['wide', [0, 0, 100, 40]],
  ])('are %s for boxes that are', (name, box) => {
    expect(maskCropOf(box)).toBe(name);
  });

  it('show the box and an eighth of its sides around it', () => {
    expect(maskRegion([100, 100, 180, 260])).toEqual([90, 80, 190, 280]);
  });

  it('lay what was said of a box over the box as it is now', () => {
    // The middle half of the region in both directions.
    const cells = { values: Float32Array.from({ length: 64 }, (_, at) => (at % 8 >= 2 && at % 8 < 6 && at >= 16 && at < 48 ? 1 : 0)), columns: 8, rows: 8 }; // prettier-ignore
    const source = { widthPx: 80, heightPx: 60 };
    const areas = [[0, 0, 32, 32], [40, 20, 72, 52], [40, 20, 56, 36]].map((box) => maskArea(maskOfCells(cells, box as unknown as Box, source))); // prettier-ignore
    expect(areas[0]).toBe(areas[1]);
    expect(areas[0]! / areas[2]!).toBeCloseTo(4, 0);
  });
});
