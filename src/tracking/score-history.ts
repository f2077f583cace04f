const LENGTH = 9;

/** The scores of an object's last detections. Their median bears a single wrong one, high or low. */
export class ScoreHistory {
  /** The scores as they came, the oldest at `#count % LENGTH` once it is full, and the same in order. */
  readonly #scores: number[] = [];
  readonly #sorted: number[] = [];
  #count = 0;

  add(score: number): void {
    const at = this.#count++ % LENGTH;
    const oldest = this.#scores[at];
    if (oldest !== undefined) this.#sorted.splice(this.#sorted.indexOf(oldest), 1);
    this.#scores[at] = score;
    let place = this.#sorted.length;
    while (place > 0 && this.#sorted[place - 1]! > score) place--;
    this.#sorted.splice(place, 0, score);
  }

  /** The newest; 0 without scores. */
  get last(): number {
    return this.#scores[(this.#count - 1) % LENGTH] ?? 0;
  }

  /** The upper one of the middle two where their number is even; 0 without scores. */
  get median(): number {
    return this.#sorted[this.#sorted.length >> 1] ?? 0;
  }
}
