import type { AxisTaps } from './axis-taps.js';

/** Holds no row of the picture. */
const NO_ROW = -2;

/**
 * Scales one plane of a picture, row by row from the top. Rows of the picture are first scaled across, each once, and then blended down;
 * a caller adds `upper`·`upperWeight` and `lower`·`lowerWeight` itself, in the loop in which it needs them.
 */
export class PlaneScaler {
  upper = new Float64Array(0);
  lower = new Float64Array(0);
  upperWeight = 1;
  lowerWeight = 0;
  #upperRow = NO_ROW;
  #lowerRow = NO_ROW;
  #picture: Uint8Array = new Uint8Array(0);
  #origin = 0;
  #width = 0;
  #height = 0;
  #around = 0;
  #count = 0;

  /**
   * Begins a plane.
   *
   * @param origin of the plane in `picture`
   * @param around what lies around the plane
   * @param count samples of a scaled row
   */
  begin(
    picture: Uint8Array,
    origin: number,
    width: number,
    height: number,
    around: number,
    count: number,
  ): void {
    if (this.upper.length < count) {
      this.upper = new Float64Array(count);
      this.lower = new Float64Array(count);
    }
    this.#picture = picture;
    this.#origin = origin;
    this.#width = width;
    this.#height = height;
    this.#around = around;
    this.#count = count;
    this.#upperRow = NO_ROW;
    this.#lowerRow = NO_ROW;
  }

  /** Makes row `index` of the scaled plane. */
  seek(index: number, across: AxisTaps, down: AxisTaps): void {
    if (down.perSample === 2) this.#seekTwo(down.first[index]!, down.weights[index * 2 + 1]!, across);
    else this.#seekMany(index, across, down);
  }

  #seekTwo(row: number, lowerWeight: number, across: AxisTaps): void {
    this.upperWeight = 1 - lowerWeight;
    this.lowerWeight = lowerWeight;
    if (row === this.#lowerRow) {
      [this.upper, this.lower] = [this.lower, this.upper];
      [this.#upperRow, this.#lowerRow] = [this.#lowerRow, this.#upperRow];
    }
    if (row !== this.#upperRow) this.#scaleRow(row, across, this.upper);
    if (row + 1 !== this.#lowerRow) this.#scaleRow(row + 1, across, this.lower);
    this.#upperRow = row;
    this.#lowerRow = row + 1;
  }

  #seekMany(index: number, across: AxisTaps, { perSample, first, weights }: AxisTaps): void {
    const { upper, lower } = this;
    const count = this.#count;
    this.upperWeight = 1;
    this.lowerWeight = 0;
    upper.fill(0, 0, count);
    for (let tap = 0; tap < perSample; tap++) {
      const weight = weights[index * perSample + tap]!;
      if (weight === 0) continue;
      const row = first[index]! + tap;
      // The last row of one sample is often the first of the next.
      if (row !== this.#lowerRow) this.#scaleRow(row, across, lower);
      this.#lowerRow = row;
      for (let x = 0; x < count; x++) upper[x] = upper[x]! + lower[x]! * weight;
    }
    this.#upperRow = NO_ROW;
  }

  #scaleRow(row: number, taps: AxisTaps, line: Float64Array): void {
    const count = this.#count;
    if (row < 0 || row >= this.#height) {
      line.fill(this.#around, 0, count);
      return;
    }
    const { insideFrom, insideTo } = taps;
    const from = this.#origin + row * this.#width;
    this.#scaleEdge(from, taps, line, 0, insideFrom);
    if (taps.perSample === 2)
      scaleTwo(this.#picture, from, taps.first, taps.weights, line, insideFrom, insideTo);
    else scaleMany(this.#picture, from, taps, line, insideFrom, insideTo);
    this.#scaleEdge(from, taps, line, insideTo, count);
  }

  /** Samples that are partly outside. */
  #scaleEdge(
    from: number,
    { perSample, first, weights }: AxisTaps,
    line: Float64Array,
    begin: number,
    end: number,
  ): void {
    for (let x = begin; x < end; x++) {
      let sum = 0;
      for (let tap = 0; tap < perSample; tap++) {
        const column = first[x]! + tap;
        const isInside = column >= 0 && column < this.#width;
        sum += weights[x * perSample + tap]! * (isInside ? this.#picture[from + column]! : this.#around);
      }
      line[x] = sum;
    }
  }
}

function scaleTwo(
  picture: Uint8Array,
  from: number,
  first: Int32Array,
  weights: Float64Array,
  line: Float64Array,
  begin: number,
  end: number,
): void {
  for (let x = begin; x < end; x++) {
    const at = from + first[x]!;
    const left = picture[at]!;
    line[x] = left + (picture[at + 1]! - left) * weights[2 * x + 1]!;
  }
}

function scaleMany(
  picture: Uint8Array,
  from: number,
  { perSample, first, weights }: AxisTaps,
  line: Float64Array,
  begin: number,
  end: number,
): void {
  for (let x = begin, at = begin * perSample; x < end; x++) {
    const column = from + first[x]!;
    let sum = 0;
    for (let tap = 0; tap < perSample; tap++, at++) sum += picture[column + tap]! * weights[at]!;
    line[x] = sum;
  }
}
