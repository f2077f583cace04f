import type { Clock } from '../base/index.js';
import type { ClipFile } from './clip.js';

const COUNT_MAX = 8;
const KEPT_MS = 60_000;

interface Kept {
  readonly askedMs: number;
  readonly clip: Promise<ClipFile>;
}

/** Clips that were asked for lately: a player asks for one in pieces, and must get pieces of the same file. */
export class RecentClips {
  readonly #clock: Clock;
  readonly #kept = new Map<string, Kept>();

  constructor(options: { readonly clock: Clock }) {
    this.#clock = options.clock;
  }

  /** The clip of a name, made now unless it was lately. Failures are not kept. */
  get(name: string, make: () => Promise<ClipFile>): Promise<ClipFile> {
    const nowMs = this.#clock.monotonicMs();
    for (const [other, { askedMs }] of this.#kept) if (nowMs - askedMs >= KEPT_MS) this.#forget(other);
    const known = this.#kept.get(name);
    if (known !== undefined) return known.clip;
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= COUNT_MAX && oldest !== undefined) this.#forget(oldest);
    const made: Kept = { askedMs: nowMs, clip: make() };
    this.#kept.set(name, made);
    made.clip.catch(() => {
      if (this.#kept.get(name) === made) this.#kept.delete(name);
    });
    return made.clip;
  }

  clear(): void {
    for (const name of this.#kept.keys()) this.#forget(name);
  }

  #forget(name: string): void {
    const kept = this.#kept.get(name);
    this.#kept.delete(name);
    // Who still reads it has its file open.
    kept?.clip.then(
      (clip) => clip.close(),
      () => undefined,
    );
  }
}
