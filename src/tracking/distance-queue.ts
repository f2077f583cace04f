/** A binary heap of items by distance: gives the nearest first. */
export class DistanceQueue {
  readonly #items: number[] = [];
  readonly #distances: number[] = [];

  /** Distance of the nearest; infinite when empty. */
  get nearest(): number {
    return this.#distances[0] ?? Infinity;
  }

  add(item: number, distance: number): void {
    let at = this.#items.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#distances[parent]! <= distance) break;
      this.#put(at, this.#items[parent]!, this.#distances[parent]!);
      at = parent;
    }
    this.#put(at, item, distance);
  }

  /** Takes the nearest out; -1 when empty. */
  take(): number {
    const first = this.#items[0] ?? -1;
    const item = this.#items.pop();
    const distance = this.#distances.pop();
    if (item === undefined || distance === undefined || this.#items.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.#items.length) break;
      if (child + 1 < this.#items.length && this.#distances[child + 1]! < this.#distances[child]!) child++;
      if (this.#distances[child]! >= distance) break;
      this.#put(at, this.#items[child]!, this.#distances[child]!);
      at = child;
    }
    this.#put(at, item, distance);
    return first;
  }

  #put(at: number, item: number, distance: number): void {
    this.#items[at] = item;
    this.#distances[at] = distance;
  }
}
