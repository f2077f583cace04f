import type { Box } from '../geometry/index.js';

/** Fewer boxes are faster looked at one by one than put in order. */
const ORDERED_MIN = 24;

/** Boxes laid out so that those overlapping another are found without looking at all of them. */
export class Neighbourhood {
  readonly #growth: number;
  /** Indices by left side, and the grown sides in that order, four to a box. */
  readonly #order: number[];
  readonly #sides: Float64Array;
  readonly #isOrdered: boolean;
  #widest = 0;

  /** @param growth share of its sides by which each box, also one asked about, is grown on each side */
  constructor(owners: readonly { readonly box: Box }[], growth: number) {
    this.#growth = growth;
    this.#order = owners.map((_, index) => index);
    this.#isOrdered = owners.length >= ORDERED_MIN;
    if (this.#isOrdered) {
      const left = owners.map(({ box: [x1, , x2] }) => x1 - (x2 - x1) * growth);
      this.#order.sort((a, b) => left[a]! - left[b]!);
    }
    this.#sides = new Float64Array(owners.length * 4);
    for (let at = 0; at < owners.length; at++) {
      const { box } = owners[this.#order[at]!]!;
      const moreX = (box[2] - box[0]) * growth;
      const moreY = (box[3] - box[1]) * growth;
      this.#sides[at * 4] = box[0] - moreX;
      this.#sides[at * 4 + 1] = box[1] - moreY;
      this.#sides[at * 4 + 2] = box[2] + moreX;
      this.#sides[at * 4 + 3] = box[3] + moreY;
      this.#widest = Math.max(this.#widest, box[2] - box[0] + 2 * moreX);
    }
  }

  /**
   * Calls `visit` for each box that overlaps with `box` by `iouMin` at least, all grown: with its index, the IoU, and the share of `box`
   * that it covers.
   */
  overlapping(box: Box, iouMin: number, visit: (index: number, iou: number, share: number) => void): void {
    const sides = this.#sides;
    const moreX = (box[2] - box[0]) * this.#growth;
    const moreY = (box[3] - box[1]) * this.#growth;
    const left = box[0] - moreX;
    const right = box[2] + moreX;
    const top = box[1] - moreY;
    const bottom = box[3] + moreY;
    const area = (right - left) * (bottom - top);
    for (let i = 4 * this.#firstFrom(left - this.#widest); i < sides.length; i += 4) {
      if (sides[i]! >= right) {
        if (this.#isOrdered) return;
        continue;
      }
      // In the order of their left sides, those that are reached overlap sideways as a rule.
      if (sides[i + 1]! >= bottom || sides[i + 3]! <= top || sides[i + 2]! <= left) continue;
      const width = Math.min(right, sides[i + 2]!) - Math.max(left, sides[i]!);
      const height = Math.min(bottom, sides[i + 3]!) - Math.max(top, sides[i + 1]!);
      const shared = width * height;
      const other = (sides[i + 2]! - sides[i]!) * (sides[i + 3]! - sides[i + 1]!);
      const iou = shared / (area + other - shared);
      if (iou >= iouMin) visit(this.#order[i >> 2]!, iou, shared / area);
    }
  }

  #firstFrom(left: number): number {
    if (!this.#isOrdered) return 0;
    let low = 0;
    let high = this.#order.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#sides[middle * 4]! < left) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
