/** Who never says that it is over is not believed any longer. */
const LONGEST_MS = 3600_000;
const COUNT_MAX = 1000;

/** What asks for recording now: events under their names, and times until which it was asked for. Monotonic milliseconds. */
export class Holds {
  readonly #begunMs = new Map<string, number>();
  #untilMs = -Infinity;

  /** @returns false when it was known to go on */
  begin(name: string, nowMs: number): boolean {
    const isNew = !this.#begunMs.delete(name);
    this.#begunMs.set(name, nowMs);
    const [oldest] = this.#begunMs.keys();
    if (this.#begunMs.size > COUNT_MAX && oldest !== undefined) this.#begunMs.delete(oldest);
    return isNew;
  }

  /** It is over, and recording goes on until then. */
  end(name: string, untilMs: number): void {
    if (this.#begunMs.delete(name)) this.until(untilMs);
  }

  until(untilMs: number): void {
    this.#untilMs = Math.max(this.#untilMs, untilMs);
  }

  isHeld(nowMs: number): boolean {
    for (const [name, begunMs] of this.#begunMs) {
      if (nowMs - begunMs <= LONGEST_MS) return true;
      this.#begunMs.delete(name);
    }
    return nowMs < this.#untilMs;
  }
}
