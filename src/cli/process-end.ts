import { messageOf, type Log } from '../base/index.js';
import { ExitStatus } from './exit-status.js';

/** A clean end may take so long before the process ends without it. */
const CLOSE_LIMIT_MS = 5000;
/** After a clean end the process is idle; what keeps it alive longer than this is a leak, and is cut off. */
const LINGER_LIMIT_MS = 1000;

const SIGNAL_NUMBERS = { SIGINT: 2, SIGTERM: 15 } as const;

/**
 * Waits for SIGINT or SIGTERM, then closes. A second signal, or 5 s, ends the process at once.
 * Resolves when closed; rejects with what `close` rejects with.
 */
export async function closeOnSignal(close: () => Promise<void>, log: Log): Promise<void> {
  const signal = await new Promise<NodeJS.Signals>((resolve) => {
    let isFirst = true;
    const onSignal = (name: keyof typeof SIGNAL_NUMBERS) => {
      if (!isFirst) process.exit(128 + SIGNAL_NUMBERS[name]);
      isFirst = false;
      resolve(name);
    };
    process.on('SIGINT', () => onSignal('SIGINT'));
    process.on('SIGTERM', () => onSignal('SIGTERM'));
  });
  log.info({ signal }, 'closing; the same signal again ends at once');
  const limit = setTimeout(() => {
    log.error({ limitMs: CLOSE_LIMIT_MS }, 'closing takes too long: ending without it');
    process.exit(ExitStatus.failed);
  }, CLOSE_LIMIT_MS);
  await close();
  clearTimeout(limit);
  log.info({}, 'closed');
  setTimeout(() => {
    log.warn({ limitMs: LINGER_LIMIT_MS }, 'something outlived the close: ending without it');
    process.exit(ExitStatus.done);
  }, LINGER_LIMIT_MS).unref();
}

/**
 * Ends the process with status 70 when an error or rejection was caught by nobody: its state is unknown then,
 * and whoever supervises the process starts a clean one. Children end with their parent.
 */
export function exitOnDefect(log: Log): void {
  process.on('uncaughtException', (error) => {
    log.error({ stack: error instanceof Error ? error.stack : messageOf(error) }, 'a defect: ending');
    process.exit(ExitStatus.defect);
  });
}
