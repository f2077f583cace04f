/** A running timer; `cancel` is idempotent. */
export interface Timer {
  cancel(): void;
}

/**
 * The source of time, handed in wherever time matters, so that tests decide when it passes. Durations,
 * deadlines and watchdogs use `monotonicMs`; only what people read uses `wallMs`.
 */
export interface Clock {
  /** Milliseconds on a clock that never steps; its zero is arbitrary but the same in every process of a machine. */
  monotonicMs(): number;
  /** Milliseconds since 1970-01-01 UTC. */
  wallMs(): number;
  /** Calls `task` once after `delayMs`. Does not keep the process alive by itself. */
  after(delayMs: number, task: () => void): Timer;
  /** Calls `task` every `periodMs`. Does not keep the process alive by itself. */
  every(periodMs: number, task: () => void): Timer;
}

/** The machine's clocks. */
export const systemClock: Clock = {
  monotonicMs: () => Number(process.hrtime.bigint() / 1000n) / 1000,
  wallMs: () => Date.now(),
  after(delayMs, task) {
    const handle = setTimeout(task, delayMs);
    handle.unref();
    return { cancel: () => clearTimeout(handle) };
  },
  every(periodMs, task) {
    const handle = setInterval(task, periodMs);
    handle.unref();
    return { cancel: () => clearInterval(handle) };
  },
};

/** Resolves after `delayMs`, or at once when `signal` aborts (it never rejects). */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const done = () => {
      timer.cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = clock.after(delayMs, done);
    signal?.addEventListener('abort', done, { once: true });
  });
}
