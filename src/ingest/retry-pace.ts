import { Backoff } from '../base/index.js';
import type { ConnectionLimits } from './connection-limits.js';
import type { RetryPace } from './ending.js';

/** Chooses the delay before the next try: each kind of failure has a pace of its own, and slows down by itself. */
export class RetryDelays {
  readonly #backoffs: Readonly<Record<Exclude<RetryPace, 'at-once'>, Backoff>>;

  constructor(limits: ConnectionLimits, random?: () => number) {
    const backoff = ([firstMs, lastMs]: readonly [number, number]) =>
      new Backoff({ firstMs, lastMs, ...(random && { random }) });
    this.#backoffs = {
      reconnect: backoff(limits.reconnectMs),
      unauthorized: backoff(limits.unauthorizedMs),
      refused: backoff(limits.refusedMs),
      'ffmpeg-missing': backoff(limits.ffmpegMissingMs),
    };
  }

  /** Milliseconds to wait; a failure of another kind begins its own series anew. */
  nextMs(pace: RetryPace): number {
    for (const [name, backoff] of Object.entries(this.#backoffs)) if (name !== pace) backoff.reset();
    return pace === 'at-once' ? 0 : this.#backoffs[pace].nextMs();
  }

  /** After a success. */
  reset(): void {
    for (const backoff of Object.values(this.#backoffs)) backoff.reset();
  }
}
