const LENGTH = 9;

/** The scores of an object's last detections. Their median bears a single wrong one, high or low. */
export class ScoreHistory {
  readonly #scores: number[] = [];
  #median: number | undefined;

  add(score: number): void {
    this.#scores.push(score);
    if (this.#scores.length > LENGTH) this.#scores.shift();
    this.#median = undefined;
  }

  get median(): number {
    if (this.#median === undefined) {
      const sorted = [...this.#scores].sort((a, b) => a - b);
      this.#median = sorted[sorted.length >> 1] ?? 0;
    }
    return this.#median;
  }
}
