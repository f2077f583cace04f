import type { FourPoints } from '../geometry/index.js';
import type { ChosenPlate } from './plate-choice.js';
import { quadSize } from './rectify.js';

// Of a line of a picture with several, what speaks for it being the plate. Chosen on the us and eu pictures of
// ../shared/data/ocr/plates; neighbouring values differ by a picture or two (design/reading.md).
const CONFIDENCE_WEIGHT = 3;
const HEIGHT_WEIGHT = 0.5;
const PATTERN_WEIGHT = 1;
const ONE_KIND_WEIGHT = 1;
const LENGTH_WEIGHT = 0.25;
const TYPICAL_LENGTH = 6.5;
const LOSS_WEIGHT = 0.1;

/** Dates and times, which cameras write into their pictures. */
const DATE_OR_TIME = /\d{4}[-.:/]\d|\d{1,2}:\d{2}|\d{1,2}[-./]\d{1,2}[-./]\d{2}/;

/** Whether a line is a date or time, as plain reading reads it. */
export function isDateOrTime(text: string): boolean {
  return DATE_OR_TIME.test(text);
}

/** How likely a line is the plate, beside other lines of the same picture; higher is likelier. */
export function plateRank(corners: FourPoints, { line, fitsPattern, loss }: ChosenPlate): number {
  const { text, confidence } = line;
  const isOneKind = /^(?:\d+|[A-Z]+)$/.test(text);
  return (
    CONFIDENCE_WEIGHT * confidence +
    HEIGHT_WEIGHT * Math.log(Math.max(1, quadSize(corners).across)) +
    (fitsPattern ? PATTERN_WEIGHT : 0) -
    (isOneKind ? ONE_KIND_WEIGHT : 0) -
    LENGTH_WEIGHT * Math.abs(text.length - TYPICAL_LENGTH) -
    LOSS_WEIGHT * loss
  );
}

/** A quad with more around it, as shares of its height: at both ends, and above and below (below 0: less). */
export function grownQuad([a, b, c, d]: FourPoints, ends: number, sides: number): FourPoints {
  const { across } = quadSize([a, b, c, d]);
  const along = unit(a, b);
  const down = unit(a, d);
  const place = ([x, y]: readonly [number, number], u: number, v: number) =>
    [x + across * (u * along[0] + v * down[0]), y + across * (u * along[1] + v * down[1])] as const;
  return [place(a, -ends, -sides), place(b, ends, -sides), place(c, ends, sides), place(d, -ends, sides)];
}

function unit(
  [ax, ay]: readonly [number, number],
  [bx, by]: readonly [number, number],
): readonly [number, number] {
  const length = Math.hypot(bx - ax, by - ay) || 1;
  return [(bx - ax) / length, (by - ay) / length];
}
