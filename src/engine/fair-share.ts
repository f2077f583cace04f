/** Something that may have work waiting, for example a camera. */
export interface Contender {
  readonly ready: boolean;
}

/** A contender that has not asked for so long does not want its turn any more; nobody waits for it. */
const SILENT_MS = 500;
/** One that has not asked for so long was idle: what it was behind is forgotten. */
const IDLE_MS = 2000;

interface Account {
  /** Turns had, or deemed to have been had. */
  served: number;
  askedMs: number;
  /** Whether it asked for a turn that it has not had. */
  isWaiting: boolean;
}

/**
 * Start-time fair queueing (Goyal et al., 1996) with unit costs: the contender served least goes first, and
 * one that was idle does not save up turns. Over any stretch in which all have work, their shares differ by
 * at most one turn.
 */
export class FairShare<T extends Contender> {
  readonly #accounts = new Map<T, Account>();
  /** Turns of the contender served last: where one that comes back from idling starts. */
  #virtualTime = 0;

  add(contender: T): void {
    this.#accounts.set(contender, { served: this.#virtualTime, askedMs: -Infinity, isWaiting: false });
  }

  delete(contender: T): void {
    this.#accounts.delete(contender);
  }

  /** Says that a contender wants a turn, though its work is not ready yet. Ask again while it does. */
  ask(contender: T, nowMs: number): void {
    const account = this.#accounts.get(contender);
    if (account === undefined) return;
    if (nowMs - account.askedMs > IDLE_MS) account.served = Math.max(account.served, this.#virtualTime);
    account.askedMs = nowMs;
    account.isWaiting = true;
  }

  /** By how many turns a contender is ahead of the one that was served least of those that want one. */
  lead(contender: T, nowMs: number): number {
    let least = Infinity;
    for (const account of this.#accounts.values())
      if (account.isWaiting && nowMs - account.askedMs < SILENT_MS) least = Math.min(least, account.served);
    return Math.max(0, (this.#accounts.get(contender)?.served ?? 0) - least);
  }

  /** The next contender to serve, counted as served; undefined when none is ready. */
  next(): T | undefined {
    let best: T | undefined;
    let bestAccount: Account | undefined;
    for (const [contender, account] of this.#accounts) {
      if (!contender.ready || account.served >= (bestAccount?.served ?? Infinity)) continue;
      best = contender;
      bestAccount = account;
    }
    if (bestAccount === undefined) return undefined;
    // One that asked was never idle: what it is behind is owed to it.
    if (!bestAccount.isWaiting) bestAccount.served = Math.max(bestAccount.served, this.#virtualTime);
    this.#virtualTime = Math.max(this.#virtualTime, bestAccount.served);
    bestAccount.served++;
    bestAccount.isWaiting = false;
    return best;
  }
}
