import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Clock } from '../base/index.js';

/** How late the event loop was over one window, in seconds. */
export interface LagSnapshot {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Sampling period of the underlying timer, ms. Its histogram holds the whole time between two samples, so this is subtracted. */
const RESOLUTION_MS = 10;
/** A window of its own, so that two scrapers, or none, see the same numbers. */
const WINDOW_MS = 15_000;

/**
 * Measures how late this process's event loop runs its timers. Quantiles are of the last whole window of 15 s
 * (of the time since the start, before the first one is whole); `count` and `sum` are of the whole life.
 */
export class EventLoopLag {
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  readonly #window;
  #last: LagSnapshot | undefined;
  #countBefore = 0;
  #sumBefore = 0;

  constructor(options: { clock: Clock }) {
    this.#delay.enable();
    this.#window = options.clock.every(WINDOW_MS, () => this.#rotate());
  }

  /** The last whole window. */
  snapshot(): LagSnapshot {
    return this.#last ?? this.#current();
  }

  /** Number of samples so far. */
  get count(): number {
    return this.#countBefore + this.#delay.count;
  }

  /** Sum of all samples so far, seconds. */
  get sum(): number {
    return this.#sumBefore + this.#sumNow();
  }

  /** Stops measuring. */
  close(): void {
    this.#window.cancel();
    this.#delay.disable();
  }

  #rotate(): void {
    this.#last = this.#current();
    this.#countBefore += this.#delay.count;
    this.#sumBefore += this.#sumNow();
    this.#delay.reset();
  }

  #current(): LagSnapshot {
    if (this.#delay.count === 0) return { p50: 0, p99: 0, max: 0 };
    return {
      p50: lagSeconds(this.#delay.percentile(50)),
      p99: lagSeconds(this.#delay.percentile(99)),
      max: lagSeconds(this.#delay.max),
    };
  }

  #sumNow(): number {
    return this.#delay.count === 0 ? 0 : lagSeconds(this.#delay.mean) * this.#delay.count;
  }
}

function lagSeconds(betweenSamplesNs: number): number {
  return Math.max(0, betweenSamplesNs / 1e6 - RESOLUTION_MS) / 1000;
}
