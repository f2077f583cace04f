/** A grid of equal tiles, px. */
export interface GridFit {
  readonly columns: number;
  readonly tileWidthPx: number;
  readonly tileHeightPx: number;
}

/** Space between tiles, px. */
export const GAP_PX = 6;
/** The shape of most cameras' pictures. */
const ASPECT = 16 / 9;
/** Smaller pictures say nothing: the wall is scrolled instead. */
const TILE_WIDTH_MIN_PX = 150;
/** So few need not be small on a page that is scrolled. */
const FEW = 4;
const FEW_WIDTH_MIN_PX = 320;

/**
 * The grid with the largest tiles that shows all of them at once; where those would be too small, one that is scrolled.
 *
 * @param space.widthPx of the place for the grid, and its height
 * @param columns as the user wants them; undefined: whatever fits
 */
export function fitGrid(
  count: number,
  space: { readonly widthPx: number; readonly heightPx: number },
  columns?: number,
): GridFit {
  if (columns !== undefined) return gridOf(columns, widthIn(columns, space.widthPx));
  // A single picture takes all there is: bars at its sides are as good as an empty page.
  if (count <= 1) return { columns: 1, tileWidthPx: space.widthPx, tileHeightPx: space.heightPx };
  let best = gridOf(1, 0);
  for (let tried = 1; tried <= count; tried++) {
    const rows = Math.ceil(count / tried);
    const heightPx = (space.heightPx - GAP_PX * (rows - 1)) / rows;
    const widthPx = Math.min(widthIn(tried, space.widthPx), heightPx * ASPECT);
    if (widthPx > best.tileWidthPx) best = gridOf(tried, widthPx);
  }
  if (best.tileWidthPx >= TILE_WIDTH_MIN_PX) return best;
  return scrolledGrid(count, space.widthPx);
}

/** The grid for a page that is scrolled anyway: tiles as wide as the page, or side by side where there are many. */
export function scrolledGrid(count: number, widthPx: number, columns?: number): GridFit {
  const leastPx = count <= FEW ? FEW_WIDTH_MIN_PX : TILE_WIDTH_MIN_PX;
  const fitting =
    columns ?? Math.max(1, Math.min(count, Math.floor((widthPx + GAP_PX) / (leastPx + GAP_PX))));
  return gridOf(fitting, widthIn(fitting, widthPx));
}

function gridOf(columns: number, widthPx: number): GridFit {
  const tileWidthPx = Math.max(0, Math.floor(widthPx));
  return { columns, tileWidthPx, tileHeightPx: Math.floor(tileWidthPx / ASPECT) };
}

function widthIn(columns: number, spacePx: number): number {
  return (spacePx - GAP_PX * (columns - 1)) / columns;
}

/** The tile that an arrow key leads to from another; the same one at the edge. */
export function tileBeside(
  at: number,
  key: string,
  grid: { readonly columns: number; readonly count: number },
): number {
  const { columns, count } = grid;
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[key] ?? 0;
  const next = at + step;
  if (next < 0) return at;
  // Below an empty place of the last row stands its last tile.
  if (next >= count) return key === 'ArrowDown' && at < count - (count % columns || columns) ? count - 1 : at;
  return next;
}
