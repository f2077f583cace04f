import { keptFor } from './history-schema.js';
import type { KeyPath } from './problem.js';
import type { ConfigFile } from './schema.js';

const AGES = ['tracksDays', 'infoDays', 'warningDays', 'alertDays'] as const;

/** Complains of ages of pictures that have no effect, since pictures go with what they show. */
export function checkAges(
  { data, cameras }: Pick<ConfigFile, 'data' | 'cameras'>,
  complain: (path: KeyPath, text: string) => void,
): void {
  for (const key of AGES) {
    check(['data', 'snapshots', key], data.snapshots[key], keptFor(key, data));
    for (const [id, { snapshots, history }] of Object.entries(cameras))
      check(['cameras', id, 'snapshots', key], snapshots?.[key], keptFor(key, data, { id, history }));
  }

  function check(path: KeyPath, days: number | undefined, [where, most]: readonly [string, number]): void {
    if (days !== undefined && days > most)
      complain(path, `pictures go with what they show, after ${where} = ${most}: raise that, or take less here`); // prettier-ignore
  }
}
