/** So long a stream must be late before it is joined anew: what comes in one burst after a pause is caught up with by itself. */
const LATE_BEFORE_MS = 1000;
/** Joining costs a group of pictures, too: a computer that is too slow must not be kept busy with that. */
const EVERY_MS = 10_000;

/**
 * When to shed what has piled up on the way by joining the stream anew, at its newest group of pictures: `Lateness` says since when pictures are
 * later than two seconds.
 */
export class Rejoin {
  #lateSinceMs: number | undefined;
  #lastMs = -Infinity;

  /**
   * Whether to join anew now; notes that it was done.
   *
   * @param nowMs on any clock that only goes on
   * @param lateMs undefined while pictures come in time
   */
  isDue(nowMs: number, lateMs: number | undefined): boolean {
    if (lateMs === undefined) {
      this.#lateSinceMs = undefined;
      return false;
    }
    this.#lateSinceMs ??= nowMs;
    if (nowMs - this.#lateSinceMs < LATE_BEFORE_MS || nowMs - this.#lastMs < EVERY_MS) return false;
    this.#lateSinceMs = undefined;
    this.#lastMs = nowMs;
    return true;
  }
}
