import { systemClock, type Clock } from '../../src/base/index.js';

/**
 * Real time, but so many times faster: a minute of slow retries against a real server passes in seconds,
 * with the real limits. Deadlines get shorter by the same factor, so it suits only what answers at once.
 */
export function scaledClock(factor: number): Clock {
  const startMs = systemClock.monotonicMs();
  const startWallMs = systemClock.wallMs();
  const elapsedMs = () => (systemClock.monotonicMs() - startMs) * factor;
  return {
    monotonicMs: () => startMs + elapsedMs(),
    wallMs: () => startWallMs + elapsedMs(),
    after: (delayMs, task) => systemClock.after(delayMs / factor, task),
    every: (periodMs, task) => systemClock.every(periodMs / factor, task),
  };
}
