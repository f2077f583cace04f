import { lineOf, type ReadCharacter, type ReadLine } from './ctc.js';

/** Longer lines are told as they are: their alignment would cost more than it gains. */
const LENGTH_MAX = 64;
/** What a character costs that only one of the two lines has. */
const GAP_COST = 0.8;

/** What the votes say of one place of the line; `''` is nothing. */
type Column = Map<string, number>;

/**
 * One answer of many readings of the same line: each is aligned with those before it, and votes in each place with its confidence (ROVER,
 * Fiscus, 1997). A place where most see nothing is left out.
 */
export class TextVote {
  #columns: Column[] = [];
  #weight = 0;
  /** The weights of all readings, each times how sure it was: so much says that nothing stands where none has seen anything. */
  #sure = 0;
  #count = 0;
  #first: ReadLine | undefined;

  /** Readings that have voted. */
  get count(): number {
    return this.#count;
  }

  /** Lets a reading vote; empty ones say nothing. @param weight how much it counts, above 0 */
  add(line: ReadLine, weight = 1): void {
    if (line.characters.length === 0 || !(weight > 0)) return;
    this.#count++;
    this.#first ??= line;
    if (line.characters.length > LENGTH_MAX || this.#columns.length > LENGTH_MAX) return;
    const sure = weight * lineOf(line.characters).confidence;
    this.#columns = this.#aligned(line.characters, weight, sure);
    this.#weight += weight;
    this.#sure += sure;
  }

  /** What stands there; undefined before the first reading. A character's confidence is its share of all votes, times how sure they were. */
  result(): ReadLine | undefined {
    if (this.#first === undefined || this.#weight === 0) return this.#first;
    const characters: ReadCharacter[] = [];
    for (const column of this.#columns) {
      const [value, votes] = [...column].reduce((best, one) => (one[1] > best[1] ? one : best));
      if (value !== '') characters.push({ value, confidence: Math.min(1, votes / this.#weight) });
    }
    return lineOf(characters);
  }

  /** The columns with the votes of another reading, by the cheapest alignment (dynamic programming, as for edit distances). */
  #aligned(line: readonly ReadCharacter[], weight: number, sure: number): Column[] {
    const columns = this.#columns;
    const [rows, cells] = [columns.length, line.length];
    const share = (column: Column, value: string) => (column.get(value) ?? 0) / (this.#weight || 1);
    const cost = Array.from({ length: rows + 1 }, () => new Float64Array(cells + 1));
    for (let j = 1; j <= cells; j++) cost[0]![j] = j * GAP_COST;
    for (let i = 1; i <= rows; i++) {
      const skip = GAP_COST * (1 - share(columns[i - 1]!, ''));
      cost[i]![0] = cost[i - 1]![0]! + skip;
      for (let j = 1; j <= cells; j++) {
        const meet = cost[i - 1]![j - 1]! + 1 - share(columns[i - 1]!, line[j - 1]!.value);
        cost[i]![j] = Math.min(meet, cost[i - 1]![j]! + skip, cost[i]![j - 1]! + GAP_COST);
      }
    }
    const out: Column[] = [];
    let [i, j] = [rows, cells];
    while (i > 0 || j > 0) {
      const column = columns[i - 1];
      const character = line[j - 1];
      const meet =
        column &&
        character &&
        cost[i - 1]![j - 1]! + 1 - share(column, character.value) <= cost[i]![j]! + 1e-9;
      if (meet) {
        out.push(voted(column, character.value, weight * character.confidence));
        i--;
        j--;
      } else if (character && (i === 0 || cost[i]![j - 1]! + GAP_COST <= cost[i]![j]! + 1e-9)) {
        // A place that all before have not seen.
        out.push(voted(new Map([['', this.#sure]]), character.value, weight * character.confidence));
        j--;
      } else {
        out.push(voted(column!, '', sure));
        i--;
      }
    }
    return out.reverse();
  }
}

function voted(column: Column, value: string, votes: number): Column {
  return column.set(value, (column.get(value) ?? 0) + votes);
}
