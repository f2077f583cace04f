import type { Clock } from '../base/index.js';
import { networkError, sourceTimeout } from './source-error.js';

/**
 * Runs `task` with a signal that ends it after `timeoutMs`, or when the caller's does.
 * @throws {AppError} `media/source-timeout`, or what `task` throws, as `media/source-…`
 */
export async function withDeadline<T>(
  options: {
    readonly clock: Clock;
    readonly timeoutMs: number;
    readonly where: string;
    readonly signal?: AbortSignal;
  },
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { clock, timeoutMs, where, signal } = options;
  const controller = new AbortController();
  const abort = () => controller.abort();
  let isLate = false;
  // Rejects of itself: a name look-up cannot be ended, only left.
  const ended = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () => reject(sourceTimeout(where)), { once: true });
  });
  const timer = clock.after(timeoutMs, () => {
    isLate = true;
    abort();
  });
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted === true) abort();
  try {
    return await Promise.race([task(controller.signal), ended]);
  } catch (error) {
    throw isLate ? sourceTimeout(where, error) : networkError(error, where);
  } finally {
    timer.cancel();
    signal?.removeEventListener('abort', abort);
    abort();
  }
}
