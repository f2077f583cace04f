const VIEWS_MAX = 6;
/** A view as like as this to one that is kept adds nothing. */
const SAME_VIEW = 0.95;

/** How one object looked: a few embeddings (unit vectors), the best-scored of those that differ. */
export class Gallery {
  #views: { readonly embedding: Float32Array; readonly score: number }[] = [];
  /** Whether a view came since {@link sameObjects} last looked. */
  isNews = false;

  get size(): number {
    return this.#views.length;
  }

  /** Keeps a view, in place of one that it resembles or of the worst. One that is of no numbers is like nothing, and would hide all others. */
  add(embedding: Float32Array, score: number): void {
    if (!embedding.every(Number.isFinite)) return;
    this.isNews = true;
    const twin = this.#views.findIndex((view) => cosine(view.embedding, embedding) > SAME_VIEW);
    if (twin >= 0) {
      if (score >= this.#views[twin]!.score) this.#views[twin] = { embedding, score };
      return;
    }
    this.#views.push({ embedding, score });
    this.#views.sort((a, b) => b.score - a.score);
    this.#views.length = Math.min(VIEWS_MAX, this.#views.length);
  }

  /** Takes another gallery's views in. */
  take(other: Gallery): void {
    for (const { embedding, score } of other.#views) this.add(embedding, score);
  }

  /** Cosine with the view that is most alike; undefined without views. */
  likeness(embedding: Float32Array): number | undefined {
    if (this.#views.length === 0) return undefined;
    return Math.max(...this.#views.map((view) => cosine(view.embedding, embedding)));
  }

  /** Cosine of the two most alike views; undefined where one has none. */
  likenessTo(other: Gallery): number | undefined {
    const all = other.#views.flatMap(({ embedding }) => this.likeness(embedding) ?? []);
    return all.length === 0 ? undefined : Math.max(...all);
  }
}

/** Of unit vectors. Vectors of different models have different lengths and nothing in common. */
function cosine(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return 0;
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return Number.isFinite(sum) ? sum : 0;
}
