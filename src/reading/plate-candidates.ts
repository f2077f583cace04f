import { type FourPoints, type Point } from '../geometry/index.js';
import type { TextQuad } from './find-text.js';
import { minAreaRect } from './min-area-rect.js';
import { inReadingOrder } from './reading-order.js';
import { quadSize } from './rectify.js';

/** Longer or shorter lines are no plates: length / height. */
const ASPECT_MIN = 1.2;
const ASPECT_MAX = 10;
/** Text that stands steeper than this, as a share of its length, is no plate. */
const SLOPE_MAX = 0.6;
/** Parts of a plate (`ABC` and `123`) are about as high, in one row, and no further apart than so many heights. */
const HEIGHT_RATIO_MIN = 0.6;
const ROW_SHIFT_MAX = 0.35;
const GAP_MAX = 1.6;

/**
 * The lines of text that may be a plate by size and shape, and what two neighbours would be together, for plates with a gap or an emblem
 * in their middle.
 */
export function plateCandidates(quads: readonly TextQuad[]): TextQuad[] {
  const level = quads.filter(({ corners }) => isLevel(corners));
  const joined = level.flatMap((left) =>
    level.filter((right) => areParts(left.corners, right.corners)).flatMap((right) => join(left, right)),
  );
  return [...level, ...joined].filter(({ corners }) => hasPlateShape(corners));
}

function hasPlateShape(corners: FourPoints): boolean {
  const { along, across } = quadSize(corners);
  return along >= ASPECT_MIN * across && along <= ASPECT_MAX * across;
}

function isLevel([a, b]: FourPoints): boolean {
  return Math.abs(b[1] - a[1]) <= SLOPE_MAX * Math.abs(b[0] - a[0]);
}

/** Whether the right one goes on where the left one ends. */
function areParts(left: FourPoints, right: FourPoints): boolean {
  const [heightLeft, heightRight] = [quadSize(left).across, quadSize(right).across];
  const high = Math.max(heightLeft, heightRight);
  if (Math.min(heightLeft, heightRight) < HEIGHT_RATIO_MIN * high) return false;
  const [end, begin] = [middle(left[1], left[2]), middle(right[0], right[3])];
  const gap = begin[0] - end[0];
  const shift = Math.abs(begin[1] - end[1]);
  return gap > -0.5 * high && gap <= GAP_MAX * high && shift <= ROW_SHIFT_MAX * high;
}

function join(left: TextQuad, right: TextQuad): TextQuad[] {
  const rect = minAreaRect([...left.corners, ...right.corners]);
  if (rect === undefined) return [];
  return [{ corners: inReadingOrder(rect), score: Math.min(left.score, right.score) }];
}

function middle([ax, ay]: Point, [bx, by]: Point): Point {
  return [(ax + bx) / 2, (ay + by) / 2];
}
