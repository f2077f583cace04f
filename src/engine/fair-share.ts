/** Something that may have work waiting, for example a camera. */
export interface Contender {
  readonly ready: boolean;
}

/**
 * Start-time fair queueing (Goyal et al., 1996) with unit costs: the contender served least goes first, and
 * one that was idle does not save up turns. Over any stretch in which all have work, their shares differ by
 * at most one turn.
 */
export class FairShare<T extends Contender> {
  readonly #served = new Map<T, number>();
  /** Turns of the contender served last: where one that comes back from idling starts. */
  #virtualTime = 0;

  add(contender: T): void {
    this.#served.set(contender, this.#virtualTime);
  }

  delete(contender: T): void {
    this.#served.delete(contender);
  }

  /** The next contender to serve, counted as served; undefined when none is ready. */
  next(): T | undefined {
    let best: T | undefined;
    let bestServed = Infinity;
    for (const [contender, served] of this.#served) {
      if (!contender.ready || served >= bestServed) continue;
      best = contender;
      bestServed = served;
    }
    if (best === undefined) return undefined;
    const start = Math.max(bestServed, this.#virtualTime);
    this.#virtualTime = start;
    this.#served.set(best, start + 1);
    return best;
  }
}
