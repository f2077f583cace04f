/** Which cameras stand on the wall, in which order. Kept in this browser: the server has no place for what one user likes. */
export interface Layout {
  /** One of each name. */
  readonly name: string;
  readonly cameras: readonly string[];
  /** Whatever fits when absent. */
  readonly columns?: number;
}

/** So many pictures the wall shows at once. */
export const WALL_CAMERAS_MAX = 36;
/** Columns that a layout may ask for. */
export const COLUMNS_MAX = 6;
export const LAYOUT_NAME_MAX = 40;

/** The layouts with one more, or with another in the place of `was`; of two with one name the newer stays. */
export function withLayout(all: readonly Layout[], layout: Layout, was = layout.name): readonly Layout[] {
  const others = all.filter(({ name }) => name === was || name !== layout.name);
  if (!others.some(({ name }) => name === was)) return [...others, layout];
  return others.map((one) => (one.name === was ? layout : one));
}

/** What was kept, as far as it can be read: other versions, or other pages of this origin, may have written it. */
export function layoutsOf(kept: unknown): readonly Layout[] {
  return Array.isArray(kept) ? kept.filter(isLayout) : [];
}

function isLayout(value: unknown): value is Layout {
  if (typeof value !== 'object' || value === null) return false;
  const { name, cameras, columns } = value as Partial<Record<keyof Layout, unknown>>;
  const areColumns =
    columns === undefined ||
    (Number.isInteger(columns) && Number(columns) > 0 && Number(columns) <= COLUMNS_MAX);
  const areCameras = Array.isArray(cameras) && cameras.every((camera) => typeof camera === 'string');
  return (
    typeof name === 'string' && name !== '' && name.length <= LAYOUT_NAME_MAX && areCameras && areColumns
  );
}
