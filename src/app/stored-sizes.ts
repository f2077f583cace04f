import type { Clock } from '../base/index.js';
import type { Store } from '../store/index.js';

/** Whole tables are read for them. */
const KEPT_MS = 10_000;

/** How much is stored. */
export interface Sizes {
  readonly pictureBytes: number;
  readonly recordingBytes: number;
  readonly segments: number;
}

/** How much is stored, counted at most every ten seconds however many ask. */
export class StoredSizes {
  readonly #store: Pick<Store, 'table'>;
  readonly #clock: Clock;
  #counted: { readonly atMs: number; readonly sizes: Promise<Sizes> } | undefined;

  constructor({ store, clock }: { readonly store: Pick<Store, 'table'>; readonly clock: Clock }) {
    this.#store = store;
    this.#clock = clock;
  }

  /** @throws {AppError} `store/read-failed` and the like; what failed is counted again the next time */
  read(): Promise<Sizes> {
    const nowMs = this.#clock.monotonicMs();
    if (this.#counted !== undefined && nowMs - this.#counted.atMs < KEPT_MS) return this.#counted.sizes;
    const counted = { atMs: nowMs, sizes: this.#count() };
    this.#counted = counted;
    counted.sizes.catch(() => {
      if (this.#counted === counted) this.#counted = undefined;
    });
    return counted.sizes;
  }

  async #count(): Promise<Sizes> {
    const [pictures, segments] = await Promise.all([
      this.#store.table('pictures').read('bytesByCamera'),
      this.#store.table('segments').read('totals'),
    ]);
    return {
      pictureBytes: sum(pictures.map(({ bytes }) => bytes)),
      recordingBytes: sum(segments.map(({ bytes }) => bytes)),
      segments: sum(segments.map((total) => total.segments)),
    };
  }
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
