import { messageOf, sleep, type Clock, type Closable, type Log } from '../base/index.js';

/**
 * Does something again and again until it is closed, which waits for what is under way. A failure is told in the log, and tried again after
 * the period.
 *
 * @param options.work a little at a time, so that what is to be stored comes first; true where there is more to do
 * @param options.failure what a failure is called in the log
 */
export function nowAndThen(options: {
  readonly work: () => Promise<boolean>;
  readonly periodMs: number;
  /** Between two pieces of work. */
  readonly pauseMs: number;
  readonly failure: string;
  readonly clock: Clock;
  readonly log: Log;
}): Closable {
  const { work, periodMs, pauseMs, failure, clock, log } = options;
  const closing = new AbortController();
  const run = async () => {
    while (!closing.signal.aborted) {
      const hasMore = await work().catch((error: unknown) => {
        log.error({ cause: messageOf(error) }, failure);
        return false;
      });
      await sleep(clock, hasMore ? pauseMs : periodMs, closing.signal);
    }
  };
  const running = run();
  return {
    close: async () => {
      closing.abort();
      await running;
    },
  };
}
