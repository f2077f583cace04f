import fs from 'node:fs';

/** A process and all below it, as Linux lists them: number, name, parent, and processor time in hundredths of a second. */
export function descendants(top) {
  const all = fs.readdirSync('/proc').flatMap((pid) => {
    try {
      const stat = /^\d+$/.test(pid) ? fs.readFileSync(`/proc/${pid}/stat`, 'utf8') : '';
      const match = /^(\d+) \((.*)\) \S (\d+) (?:\S+ ){9}(\d+) (\d+)/.exec(stat);
      if (match === null) return [];
      const [, id, name, parent, user, system] = match;
      return [{ pid: Number(id), name, parent: Number(parent), ticks: Number(user) + Number(system) }];
    } catch {
      return []; // gone meanwhile
    }
  });
  const found = all.filter(({ pid }) => pid === top);
  for (const { pid } of found) found.push(...all.filter(({ parent }) => parent === pid));
  return found;
}

/** Processor time that they have used. */
export function cpuSeconds(top) {
  return descendants(top).reduce((sum, { ticks }) => sum + ticks / 100, 0);
}
