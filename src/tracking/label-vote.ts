const FADING = 0.95;
const CHANGE_FACTOR = 1.5;
/** The weight that fading votes of score 1 tend to. */
const VOTES_MAX = 1 / (1 - FADING);

/** An object's label by the votes of its detections, each with its score's weight; old votes fade. */
export class LabelVote {
  readonly #weights = new Map<string, number>();
  #label: string;

  constructor(label: string, score: number) {
    this.#label = label;
    this.#weights.set(label, score);
  }

  /** The label with most votes. Another must have clearly more to take its place. */
  get label(): string {
    return this.#label;
  }

  vote(label: string, score: number): void {
    // Most objects are called the same in every frame: nothing to count then.
    if (label === this.#label && this.#weights.size === 1) {
      this.#weights.set(label, Math.min(VOTES_MAX, this.#weights.get(label)! + score));
      return;
    }
    for (const [name, weight] of this.#weights) this.#weights.set(name, weight * FADING);
    const weight = (this.#weights.get(label) ?? 0) + score;
    this.#weights.set(label, weight);
    if (label !== this.#label && weight > CHANGE_FACTOR * (this.#weights.get(this.#label) ?? 0))
      this.#label = label;
  }
}
