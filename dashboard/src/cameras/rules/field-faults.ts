/** What the server has against a configuration, by what it is about. */
export interface Faults {
  /** By key within what was asked for: `seconds`, `schedule.timeZone`, `labels[0]`. */
  readonly byKey: ReadonlyMap<string, string>;
  /** Of everything else, whole sentences. */
  readonly rest: readonly string[];
}

/** `sightline.yaml:12:5: ` or `the request:3:1: `: of no use to who does not see that file. */
const POSITION = /^[^:\n]+:\d+:\d+: /;

/**
 * Sorts the problems of a refused configuration, a line each, by the keys that they name.
 *
 * @param about a path as messages have it, such as `cameras.gate.rules[2]`; undefined: nothing is sorted
 */
export function faultsOf(detail: string, about?: string): Faults {
  const byKey = new Map<string, string>();
  const rest: string[] = [];
  for (const line of detail.split('\n')) {
    const text = line.replace(POSITION, '');
    const inside =
      about !== undefined && text.startsWith(`${about}.`) ? text.slice(about.length + 1) : undefined;
    const parts =
      inside === undefined ? undefined : /^([\w.[\]-]+?)(?: = [^\n]*?)?(?:: | is )([^]*)$/.exec(inside);
    if (parts === null || parts === undefined) {
      rest.push(text);
      continue;
    }
    const [, key, meaning] = parts as unknown as [string, string, string];
    if (!byKey.has(key)) byKey.set(key, inside!.includes(`${key} is `) ? `is ${meaning}` : meaning);
  }
  return { byKey, rest };
}
