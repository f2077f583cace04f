import { describe, expect, it } from '@jest/globals';
import { searchRegion, templateRegion } from '../../src/geometry/index.js';

const geometry = { context: 0.5, templatePx: 100, searchPx: 200 };

describe('the regions of a follower', () => {
  it('are squares around the box, of the side that SiamFC gives it', () => {
    // 30×50 with 40 around: √(70 · 90).
    const side = Math.sqrt(70 * 90);
    const [x1, y1, x2, y2] = templateRegion([100, 200, 130, 250], geometry);
    expect([x2 - x1, y2 - y1]).toEqual([expect.closeTo(side, 9), expect.closeTo(side, 9)]);
    expect([(x1 + x2) / 2, (y1 + y2) / 2]).toEqual([expect.closeTo(115, 9), expect.closeTo(225, 9)]);
  });

  it('have the same scale for template and search', () => {
    const box = [10, 20, 30, 90] as const;
    const template = templateRegion(box, geometry);
    const search = searchRegion(box, geometry);
    expect((search[2] - search[0]) / (template[2] - template[0])).toBeCloseTo(2, 9);
    expect(search[0] + search[2]).toBeCloseTo(template[0] + template[2], 9);
  });
});
