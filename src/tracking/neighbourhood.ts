import type { Box } from '../geometry/index.js';

/** Boxes laid out so that those overlapping another are found without looking at all of them. */
export class Neighbourhood {
  readonly #growth: number;
  /** Indices by left side, and the grown sides in that order, four to a box. */
  readonly #order: number[];
  readonly #sides: Float64Array;
  #widest = 0;

  /** @param growth share of its sides by which each box, also one asked about, is grown on each side */
  constructor(boxes: readonly Box[], growth: number) {
    this.#growth = growth;
    this.#order = boxes
      .map((_, index) => index)
      .sort((a, b) => leftOf(boxes[a]!, growth) - leftOf(boxes[b]!, growth));
    this.#sides = new Float64Array(boxes.length * 4);
    this.#order.forEach((index, at) => {
      const [x1, y1, x2, y2] = boxes[index]!;
      const moreX = (x2 - x1) * growth;
      const moreY = (y2 - y1) * growth;
      const grown = [x1 - moreX, y1 - moreY, x2 + moreX, y2 + moreY];
      this.#sides.set(grown, at * 4);
      this.#widest = Math.max(this.#widest, x2 - x1 + 2 * moreX);
    });
  }

  /** Calls `visit` with each overlapping box's index, the shared area, and the areas of `box` and of the other, all grown. */
  overlapping(
    [x1, y1, x2, y2]: Box,
    visit: (index: number, sharedPx: number, areaPx: number, otherPx: number) => void,
  ): void {
    const sides = this.#sides;
    const moreX = (x2 - x1) * this.#growth;
    const moreY = (y2 - y1) * this.#growth;
    const left = x1 - moreX;
    const right = x2 + moreX;
    const top = y1 - moreY;
    const bottom = y2 + moreY;
    const area = (right - left) * (bottom - top);
    for (let at = this.#firstFrom(left - this.#widest); at < this.#order.length; at++) {
      const i = at * 4;
      if (sides[i]! >= right) return;
      const width = Math.min(right, sides[i + 2]!) - Math.max(left, sides[i]!);
      if (width <= 0) continue;
      const height = Math.min(bottom, sides[i + 3]!) - Math.max(top, sides[i + 1]!);
      if (height <= 0) continue;
      const other = (sides[i + 2]! - sides[i]!) * (sides[i + 3]! - sides[i + 1]!);
      visit(this.#order[at]!, width * height, area, other);
    }
  }

  #firstFrom(left: number): number {
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

function leftOf([x1, , x2]: Box, growth: number): number {
  return x1 - (x2 - x1) * growth;
}
