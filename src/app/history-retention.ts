import type { Accounts } from '../access/index.js';
import { ClockDoubt, type Clock, type Closable, type Log } from '../base/index.js';
import type { Config } from '../config/index.js';
import type { KeptSince, KeptSinceByCamera, Store } from '../store/index.js';
import { nowAndThen } from './now-and-then.js';

const PERIOD_MS = 600_000;
const PAUSE_MS = 200;
const DAY_MS = 86_400_000;

interface Keeping {
  /** As in force when it is asked. */
  readonly config: () => Pick<Config, 'data' | 'cameras'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Deletes tracks and events that are older than they are to be kept, now and then and a few at a time, until it is closed. */
export function keepHistoryShort({ store, ...keeping }: Keeping & { readonly store: Store }): Closable {
  return keepShort(keeping, 'old tracks and events could not be deleted', (nowMs, config) =>
    store.table('history').write('prune', keptSince(config, nowMs)),
  );
}

/** Since when history of each camera is kept; that of cameras that are configured no more as that of those that say nothing of their own. */
function keptSince({ data, cameras }: Pick<Config, 'data' | 'cameras'>, nowMs: number): KeptSinceByCamera {
  const since = ({ track, info, warning, alert }: Config['data']['historyAgesMs']): KeptSince => ({
    track: nowMs - track,
    info: nowMs - info,
    warning: nowMs - warning,
    alert: nowMs - alert,
  });
  const own = cameras.flatMap(({ id, historyAgesMs: ages }) =>
    ages === undefined ? [] : [[id, since({ ...data.historyAgesMs, ...ages })] as const],
  );
  return { usual: since(data.historyAgesMs), cameras: Object.fromEntries(own) };
}

/** Deletes entries of the audit log that are older than they are to be kept, likewise. */
export function keepAuditShort({
  accounts,
  ...keeping
}: Keeping & { readonly accounts: Pick<Accounts, 'audit'> }): Closable {
  return keepShort(keeping, 'old entries of the audit log could not be deleted', (nowMs, { data }) =>
    accounts.audit.prune(nowMs - data.auditDays * DAY_MS),
  );
}

/** @param prune deletes a few; gives how many */
function keepShort(
  { config, clock, log }: Keeping,
  failure: string,
  prune: (nowMs: number, config: Pick<Config, 'data' | 'cameras'>) => Promise<number>,
): Closable {
  const doubt = new ClockDoubt({ clock, log });
  const work = async () => !doubt.isDoubtful() && (await prune(clock.wallMs(), config())) > 0;
  return nowAndThen({ work, failure, periodMs: PERIOD_MS, pauseMs: PAUSE_MS, clock, log });
}
