import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  decodeMask,
  decodeRuns,
  encodeMask,
  encodeRuns,
  maskArea,
  type MaskRle,
} from '../../src/geometry/index.js';

function painted(size: MaskRle['size'], isInside: (x: number, y: number) => boolean): Uint8Array {
  const [height, width] = size;
  return Uint8Array.from({ length: height * width }, (_, at) =>
    isInside(at % width, Math.floor(at / width)) ? 1 : 0,
  );
}

const SMALL = [37, 53] as const;
const BIG = [720, 1280] as const;

describe('mask RLE', () => {
  // `counts` and areas as pycocotools 2.0.11 gives them (`mask.encode`, `mask.area`).
  it.each<[string, MaskRle['size'], (x: number, y: number) => boolean, string, number]>([
    [
      'a disc',
      SMALL,
      (x, y) => (x - 20) ** 2 + (y - 18) ** 2 <= 15 ** 2,
      '[61o0:I4L4M2N2N2O0O2O0O2O0000000O20N100000001N101N101N2N2N3L4L7FXc0',
      709,
    ],
    ['the whole picture', SMALL, () => true, '0Ym1', 1961],
    ['nothing', SMALL, () => false, 'Ym1', 0],
    ['the first pixel', SMALL, (x, y) => x + y === 0, '01Xm1', 1],
  ])('writes %s as pycocotools does', (_, size, isInside, counts, area) => {
    const mask = encodeMask(painted(size, isInside), size);
    expect(mask).toEqual({ size, counts });
    expect(maskArea(mask)).toBe(area);
  });

  it('writes long runs and great steps between them as pycocotools does', () => {
    const isInside = (x: number, y: number) =>
      (x - 700) ** 2 / 4 + (y - 300) ** 2 <= 200 ** 2 && Math.floor(x / 50) % 2 === 0;
    const { counts } = encodeMask(painted(BIG, isInside), BIG);
    expect(counts).toHaveLength(864);
    expect(createHash('sha256').update(counts).digest('hex')).toMatch(/^a0626d6d559fb012/);
    expect(maskArea({ size: BIG, counts })).toBe(125_571);
  });

  it('reads back what it wrote', () => {
    const pixels = painted(SMALL, (x, y) => Math.floor((x * x + y * y) / 97) % 2 === 1);
    expect(decodeMask(encodeMask(pixels, SMALL))).toEqual(pixels);
    const runs = [0, 5, 100_000, 1, 3, 2_000_000, 7];
    expect(decodeRuns(encodeRuns(runs))).toEqual(runs);
  });
});
