import { messageOf } from '../../src/base/index.js';

const POLL_MS = 20;

/**
 * Polls `condition` until it gives something truthy, and returns that. A condition that throws is taken as
 * not yet met.
 *
 * @param options.what names the awaited thing in the failure, for example `the camera to be live`; a function is
 *   called only then, and can tell what came instead
 * @throws {Error} after `timeoutMs` (real time), with the last value or error seen
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  options: { readonly timeoutMs: number; readonly what: string | (() => string) },
): Promise<NonNullable<T>> {
  const startedMs = performance.now();
  for (;;) {
    let seen: string;
    try {
      const value = await condition();
      if (value) return value;
      seen = `last value ${String(value)}`;
    } catch (error) {
      seen = `last error "${messageOf(error)}"`;
    }
    const waitedMs = performance.now() - startedMs;
    if (waitedMs >= options.timeoutMs) {
      const what = typeof options.what === 'string' ? options.what : options.what();
      throw new Error(`waited ${Math.round(waitedMs)} ms in vain for ${what} (${seen})`);
    }
    await delay(POLL_MS);
  }
}

/** Real time passing, for the tests that watch what does *not* happen within it. */
export function delay(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}
