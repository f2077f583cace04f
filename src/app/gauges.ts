import type { Clock, Closable } from '../base/index.js';
import type { Metrics } from '../metrics/index.js';
import type { Store } from '../store/index.js';
import type { ProcessorLoad } from './processor-load.js';

/** How often sizes are read for the metrics, and how busy the processors are. */
const PERIOD_MS = 5000;

/** Reads what changes by itself, until it is closed. */
export function keepGauges(options: {
  readonly store: Pick<Store, 'journal'>;
  readonly metrics: Metrics;
  readonly load: ProcessorLoad;
  readonly clock: Clock;
}): Closable {
  const { store, metrics, load, clock } = options;
  load.measure();
  const timer = clock.every(PERIOD_MS, () => {
    metrics.storeBytes.set(store.journal.bytes);
    load.measure();
  });
  return { close: () => Promise.resolve(timer.cancel()) };
}
