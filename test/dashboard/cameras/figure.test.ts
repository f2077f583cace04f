import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  CORNERS_MAX,
  freeName,
  inPicture,
  reversed,
  shifted,
  sideMiddles,
  withCornerAt,
  withCornerOn,
  withoutCorner,
  type Figure,
} from '../../../dashboard/src/cameras/figures/figure.js';
import { snapped } from '../../../dashboard/src/cameras/figures/snap.js';

const square: Figure = { key: 'k', kind: 'zone', name: 'yard', points: [[0.2, 0.2], [0.4, 0.2], [0.4, 0.4], [0.2, 0.4]] }; // prettier-ignore
const line: Figure = { key: 'l', kind: 'line', name: 'door', points: [[0.1, 0.5], [0.9, 0.5]] }; // prettier-ignore
const share = fc.double({ min: -2, max: 3, noNaN: true });

describe('a figure', () => {
  it('never leaves the picture, wherever a corner or the whole is moved', () => {
    fc.assert(
      fc.property(share, share, (x, y) => {
        for (const { points } of [withCornerAt(square, 1, [x, y]), shifted(square, x, y)])
          for (const place of points.flat()) expect(place >= 0 && place <= 1).toBe(true);
      }),
    );
  });

  it('keeps its form when it is moved against the border', () => {
    expect(shifted(square, 5, -0.1).points).toEqual([[0.8, 0.1], [1, 0.1], [1, 0.3], [0.8, 0.3]]); // prettier-ignore
  });

  it('has a new corner between the two of the side it was added to', () => {
    expect(withCornerOn(square, 3, sideMiddles(square)[3]!).points).toEqual([...square.points, [0.2, 0.3]]);
    expect(withCornerOn(line, 0, [0.5, 0.5])).toBe(line);
    const full = { ...square, points: Array.from({ length: CORNERS_MAX }, () => [0, 0] as const) };
    expect(withCornerOn(full, 0, [0.5, 0.5])).toBe(full);
  });

  it('loses corners down to three, and a line none', () => {
    const three = withoutCorner(square, 0)!;
    expect(three.points).toEqual(square.points.slice(1));
    expect(withoutCorner(three, 0)).toBeUndefined();
    expect(withoutCorner(line, 0)).toBeUndefined();
  });

  it('is kept to a ten thousandth of the picture', () => {
    expect(inPicture([0.123456, 0.99999])).toEqual([0.1235, 1]);
  });

  it('turns its direction when it is a line', () => {
    expect(reversed(line).points).toEqual([[0.9, 0.5], [0.1, 0.5]]); // prettier-ignore
  });

  it('is given a name that no other has', () => {
    expect(freeName('zone', [])).toBe('zone-1');
    expect(freeName('zone', ['zone-1', 'zone-3'])).toBe('zone-2');
  });
});

describe('a corner that is dragged', () => {
  const picture = { width: 1000, height: 500 };
  it.each([
    ['onto the corner of another figure that is near', [0.205, 0.21], [0.2, 0.2]],
    ['onto the nearest of two', [0.396, 0.204], [0.4, 0.2]],
    ['to the left border', [0.006, 0.5], [0, 0.5]],
    ['into a corner of the picture', [0.995, 0.99], [1, 1]],
    ['nowhere else', [0.5, 0.6], [0.5, 0.6]],
  ] as const)('goes %s', (_, from, to) => {
    expect(snapped([...from], { others: [square], picture })).toEqual(to);
  });

  it('is measured in pixels of the screen, not in shares', () => {
    // 0.015 of the height are 7.5 px, of the width 15.
    expect(snapped([0.2, 0.215], { others: [square], picture })).toEqual([0.2, 0.2]);
    expect(snapped([0.215, 0.2], { others: [square], picture })).toEqual([0.215, 0.2]);
  });
});
