import {
  areaD,
  EndType,
  FillRule,
  inflatePathsD,
  isPositiveD,
  JoinType,
  ramerDouglasPeuckerD,
  reversePathD,
  unionD,
  type PathD,
  type PathsD,
} from 'clipper2-ts';
import { contours } from 'd3-contour';
import { isInPolygon, polygonArea, type Point, type Polygon, type Size } from '../geometry/index.js';
import type { SceneMap } from '../models/index.js';

/** A part of the picture that shows one thing, as a zone may be. */
export interface ZoneProposal {
  readonly class: string;
  /** 3 to {@link CORNERS_MAX} corners in order around, as shares of the picture. */
  readonly polygon: Polygon;
  /** Of the picture, 0..1. */
  readonly share: number;
  /** Mean probability of the class within, 0..1. */
  readonly confidence: number;
}

/** Corners at most: what one can still move by hand. */
export const CORNERS_MAX = 32;
/** What is smaller, as a share of the picture, is no zone. */
const SHARE_MIN = 0.01;
/** Less sure ones are mostly wrong: of a garden at night, 0.53. */
const CONFIDENCE_MIN = 0.6;
const PROPOSALS_MAX = 16;
/** Spurs that are thinner than twice that, and gaps that are narrower than twice the other, are noise of the network's; cells. */
const SPUR_CELLS = 1.5;
const GAP_CELLS = 2.5;
/** How far an outline may be off after simplification, in cells. */
const TOLERANCE_CELLS = 1;

/** Every class with its share of the picture, by where it is the likeliest; the largest first. */
export function classShares({ size, classes, probabilities }: SceneMap): { class: string; share: number }[] {
  const cells = size.widthPx * size.heightPx;
  const counts = new Array<number>(classes.length).fill(0);
  for (let cell = 0; cell < cells; cell++) {
    let best = 0;
    for (let plane = 1; plane <= classes.length; plane++)
      if (probabilities[plane * cells + cell]! > probabilities[best * cells + cell]!) best = plane;
    if (best > 0) counts[best - 1]!++;
  }
  return classes
    .map((name, at) => ({ class: name, share: counts[at]! / cells }))
    .sort((a, b) => b.share - a.share);
}

/**
 * Makes zones of a map: the outline of each place where a class is likelier than all others, simplified. Holes are filled, since a zone has
 * none; the confidence tells of them.
 *
 * @returns the largest first; of one class they do not overlap
 */
export function proposeZones({ size, classes, probabilities }: SceneMap): ZoneProposal[] {
  const cells = size.widthPx * size.heightPx;
  const planes = Array.from({ length: classes.length + 1 }, (_, plane) =>
    probabilities.subarray(plane * cells, (plane + 1) * cells),
  );
  const found = classes.flatMap((name, at) => {
    const plane = at + 1;
    return smoothed(outlines(leads(planes, plane), size)).flatMap((outline): ZoneProposal[] => {
      const polygon = simplified(outline, size);
      const share = polygonArea(polygon) / cells;
      if (polygon.length < 3 || share < SHARE_MIN) return [];
      const confidence = meanWithin(planes[plane]!, size, polygon);
      return confidence < CONFIDENCE_MIN
        ? []
        : [{ class: name, polygon: shares(polygon, size), share, confidence }];
    });
  });
  return found.sort((a, b) => b.share - a.share).slice(0, PROPOSALS_MAX);
}

/** By how much a plane is likelier than the likeliest of the others. */
function leads(planes: readonly Float32Array[], plane: number): Float32Array {
  const others = planes.filter((_, at) => at !== plane);
  return planes[plane]!.map((value, cell) => {
    let highest = 0;
    for (const other of others) highest = Math.max(highest, other[cell]!);
    return value - highest;
  });
}

/** Where a field is above zero: outer rings, in cells. The field goes on beyond the edges, so that what reaches them does so. */
function outlines(field: Float32Array, { widthPx, heightPx }: Size): PathsD {
  const [columns, rows] = [widthPx + 2, heightPx + 2];
  const padded = Array.from({ length: columns * rows }, (_, i) => {
    const x = clamped((i % columns) - 1, widthPx - 1);
    const y = clamped(Math.floor(i / columns) - 1, heightPx - 1);
    return field[y * widthPx + x]!;
  });
  const { coordinates } = contours().size([columns, rows]).smooth(true).contour(padded, 0);
  return coordinates.map(([outer]) => {
    const path = outer!.map(([x, y]) => ({ x: clamped(x! - 1, widthPx), y: clamped(y! - 1, heightPx) }));
    // Clipper's outer rings turn as its y axis says.
    return isPositiveD(path) ? path : reversePathD(path);
  });
}

function clamped(value: number, max: number): number {
  return Math.min(Math.max(value, 0), max);
}

/** Takes spurs away and fills gaps: opening and closing, as morphology calls it. Outer rings alone. */
function smoothed(paths: PathsD): PathsD {
  const grown = (all: PathsD, cells: number) => {
    // Clipper fails on rings without an inside, which contours and rounding leave.
    const rings = all.filter((ring) => Math.abs(areaD(ring)) > 1);
    return inflatePathsD(rings, cells, JoinType.Miter, EndType.Polygon);
  };
  const opened = grown(grown(paths, -SPUR_CELLS), SPUR_CELLS);
  const closed = grown(grown(opened, GAP_CELLS), -GAP_CELLS);
  return closed.filter(isPositiveD);
}

/** Douglas and Peucker's simplification, coarser until there are few corners; loops that came of it are cut off. */
function simplified(path: PathD, { widthPx, heightPx }: Size): Polygon {
  for (let tolerance = TOLERANCE_CELLS; tolerance < Math.max(widthPx, heightPx); tolerance *= 1.5) {
    const parts = unionD([ramerDouglasPeuckerD(path, tolerance)], FillRule.NonZero)
      .map((part) => part.map(({ x, y }): Point => [clamped(x, widthPx), clamped(y, heightPx)]))
      .sort((a, b) => polygonArea(b) - polygonArea(a));
    const [largest = []] = parts;
    if (largest.length <= CORNERS_MAX) return largest;
  }
  return [];
}

function meanWithin(plane: Float32Array, { widthPx, heightPx }: Size, polygon: Polygon): number {
  let [sum, count] = [0, 0];
  for (let y = 0; y < heightPx; y++)
    for (let x = 0; x < widthPx; x++) {
      if (!isInPolygon([x + 0.5, y + 0.5], polygon)) continue;
      sum += plane[y * widthPx + x]!;
      count++;
    }
  return count === 0 ? 0 : sum / count;
}

function shares(polygon: Polygon, { widthPx, heightPx }: Size): Polygon {
  const rounded = (share: number) => Math.round(share * 10_000) / 10_000;
  return polygon.map(([x, y]) => [rounded(x / widthPx), rounded(y / heightPx)]);
}
