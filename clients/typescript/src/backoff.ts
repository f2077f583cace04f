/** How long to wait before one connects again. */
export interface BackoffOptions {
  /** The longest first wait, ms; the next one is twice as long, and so on. */
  readonly firstMs: number;
  readonly maxMs: number;
}

/** Waits that double, each a random part of its limit ("full jitter"), so that many clients do not come back at once. */
export class Backoff {
  readonly #options: BackoffOptions;
  #failures = 0;

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  /** How often in a row it has failed. */
  get failures(): number {
    return this.#failures;
  }

  /** It works again. */
  reset(): void {
    this.#failures = 0;
  }

  /** @param atLeastMs what the server asked for */
  nextMs(atLeastMs = 0): number {
    const { firstMs, maxMs } = this.#options;
    const limitMs = Math.min(maxMs, firstMs * 2 ** this.#failures);
    this.#failures++;
    return atLeastMs + Math.random() * limitMs;
  }
}

/** Waits; ends early when the signal is aborted. */
export async function wait(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
