/** A promise that a test keeps until it says so: what waits for it is under way so long. */
export class Held {
  readonly promise: Promise<void>;
  #release!: () => void;

  constructor() {
    this.promise = new Promise((resolve) => (this.#release = resolve));
  }

  release(): void {
    this.#release();
  }
}
