import { describe, expect, it } from '@jest/globals';
import { placeTags } from '../../src/geometry/index.js';

describe('a box', () => {
  const tag = { width: 100, height: 20 };
  const tagsOf = (...boxes: [x: number, y: number, width: number, height: number][]) =>
    placeTags(
      boxes.map(([x, y, width, height]) => ({ place: { x, y, width, height }, tag })),
      { width: 1000, height: 500 },
    ).map(({ x, y }) => [x, y]);

  it('has its tag above, or inside where there is no room, and always within the picture', () => {
    expect(tagsOf([50, 200, 30, 60])).toEqual([[50, 180]]);
    expect(tagsOf([50, 5, 30, 60])).toEqual([[50, 5]]);
    expect(tagsOf([-40, -9, 90, 60])).toEqual([[0, 0]]);
    expect(tagsOf([980, 200, 90, 60])).toEqual([[900, 180]]);
  });

  it('has its tag where no other one is', () => {
    const spots = tagsOf([50, 200, 30, 60], [110, 205, 30, 60], [80, 195, 30, 60]);
    for (const [at, [x, y]] of spots.entries())
      for (const [otherX, otherY] of spots.slice(at + 1))
        expect(Math.abs(x! - otherX!) >= tag.width || Math.abs(y! - otherY!) >= tag.height).toBe(true);
  });

  it('has its tag on top when there is no free place', () => {
    const crowd = Array.from({ length: 9 }, (): [number, number, number, number] => [50, 200, 30, 60]);
    expect(tagsOf(...crowd).at(-1)).toEqual([50, 180]);
  });
});
