import type { Size } from '../../geometry/index.js';
import type { View } from './view.js';

/** Blocks of a view to one that shifts are looked for in, in each direction. */
const REDUCED_BY = 2;
/** Shifts of up to this share of a side are found. */
const REACH = 0.4;
/** What lies over each other must be alike, and by so much more than unshifted. */
const LIKENESS_MIN = 0.5;
const GAIN_MIN = 0.15;

/** Finds by how much what a view shows lies elsewhere than before, by trying all shifts. Allocates nothing per search. */
export class ShiftFinder {
  readonly #size: Size;
  readonly #before: Float32Array;
  readonly #now: Float32Array;

  /** @param size of the views, in blocks */
  constructor({ widthPx, heightPx }: Size) {
    this.#size = { widthPx: Math.floor(widthPx / REDUCED_BY), heightPx: Math.floor(heightPx / REDUCED_BY) };
    this.#before = new Float32Array(this.#size.widthPx * this.#size.heightPx);
    this.#now = new Float32Array(this.#before.length);
  }

  /** How far, as a share of the width; 0 where no shift explains the difference better than none. */
  find(before: View, now: View): number {
    this.#reduce(before, this.#before);
    this.#reduce(now, this.#now);
    const { widthPx, heightPx } = this.#size;
    const [reachX, reachY] = [Math.floor(REACH * widthPx), Math.floor(REACH * heightPx)];
    const unshifted = this.#likeness(0, 0);
    let [best, distance] = [unshifted, 0];
    for (let dy = -reachY; dy <= reachY; dy++)
      for (let dx = -reachX; dx <= reachX; dx++) {
        const likeness = this.#likeness(dx, dy);
        if (likeness > best) [best, distance] = [likeness, Math.hypot(dx, dy)];
      }
    return best >= LIKENESS_MIN && best - unshifted >= GAIN_MIN ? distance / widthPx : 0;
  }

  /** Sums of edges: light changes them less than luma, and they have no slopes that look alike everywhere. */
  #reduce({ thumbnail, steps }: View, into: Float32Array): void {
    const stridePx = thumbnail.size.widthPx;
    const { widthPx, heightPx } = this.#size;
    for (let y = 0; y < heightPx; y++)
      for (let x = 0; x < widthPx; x++) {
        const at = REDUCED_BY * (y * stridePx + x);
        into[y * widthPx + x] =
          steps[at]! + steps[at + 1]! + steps[at + stridePx]! + steps[at + stridePx + 1]!;
      }
  }

  /** Correlation where both have something, `now` shifted. */
  #likeness(dx: number, dy: number): number {
    const { widthPx, heightPx } = this.#size;
    const [before, now] = [this.#before, this.#now];
    let [sumA, sumB, sumAA, sumBB, sumAB] = [0, 0, 0, 0, 0];
    const [fromX, toX] = [Math.max(0, -dx), Math.min(widthPx, widthPx - dx)];
    const [fromY, toY] = [Math.max(0, -dy), Math.min(heightPx, heightPx - dy)];
    for (let y = fromY; y < toY; y++) {
      const row = y * widthPx;
      const shifted = (y + dy) * widthPx + dx;
      for (let x = fromX; x < toX; x++) {
        const a = before[row + x]!;
        const b = now[shifted + x]!;
        sumA += a;
        sumB += b;
        sumAA += a * a;
        sumBB += b * b;
        sumAB += a * b;
      }
    }
    const count = (toX - fromX) * (toY - fromY);
    const spread = (sumAA - (sumA * sumA) / count) * (sumBB - (sumB * sumB) / count);
    return spread > 0 ? (sumAB - (sumA * sumB) / count) / Math.sqrt(spread) : 0;
  }
}
