/** An object that was not seen for longer has left where it was last seen; one that is hidden has not. */
export const GAP_MS = 5000;

/** A change of whether an object is in a zone, and since when. */
export interface VisitChange {
  readonly change: 'entered' | 'left';
  readonly atMs: number;
  /** When it had come. */
  readonly enteredMs: number;
  /** It was not seen to leave: it was not seen any more. */
  readonly isLost: boolean;
}

/**
 * Whether one object is in one zone. What is seen counts once it was so for the debounce time, and then from its beginning on; who was
 * lost within and is found within again has been there all the time.
 */
export class Visit {
  isInside = false;
  /** When it came; of the last visit while it is outside. */
  enteredMs = 0;
  /** When it left, after a visit. */
  leftMs = 0;
  #lastInMs = -Infinity;
  #changingSinceMs: number | undefined;
  /** It was inside when it was last seen. */
  #wasLost = false;

  /** For how long it has been seen to be there. */
  get seenForMs(): number {
    return this.isInside ? this.#lastInMs - this.enteredMs : 0;
  }

  /** Takes whether it was seen within. */
  see(isWithin: boolean, nowMs: number, debounceMs: number): VisitChange | undefined {
    if (isWithin) this.#lastInMs = nowMs;
    if (isWithin === this.isInside) {
      this.#changingSinceMs = undefined;
      if (!isWithin) this.#wasLost = false;
      return undefined;
    }
    this.#changingSinceMs ??= nowMs;
    if (nowMs - this.#changingSinceMs < debounceMs) return undefined;
    return isWithin ? this.#enter(this.#changingSinceMs) : this.#leave(this.#changingSinceMs, false);
  }

  /** Takes that it was not seen. */
  miss(nowMs: number): VisitChange | undefined {
    return nowMs - this.#lastInMs > GAP_MS ? this.over() : undefined;
  }

  /** Takes that it will not be seen any more. */
  over(): VisitChange | undefined {
    if (!this.isInside) return undefined;
    return this.#leave(this.#changingSinceMs ?? this.#lastInMs, this.#changingSinceMs === undefined);
  }

  /** Goes on as the visit of an object that was first taken for another. */
  become(younger: Visit): void {
    this.#lastInMs = Math.max(this.#lastInMs, younger.#lastInMs);
    if (this.isInside || !younger.isInside) return;
    if (!this.#wasLost) this.enteredMs = younger.enteredMs;
    this.isInside = true;
    this.#changingSinceMs = undefined;
  }

  #enter(atMs: number): VisitChange {
    if (!this.#wasLost) this.enteredMs = atMs;
    this.isInside = true;
    this.#wasLost = false;
    this.#changingSinceMs = undefined;
    return { change: 'entered', atMs, enteredMs: this.enteredMs, isLost: false };
  }

  #leave(atMs: number, isLost: boolean): VisitChange {
    this.isInside = false;
    this.leftMs = atMs;
    this.#wasLost = isLost;
    this.#changingSinceMs = undefined;
    return { change: 'left', atMs, enteredMs: this.enteredMs, isLost };
  }
}
