import { DistanceQueue } from './distance-queue.js';

/** A row and a column that may be matched, and what matching them gains; only gains above 0 are ever taken. */
export interface Pairing {
  readonly row: number;
  readonly column: number;
  readonly gain: number;
}

/**
 * Matches rows with columns, each at most once, so that the sum of gains is the highest possible (the assignment problem;
 * rows and columns may stay alone). Shortest augmenting paths over the given pairs alone (Jonker and Volgenant's, for sparse
 * problems): thousands of rows cost little as long as each has few pairs. Returns the pairs chosen, by row.
 */
export function assign<P extends Pairing>(pairs: readonly P[], rowCount: number, columnCount: number): P[] {
  return uncontested(pairs, rowCount, columnCount) ?? new Assignment(pairs, rowCount, columnCount).solve();
}

/** All pairs that gain, where no two of them share a row or column: most frames are that simple. */
function uncontested<P extends Pairing>(
  pairs: readonly P[],
  rowCount: number,
  columnCount: number,
): P[] | undefined {
  const rows = filled(rowCount, 0);
  const columns = filled(columnCount, 0);
  const chosen: P[] = [];
  for (const pair of pairs) {
    if (pair.gain <= 0) continue;
    if (rows[pair.row] === 1 || columns[pair.column] === 1) return undefined;
    rows[pair.row] = 1;
    columns[pair.column] = 1;
    chosen.push(pair);
  }
  return chosen;
}

/** Prices of rows and columns such that no pair gains more than its prices' sum, and matched pairs exactly that. */
class Assignment<P extends Pairing> {
  readonly #pairs: readonly P[];
  /** Pairs of row `r`: `#order[#first[r]]` to `#order[#first[r + 1] - 1]`. */
  readonly #first: number[];
  readonly #order: number[];
  readonly #rowPrice: number[];
  readonly #columnPrice: number[];
  /** Chosen pair by row and by column, -1 for none. */
  readonly #ofRow: number[];
  readonly #ofColumn: number[];
  /** Of one search: distance of each column, the pair it was reached by, and which are settled. */
  readonly #distance: number[];
  readonly #reachedBy: number[];
  readonly #settled: number[];

  constructor(pairs: readonly P[], rowCount: number, columnCount: number) {
    this.#pairs = pairs;
    this.#first = filled(rowCount + 1, 0);
    this.#order = filled(pairs.length, 0);
    for (const { row } of pairs) this.#first[row + 1]!++;
    for (let row = 0; row < rowCount; row++) this.#first[row + 1]! += this.#first[row]!;
    const next = this.#first.slice();
    for (let i = 0; i < pairs.length; i++) this.#order[next[pairs[i]!.row]!++] = i;
    this.#rowPrice = filled(rowCount, 0);
    this.#columnPrice = filled(columnCount, 0);
    this.#ofRow = filled(rowCount, -1);
    this.#ofColumn = filled(columnCount, -1);
    this.#distance = filled(columnCount, Infinity);
    this.#reachedBy = filled(columnCount, -1);
    this.#settled = filled(columnCount, 0);
  }

  solve(): P[] {
    for (let row = 0; row < this.#ofRow.length; row++) this.#insert(row);
    const chosen: P[] = [];
    for (const pair of this.#ofRow) if (pair >= 0) chosen.push(this.#pairs[pair]!);
    return chosen;
  }

  /** Finds the cheapest way to take `row` in: a free column, or another row that gives its column up and stays alone. */
  #insert(row: number): void {
    const touched: number[] = [];
    const queue = new DistanceQueue();
    // A row is worth at least nothing: staying alone costs its price.
    const best = this.#bestOffer(row);
    this.#rowPrice[row] = best;
    if (best === 0) return;
    let loser = row;
    let lowest = best;
    let end = -1;
    const settledRows: { row: number; at: number }[] = [{ row, at: 0 }];
    this.#relax(row, 0, touched, queue);
    // Nothing that is farther than giving a column up can help.
    while (queue.nearest < lowest) {
      const base = queue.nearest;
      const column = queue.take();
      // Reached again on a shorter way since it was put in.
      if (this.#settled[column] === 1) continue;
      this.#settled[column] = 1;
      const taken = this.#ofColumn[column]!;
      if (taken < 0) {
        // A free column has price 0: nothing can be nearer.
        end = column;
        lowest = base;
        break;
      }
      const current = this.#pairs[taken]!.row;
      settledRows.push({ row: current, at: base });
      if (base + this.#rowPrice[current]! < lowest) {
        lowest = base + this.#rowPrice[current]!;
        loser = current;
      }
      this.#relax(current, base, touched, queue);
    }
    for (const { row: one, at } of settledRows) if (at < lowest) this.#rowPrice[one]! -= lowest - at;
    for (const column of touched)
      if (this.#settled[column] === 1 && this.#distance[column]! < lowest)
        this.#columnPrice[column]! += lowest - this.#distance[column]!;
    if (end < 0 && loser !== row) {
      end = this.#pairs[this.#ofRow[loser]!]!.column;
      this.#ofRow[loser] = -1;
    }
    this.#augment(row, end);
    for (const column of touched) {
      this.#distance[column] = Infinity;
      this.#settled[column] = 0;
    }
  }

  #bestOffer(row: number): number {
    let best = 0;
    for (let i = this.#first[row]!; i < this.#first[row + 1]!; i++) {
      const { column, gain } = this.#pairs[this.#order[i]!]!;
      best = Math.max(best, gain - this.#columnPrice[column]!);
    }
    return best;
  }

  #relax(row: number, base: number, touched: number[], queue: DistanceQueue): void {
    for (let i = this.#first[row]!; i < this.#first[row + 1]!; i++) {
      const at = this.#order[i]!;
      const { column, gain } = this.#pairs[at]!;
      if (this.#settled[column] === 1 || gain <= 0) continue;
      const distance = base + Math.max(0, this.#rowPrice[row]! + this.#columnPrice[column]! - gain);
      if (distance >= this.#distance[column]!) continue;
      if (this.#distance[column] === Infinity) touched.push(column);
      this.#distance[column] = distance;
      this.#reachedBy[column] = at;
      queue.add(column, distance);
    }
  }

  /** Hands columns on along the path that led to `end`. */
  #augment(row: number, end: number): void {
    for (let column = end; column >= 0;) {
      const at = this.#reachedBy[column]!;
      const winner = this.#pairs[at]!.row;
      const before = this.#ofRow[winner]!;
      this.#ofColumn[column] = at;
      this.#ofRow[winner] = at;
      if (winner === row) return;
      column = this.#pairs[before]!.column;
    }
  }
}

/** Plain arrays: for the few rows of a usual frame, typed ones take longer to make than to use. */
function filled(length: number, value: number): number[] {
  return new Array<number>(length).fill(value);
}
