/** A picture that is so much later than the stream's earliest is told as late. */
const LATE_FROM_MS = 2000;
/** Less than this, and it is in time again. */
const IN_TIME_BELOW_MS = 1000;
/** The camera's clock and the browser's may differ by so many ms a second, before a stream seems late that is not. */
const CLOCKS_DRIFT_MS_A_SECOND = 0.5;
/** After such a silence the stream may go on with another relation of its times to the clock. */
const SILENCE_MS = 1500;
/** So long the server's word is waited for in a new stream of a connection on which it has told its times before. */
const WORD_WITHIN_MS = 5000;

/**
 * How much later pictures arrive than the quickest that came of their stream: a picture, or the server's word about one. A network that is too slow for a stream does not stop it: pictures
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
  /** When the stream began in which the server's word is missing, although the least was measured by its clock. */
  #wordlessSinceMs: number | undefined;

  /** Another connection: nothing is known of its way. */
  forget(): void {
    this.#leastMs = Infinity;
    this.#latestMs = 0;
    this.#isLate = false;
    this.#serverZeroMs = undefined;
    this.#wordlessSinceMs = undefined;
  }

  /**
   * The camera begins another stream, which comes on the same way: as late as the last one did, as far as the server's clock can tell.
   *
   * @param nowMs as of {@link came}
   */
  streamBegins(nowMs: number): void {
    if (this.#serverZeroMs === undefined && this.#wordlessSinceMs === undefined) return this.forget();
    this.#serverZeroMs = undefined;
    this.#wordlessSinceMs = nowMs;
  }

  /**
   * The server tells when it had a picture, which is where a camera that stood still for a moment is told from a way that is too slow. Without
   * such words (nothing is analysed), a stream is measured anew after each silence.
   *
   * @param timeMs by the clock of the server, whatever that shows
   * @param nowMs as of {@link came}
   */
  wasAtServer(ptsMs: number, timeMs: number, nowMs: number): void {
    if (this.#serverZeroMs === undefined && this.#wordlessSinceMs === undefined) this.#leastMs = Infinity;
    this.#serverZeroMs = timeMs - ptsMs;
    this.#wordlessSinceMs = undefined;
    // Where the server itself is slow to make a picture of what it has had long since, words are quicker than any picture.
    this.#noteWay(nowMs - timeMs, nowMs);
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
    if (this.#wordlessSinceMs !== undefined) {
      if (nowMs - this.#wordlessSinceMs < WORD_WITHIN_MS) return;
      this.forget();
    }
    if (this.#serverZeroMs === undefined && silentMs > SILENCE_MS) this.#leastMs = Infinity;
    const wayMs = nowMs - (edgeMs + (this.#serverZeroMs ?? 0));
    this.#noteWay(wayMs, nowMs);
    this.#latestMs = wayMs - this.#leastMs;
    this.#isLate = this.#latestMs > (this.#isLate ? IN_TIME_BELOW_MS : LATE_FROM_MS);
  }

  #noteWay(wayMs: number, nowMs: number): void {
    const driftMs = ((nowMs - this.#leastAtMs) / 1000) * CLOCKS_DRIFT_MS_A_SECOND;
    if (wayMs >= this.#leastMs + driftMs) return;
    this.#leastMs = wayMs;
    this.#leastAtMs = nowMs;
  }

  /** How late the newest picture is, ms; undefined while that is nothing to speak of. */
  get lateMs(): number | undefined {
    return this.#isLate ? this.#latestMs : undefined;
  }
}
