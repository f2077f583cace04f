import type { Clock, Log } from '../base/index.js';
import type { Metrics } from '../metrics/index.js';
import type { Store } from '../store/index.js';
import { Webhooks } from '../webhooks/index.js';

/** Webhooks that tell what is in a store's journal; none until some are applied. */
export function webhooksOf(parts: {
  readonly store: Store;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly log: Log;
}): Webhooks {
  const { store, ...tools } = parts;
  return new Webhooks({ journal: store.journal, table: store.table('webhooks'), ...tools });
}
