/** A place in the picture as shares of its width and height, 0..1 from its top left corner. */
export type Point = readonly [x: number, y: number];

/** A zone or a line as it is drawn. Of a line, who goes from the first point to the second and is crossed from left to right goes in. */
export interface Figure {
  /** Stays when the figure is renamed; of no meaning outside of the editor. */
  readonly key: string;
  readonly kind: 'zone' | 'line';
  readonly name: string;
  /** Corners in order around; of a line its two ends. */
  readonly points: readonly Point[];
  /** Its name in the configuration; absent: it is not saved yet. */
  readonly savedName?: string;
}

/** All figures of a camera, zones before lines. */
export type Drawing = readonly Figure[];

/** As the configuration has it. */
export const CORNERS_MAX = 64;
const CORNERS_MIN = 3;
/** Ten thousandths of the picture: a tenth of a pixel of a 1080p picture, and short in the file. */
const DECIMALS = 10_000;

/** The nearest place that is in the picture, as exact as it is kept. */
export function inPicture([x, y]: Point): Point {
  const kept = (share: number) => Math.round(Math.min(1, Math.max(0, share)) * DECIMALS) / DECIMALS;
  return [kept(x), kept(y)];
}

/** With one corner elsewhere. */
export function withCornerAt(figure: Figure, corner: number, to: Point): Figure {
  return { ...figure, points: figure.points.map((point, at) => (at === corner ? inPicture(to) : point)) };
}

/** The whole figure elsewhere, by shares of the picture; as far as its border lets it. */
export function shifted(figure: Figure, byX: number, byY: number): Figure {
  const [xs, ys] = [figure.points.map(([x]) => x), figure.points.map(([, y]) => y)];
  const within = (by: number, places: number[]) =>
    Math.min(1 - Math.max(...places), Math.max(-Math.min(...places), by));
  const [dx, dy] = [within(byX, xs), within(byY, ys)];
  return { ...figure, points: figure.points.map(([x, y]) => inPicture([x + dx, y + dy])) };
}

/** With one corner more, on the side that begins at corner `side`; as it was where it may have no more. */
export function withCornerOn(figure: Figure, side: number, at: Point): Figure {
  if (figure.kind === 'line' || figure.points.length >= CORNERS_MAX) return figure;
  return { ...figure, points: figure.points.toSpliced(side + 1, 0, inPicture(at)) };
}

/** Without one of its corners; undefined where too few would be left. */
export function withoutCorner(figure: Figure, corner: number): Figure | undefined {
  if (figure.kind === 'line' || figure.points.length <= CORNERS_MIN) return undefined;
  return { ...figure, points: figure.points.toSpliced(corner, 1) };
}

/** A line in the other direction. */
export function reversed(line: Figure): Figure {
  return { ...line, points: line.points.toReversed() };
}

/** The middle of each side, in the order of the corners that the sides begin at. */
export function sideMiddles({ points }: Figure): readonly Point[] {
  return points.map(([x, y], at) => {
    const [nextX, nextY] = points[(at + 1) % points.length]!;
    return [(x + nextX) / 2, (y + nextY) / 2];
  });
}

/** A name that no other has: `zone-1`, `zone-2`, … */
export function freeName(kind: string, taken: Iterable<string>): string {
  const names = new Set(taken);
  let number = 1;
  while (names.has(`${kind}-${number}`)) number++;
  return `${kind}-${number}`;
}
