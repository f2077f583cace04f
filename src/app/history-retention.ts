import type { Clock, Closable, Log } from '../base/index.js';
import type { Config } from '../config/index.js';
import type { Store } from '../store/index.js';
import { nowAndThen } from './now-and-then.js';

const PERIOD_MS = 600_000;
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
  return nowAndThen({
    work: async () => {
      const { tracksDays, eventsDays } = config();
      const nowMs = clock.wallMs();
      const ages = [nowMs - tracksDays * DAY_MS, nowMs - eventsDays * DAY_MS] as const;
      return (await store.table('history').write('prune', ...ages)) > 0;
    },
    failure: 'old tracks and events could not be deleted',
    periodMs: PERIOD_MS,
    pauseMs: PAUSE_MS,
    clock,
    log,
  });
}
