import type { Fragment } from '../ingest/index.js';

const BYTES_MAX = 32 * 1024 * 1024;

/** The last seconds of a stream, in memory, whole groups of pictures: bounded in time and bytes. */
export class PreRoll {
  readonly #spanMs: number;
  readonly #bytesMax: number;
  #groups: Fragment[][] = [];
  #bytes = 0;

  /** @param options.spanMs so much time is covered, if there is; up to a group of pictures more is kept */
  constructor(options: { readonly spanMs: number; readonly bytesMax?: number }) {
    this.#spanMs = options.spanMs;
    this.#bytesMax = options.bytesMax ?? BYTES_MAX;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Keeps a fragment. False when it is of no use, because its keyframe is not here. */
  push(fragment: Fragment): boolean {
    if (fragment.isKeyframe) this.#groups.push([]);
    const group = this.#groups.at(-1);
    if (group === undefined) return false;
    group.push(fragment);
    this.#bytes += fragment.bytes.length;
    const neededFromMs = fragment.arrivedMs - this.#spanMs;
    while (this.#groups.length > 1 && this.#groups[1]![0]!.arrivedMs <= neededFromMs) this.#dropOldest();
    while (this.#bytes > this.#bytesMax) this.#dropOldest();
    return this.#groups.length > 0;
  }

  /** Hands out everything, from its first keyframe on, and is empty then. */
  take(): Fragment[] {
    const all = this.#groups.flat();
    this.clear();
    return all;
  }

  clear(): void {
    this.#groups = [];
    this.#bytes = 0;
  }

  #dropOldest(): void {
    for (const { bytes } of this.#groups.shift() ?? []) this.#bytes -= bytes.length;
  }
}
