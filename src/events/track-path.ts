import type { Box } from '../geometry/index.js';

/** Where an object was at a time of its stream. `box` is in source pixels. */
export interface PathPoint {
  readonly timeMs: number;
  readonly box: Box;
}

/** Bytes of a point: the time since the point before in hundredths of a second, and four sides, each as an unsigned 16-bit number. */
const POINT_BYTES = 10;
const TICK_MS = 10;
const SIDE_MAX = 65_535;
/** A path of more points loses every second one: an object that stays for hours needs no finer one. */
const POINTS_MAX = 2000;
/** A point is kept once the box has moved or grown by so much of its own size… */
const MOVED = 0.05;
/** …or after so long; and none sooner after the one before than this, with which a stored path can be run through rules again. */
const STILL_MS = 10_000;
const APART_MS = 180;

/**
 * The way of one object, thinned and packed: ten bytes a point. Times have steps of 10 ms, sides of 1/65535 of the picture. The last
 * place is always kept.
 */
export class TrackPath {
  readonly #size: { readonly widthPx: number; readonly heightPx: number };
  #points: PathPoint[] = [];
  #last: PathPoint | undefined;

  /** @param size of the picture that boxes are in */
  constructor(size: { readonly widthPx: number; readonly heightPx: number }) {
    this.#size = size;
  }

  /** Takes where the object is; times rise. */
  add(point: PathPoint): void {
    this.#last = point;
    const before = this.#points.at(-1);
    if (before !== undefined) {
      const sinceMs = point.timeMs - before.timeMs;
      if (sinceMs < APART_MS || (sinceMs < STILL_MS && !hasMoved(before.box, point.box))) return;
    }
    this.#points.push(point);
    if (this.#points.length > POINTS_MAX) this.#points = this.#points.filter((_, at) => at % 2 === 0);
  }

  /** Goes on with what turned out to be the same object's way. */
  take(other: TrackPath): void {
    const fromMs = this.#last?.timeMs ?? -Infinity;
    for (const point of other.#points) if (point.timeMs > fromMs) this.add(point);
    if (other.#last !== undefined && other.#last.timeMs > fromMs) this.add(other.#last);
  }

  /** The path as bytes; what it was made from stays. */
  encode(): Uint8Array {
    const points = [...this.#points];
    if (this.#last !== undefined && points.at(-1) !== this.#last) points.push(this.#last);
    const view = new DataView(new ArrayBuffer(points.length * POINT_BYTES));
    const { widthPx, heightPx } = this.#size;
    let timeMs = points[0]?.timeMs ?? 0;
    points.forEach((point, at) => {
      const ticks = Math.min(SIDE_MAX, Math.max(0, Math.round((point.timeMs - timeMs) / TICK_MS)));
      timeMs += ticks * TICK_MS;
      view.setUint16(at * POINT_BYTES, ticks);
      point.box.forEach((side, of) => {
        const share = side / (of % 2 === 0 ? widthPx : heightPx);
        view.setUint16(at * POINT_BYTES + 2 + 2 * of, Math.round(SIDE_MAX * Math.min(1, Math.max(0, share))));
      });
    });
    return new Uint8Array(view.buffer);
  }
}

/**
 * The points of {@link TrackPath.encode}; the first is at time 0.
 * @param size of the picture that boxes are to be in
 */
export function decodePath(
  bytes: Uint8Array,
  { widthPx, heightPx }: { readonly widthPx: number; readonly heightPx: number },
): PathPoint[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const points: PathPoint[] = [];
  let timeMs = 0;
  for (let at = 0; at + POINT_BYTES <= bytes.byteLength; at += POINT_BYTES) {
    timeMs += view.getUint16(at) * TICK_MS;
    const side = (of: number) =>
      (view.getUint16(at + 2 + 2 * of) / SIDE_MAX) * (of % 2 === 0 ? widthPx : heightPx);
    points.push({ timeMs, box: [side(0), side(1), side(2), side(3)] });
  }
  return points;
}

function hasMoved(before: Box, box: Box): boolean {
  const far = MOVED * Math.max(before[2] - before[0], before[3] - before[1]);
  return box.some((side, at) => Math.abs(side - before[at]!) >= far);
}

/** Where an object was between two points of its way: it moved evenly. Before the first it was there, without a second one it stays. */
export function placeBetween(from: PathPoint, to: PathPoint | undefined, timeMs: number): Box {
  if (to === undefined || timeMs <= from.timeMs) return from.box;
  const share = Math.min(1, (timeMs - from.timeMs) / (to.timeMs - from.timeMs));
  const side = (at: 0 | 1 | 2 | 3) => from.box[at] + share * (to.box[at] - from.box[at]);
  return [side(0), side(1), side(2), side(3)];
}

/** Where an object was at a time; before its way begins at its first point, behind its end at its last one. @param points at least one, in order */
export function placeAt(points: readonly PathPoint[], timeMs: number): Box {
  const at = Math.max(
    0,
    points.findLastIndex((point) => point.timeMs <= timeMs),
  );
  return placeBetween(points[at]!, points[at + 1], timeMs);
}
