import { describe, expect, it } from '@jest/globals';
import { fitGrid, GAP_PX, scrolledGrid, tileBeside } from '../../../dashboard/src/wall/grid-fit.js';

const screen = { widthPx: 1600, heightPx: 900 };

describe('fitGrid', () => {
  it.each([
    [2, 2],
    [4, 2],
    [5, 3],
    [9, 3],
    [16, 4],
    [36, 6],
  ])('shows %i pictures as large as they fit a wide window, in %i columns', (count, columns) => {
    const grid = fitGrid(count, screen);
    expect(grid.columns).toBe(columns);
    const rows = Math.ceil(count / columns);
    expect(columns * grid.tileWidthPx + (columns - 1) * GAP_PX).toBeLessThanOrEqual(screen.widthPx);
    expect(rows * grid.tileHeightPx + (rows - 1) * GAP_PX).toBeLessThanOrEqual(screen.heightPx);
  });

  it('gives all there is to a single picture', () => {
    expect(fitGrid(1, screen)).toEqual({ columns: 1, tileWidthPx: 1600, tileHeightPx: 900 });
  });

  it('piles pictures up in a high window', () => {
    expect(fitGrid(3, { widthPx: 500, heightPx: 900 }).columns).toBe(1);
  });

  it('scrolls rather than showing pictures that are too small to see anything on', () => {
    const { columns, tileWidthPx } = fitGrid(36, { widthPx: 800, heightPx: 300 });
    expect(columns).toBe(5);
    expect(tileWidthPx).toBeGreaterThan(150);
  });

  it('has as many columns as the layout wants', () => {
    expect(fitGrid(4, screen, 4).columns).toBe(4);
  });
});

describe('scrolledGrid', () => {
  it.each([
    [390, 3, 1],
    [390, 12, 2],
    [900, 4, 2],
    [900, 2, 2],
    [390, 1, 1],
  ])('on a page of %i px, %i pictures stand in %i columns', (widthPx, count, columns) => {
    expect(scrolledGrid(count, widthPx).columns).toBe(columns);
  });
});

describe('tileBeside', () => {
  // Two full rows of three, and one of two.
  const grid = { columns: 3, count: 8 };
  it.each([
    [0, 'ArrowRight', 1],
    [0, 'ArrowLeft', 0],
    [0, 'ArrowUp', 0],
    [1, 'ArrowDown', 4],
    [2, 'ArrowRight', 3],
    [5, 'ArrowDown', 7],
    [7, 'ArrowDown', 7],
    [6, 'ArrowDown', 6],
    [7, 'ArrowRight', 7],
    [7, 'ArrowUp', 4],
  ])('leads from %i by %s to %i', (from, key, to) => {
    expect(tileBeside(from, key, grid)).toBe(to);
  });
});
