/** Which cameras stand on the wall, in which order. */
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
/** So many the server keeps for each user. */
export const LAYOUTS_MAX = 50;

/** The layouts with one more, or with another in the place of `was`; of two with one name the newer stays. */
export function withLayout(all: readonly Layout[], layout: Layout, was = layout.name): readonly Layout[] {
  const others = all.filter(({ name }) => name === was || name !== layout.name);
  if (!others.some(({ name }) => name === was)) return [...others, layout];
  return others.map((one) => (one.name === was ? layout : one));
}

/**
 * The layouts of one place with those of another behind them. One that the first has otherwise under the same name gets another name: neither is lost.
 */
export function joined(all: readonly Layout[], more: readonly Layout[]): readonly Layout[] {
  const known = new Set(all.map(textOf));
  const names = new Set(all.map(({ name }) => name));
  const added: Layout[] = [];
  for (const layout of more) {
    if (known.has(textOf(layout))) continue;
    const name = freeName(layout.name, names);
    names.add(name);
    added.push({ ...layout, name });
  }
  return [...all, ...added];
}

/** The same of two that are alike, whatever the order of their keys. */
function textOf({ name, cameras, columns }: Layout): string {
  return JSON.stringify([name, cameras, columns]);
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  for (let number = 2; ; number++) {
    const ending = ` ${number}`;
    const other = name.slice(0, LAYOUT_NAME_MAX - ending.length) + ending;
    if (!taken.has(other)) return other;
  }
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
