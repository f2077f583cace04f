import type { CutOut } from '../frames/index.js';
import type { FourPoints, Point, Size } from '../geometry/index.js';
import type { TextRead } from '../inference/index.js';

/** All lines as one, from top to bottom, with the upright box around them; one line as it is. */
export function oneText(texts: readonly TextRead[]): Pick<TextRead, 'characters' | 'polygon'> {
  if (texts.length === 1) return texts[0]!;
  const corners = texts.flatMap(({ polygon }) => polygon);
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  const [left, top, right, bottom] = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  return {
    characters: texts.flatMap(({ characters, confidence }, at) =>
      at === 0 ? characters : [{ value: ' ', confidence }, ...characters],
    ),
    polygon: [
      [left, top],
      [right, top],
      [right, bottom],
      [left, bottom],
    ],
  };
}

/** Corners in a crop of a picture of one size, in pixels of another, to a tenth. */
export function cornersIn(
  polygon: FourPoints,
  crop: Pick<CutOut, 'x' | 'y'>,
  from: Size,
  to: Size,
): FourPoints {
  const [x, y] = [to.widthPx / from.widthPx, to.heightPx / from.heightPx];
  const tenth = (px: number) => Math.round(px * 10) / 10;
  return polygon.map(([px, py]): Point => [
    tenth((crop.x + px) * x),
    tenth((crop.y + py) * y),
  ]) as unknown as FourPoints;
}
