import { FairShare, type Contender } from './fair-share.js';

/** Something whose frames want workers. */
export interface FrameSource extends Contender {
  /** Takes the waiting frame through the workers; resolves when it is done, never rejects. */
  analyseNext(): Promise<void>;
}

/** Hands free workers to waiting frames, fairly between their sources, and leaves none idle while a frame waits. */
export class Dispatcher {
  readonly #pool: { readonly idle: number };
  readonly #shares = new FairShare<FrameSource>();

  constructor(pool: { readonly idle: number }) {
    this.#pool = pool;
  }

  add(source: FrameSource): void {
    this.#shares.add(source);
  }

  delete(source: FrameSource): void {
    this.#shares.delete(source);
  }

  /** Call it whenever a frame has come to wait; a worker that becomes free is seen to by itself. */
  dispatch(): void {
    while (this.#pool.idle > 0) {
      const source = this.#shares.next();
      if (source === undefined) return;
      void source.analyseNext().then(() => this.dispatch());
    }
  }
}
