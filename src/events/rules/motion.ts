import {
  boxCentre,
  footPoint,
  project,
  type Box,
  type Homography,
  type Point,
} from '../../geometry/index.js';

/** Movement is judged over so long, from samples at least so far apart. */
const WINDOW_MS = 1500;
const SAMPLE_MS = 50;
/** A shorter way says nothing of speed or direction. */
const SPAN_MIN_MS = 400;
/** An object stands still while its centre stays within this share of its size (the root of its area) from where it stopped. */
const STILL_SHARE = 0.2;
/** Further off for a shorter time is a box that jumps. */
const JUMP_MS = 1000;
/** It has moved once it was so many of its sizes from where it was first seen. */
const MOVED_SIZES = 1;
/** Slower than so many of its sizes a second, its direction is noise. */
const HEADING_SIZES_PER_S = 0.25;
const KMH_PER_M_S = 3.6;

interface Sample {
  readonly ms: number;
  /** Centre of the box, px. */
  readonly centre: Point;
  /** Where it stands, m. */
  readonly ground: Point | undefined;
}

/** How one object moves, from the places where it was seen. */
export class Motion {
  readonly #toGround: Homography | undefined;
  #samples: Sample[] = [];
  #first: Point | undefined;
  /** Where and since when it stands, if it does. */
  #anchor: { readonly centre: Point; readonly sinceMs: number } | undefined;
  #awaySinceMs: number | undefined;
  #sizePx = 1;
  #hasMoved = false;

  /** @param toGround from shares of the picture to metres; without it there is no speed */
  constructor(toGround: Homography | undefined) {
    this.#toGround = toGround;
  }

  /** Takes a place where it was seen: a box in pixels of a frame of this size. */
  see(box: Box, frame: { readonly widthPx: number; readonly heightPx: number }, ms: number): void {
    const centre = boxCentre(box);
    this.#sizePx = Math.max(1, Math.sqrt((box[2] - box[0]) * (box[3] - box[1])));
    this.#first ??= centre;
    if (distance(centre, this.#first) > MOVED_SIZES * this.#sizePx) this.#hasMoved = true;
    this.#stand(centre, ms);
    const last = this.#samples.at(-1);
    if (last !== undefined && ms - last.ms < SAMPLE_MS) return;
    // A box that reaches the lower edge does not show where its object stands.
    const hasFoot = box[3] < frame.heightPx - 1;
    const [x, y] = footPoint(box);
    const ground =
      hasFoot && this.#toGround !== undefined
        ? project([x / frame.widthPx, y / frame.heightPx], this.#toGround)
        : undefined;
    this.#samples.push({ ms, centre, ground });
    while (ms - this.#samples[0]!.ms > WINDOW_MS) this.#samples.shift();
  }

  /** Goes on as the movement of an object that was first taken for another. */
  become(younger: Motion): void {
    if (this.#first !== undefined && younger.#first !== undefined)
      this.#hasMoved ||= distance(this.#first, younger.#first) > MOVED_SIZES * younger.#sizePx;
    this.#hasMoved ||= younger.#hasMoved;
    const [older, newer] = [this.#anchor, younger.#anchor];
    const isSamePlace =
      older !== undefined &&
      newer !== undefined &&
      distance(older.centre, newer.centre) <= STILL_SHARE * younger.#sizePx;
    if (!isSamePlace) this.#anchor = newer;
    this.#samples = younger.#samples;
    this.#sizePx = younger.#sizePx;
    this.#awaySinceMs = undefined;
  }

  /** Whether it was ever seen elsewhere than at first. */
  get hasMoved(): boolean {
    return this.#hasMoved;
  }

  /** Since when it stands where it stands. */
  get stillSinceMs(): number | undefined {
    return this.#anchor?.sinceMs;
  }

  /** In which direction it goes, radians from the picture's right, clockwise as seen; undefined while it hardly moves. */
  get heading(): number | undefined {
    const speed = slope(this.#samples.map(({ ms, centre }) => ({ ms, place: centre })));
    if (speed === undefined) return undefined;
    const [x, y] = speed;
    return Math.hypot(x, y) < HEADING_SIZES_PER_S * this.#sizePx ? undefined : Math.atan2(y, x);
  }

  /** Its speed on the ground, km/h. */
  get kmh(): number | undefined {
    const onGround = this.#samples.flatMap(({ ms, ground }) =>
      ground === undefined ? [] : [{ ms, place: ground }],
    );
    const speed = slope(onGround);
    return speed && Math.hypot(...speed) * KMH_PER_M_S;
  }

  #stand(centre: Point, ms: number): void {
    const isNear =
      this.#anchor !== undefined && distance(centre, this.#anchor.centre) <= STILL_SHARE * this.#sizePx;
    if (isNear) {
      this.#awaySinceMs = undefined;
      return;
    }
    this.#awaySinceMs ??= ms;
    if (this.#anchor !== undefined && ms - this.#awaySinceMs < JUMP_MS) return;
    this.#anchor = { centre, sinceMs: ms };
    this.#awaySinceMs = undefined;
  }
}

/** Change of place a second, by the straight line that fits best; undefined over too short a time. */
function slope(samples: readonly { readonly ms: number; readonly place: Point }[]): Point | undefined {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || last.ms - first.ms < SPAN_MIN_MS) return undefined;
  const meanMs = samples.reduce((sum, { ms }) => sum + ms - first.ms, 0) / samples.length;
  let [x, y, spread] = [0, 0, 0];
  for (const { ms, place } of samples) {
    const off = ms - first.ms - meanMs;
    x += off * place[0];
    y += off * place[1];
    spread += off * off;
  }
  return [(x / spread) * 1000, (y / spread) * 1000];
}

function distance([ax, ay]: Point, [bx, by]: Point): number {
  return Math.hypot(ax - bx, ay - by);
}
