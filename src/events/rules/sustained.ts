/** Says whether something has been so for long enough, and holds on to that over short lapses. */
export class Sustained {
  readonly #onMs: number;
  readonly #offMs: number;
  #isOn = false;
  #sinceMs: number | undefined;
  #lapsedMs: number | undefined;

  /** @param onMs how long it must be so; @param offMs how long it must not be so before that counts */
  constructor(onMs: number, offMs: number) {
    this.#onMs = onMs;
    this.#offMs = offMs;
  }

  /** Takes how it is now; returns since when it has been so, once that is long enough. */
  take(isSo: boolean, nowMs: number): number | undefined {
    if (isSo) {
      this.#lapsedMs = undefined;
      this.#sinceMs ??= nowMs;
      if (nowMs - this.#sinceMs >= this.#onMs) this.#isOn = true;
    } else {
      this.#lapsedMs ??= nowMs;
      if (!this.#isOn || nowMs - this.#lapsedMs >= this.#offMs)
        [this.#isOn, this.#sinceMs] = [false, undefined];
    }
    return this.#isOn ? this.#sinceMs : undefined;
  }
}
