import { messageOf, sleep, type Clock, type Closable, type Log } from '../base/index.js';
import type { Config } from '../config/index.js';
import type { Store } from '../store/index.js';

const PERIOD_MS = 600_000;
/** Between two batches of deletions: what is to be stored comes first. */
const PAUSE_MS = 200;
const DAY_MS = 86_400_000;

/** Deletes tracks and events that are older than they are to be kept, now and then and a few at a time, until it is closed. */
export function keepHistoryShort(options: {
  readonly store: Store;
  readonly config: () => Config['data'];
  readonly clock: Clock;
  readonly log: Log;
}): Closable {
  const { store, config, clock, log } = options;
  const closing = new AbortController();
  const run = async () => {
    while (!closing.signal.aborted) {
      try {
        const { tracksDays, eventsDays } = config();
        const nowMs = clock.wallMs();
        const deleted = await store
          .table('history')
          .write('prune', nowMs - tracksDays * DAY_MS, nowMs - eventsDays * DAY_MS);
        await sleep(clock, deleted > 0 ? PAUSE_MS : PERIOD_MS, closing.signal);
      } catch (error) {
        if (!closing.signal.aborted)
          log.error({ cause: messageOf(error) }, 'old tracks and events could not be deleted');
        await sleep(clock, PERIOD_MS, closing.signal);
      }
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
