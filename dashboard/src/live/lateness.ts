/** A picture that is so much later than the stream's earliest is told as late. */
const LATE_FROM_MS = 2000;
/** Less than this, and it is in time again. */
const IN_TIME_BELOW_MS = 1000;
/** The camera's clock and the browser's may differ by so many ms a second, before a stream seems late that is not. */
const CLOCKS_DRIFT_MS_A_SECOND = 0.5;
/** After such a silence the stream may go on with another relation of its times to the clock. */
const SILENCE_MS = 1500;

/**
 * How much later pictures arrive than the quickest of their stream did. A network that is too slow for a stream does not stop it: pictures
 * pile up on the way, and what is played smoothly is older and older.
 */
export class Lateness {
  #leastMs = Infinity;
  #leastAtMs = 0;
  #latestMs = 0;
  #isLate = false;
  #cameMs = 0;
  /** Time of the server's clock at presentation time zero, by its latest word. */
  #serverZeroMs: number | undefined;

  /** Another stream begins, or the same from another place. */
  forget(): void {
    this.#leastMs = Infinity;
    this.#latestMs = 0;
    this.#isLate = false;
    this.#serverZeroMs = undefined;
  }

  /**
   * The server tells when it had a picture, which is where a camera that stood still for a moment is told from a way that is too slow. Without
   * such words (nothing is analysed), a stream is measured anew after each silence.
   *
   * @param timeMs by the clock of the server, whatever that shows
   */
  wasAtServer(ptsMs: number, timeMs: number): void {
    if (this.#serverZeroMs === undefined) this.#leastMs = Infinity;
    this.#serverZeroMs = timeMs - ptsMs;
  }

  /**
   * A picture arrived.
   *
   * @param nowMs on any clock that only goes on
   * @param edgeMs presentation time of the newest picture at hand
   */
  came(nowMs: number, edgeMs: number): void {
    const silentMs = nowMs - this.#cameMs;
    this.#cameMs = nowMs;
    if (this.#serverZeroMs === undefined && silentMs > SILENCE_MS) this.#leastMs = Infinity;
    const wayMs = nowMs - (edgeMs + (this.#serverZeroMs ?? 0));
    const driftMs = ((nowMs - this.#leastAtMs) / 1000) * CLOCKS_DRIFT_MS_A_SECOND;
    if (wayMs < this.#leastMs + driftMs) {
      this.#leastMs = wayMs;
      this.#leastAtMs = nowMs;
    }
    this.#latestMs = wayMs - this.#leastMs;
    this.#isLate = this.#latestMs > (this.#isLate ? IN_TIME_BELOW_MS : LATE_FROM_MS);
  }

  /** How late the newest picture is, ms; undefined while that is nothing to speak of. */
  get lateMs(): number | undefined {
    return this.#isLate ? this.#latestMs : undefined;
  }
}
