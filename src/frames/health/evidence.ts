/** Gathers how long something has seemed so, and forgets it while it does not: a fault is told from so much on, until nothing is left. */
export class Evidence {
  readonly #onMs: number;
  readonly #lapse: number;
  #ms = 0;
  #isOn = false;

  /** @param onMs from how much on it counts; @param lapse how fast it goes while it does not seem so, by the speed at which it comes */
  constructor(onMs: number, lapse = 1) {
    this.#onMs = onMs;
    this.#lapse = lapse;
  }

  /** Whether it counts as so. */
  get isOn(): boolean {
    return this.#isOn;
  }

  /** Whether there is any. */
  get isAny(): boolean {
    return this.#ms > 0;
  }

  /** Takes how it seems now, and for how long it may have seemed so. */
  take(isSo: boolean, passedMs: number): void {
    this.#ms += isSo ? passedMs : -this.#lapse * passedMs;
    this.#ms = Math.min(this.#onMs, Math.max(0, this.#ms));
    if (this.#ms >= this.#onMs) this.#isOn = true;
    else if (this.#ms === 0) this.#isOn = false;
  }

  /** Forgets everything. */
  clear(): void {
    [this.#ms, this.#isOn] = [0, false];
  }
}
