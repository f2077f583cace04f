import { readdirSync, readFileSync } from 'node:fs';

/** Whether this machine has /proc: elsewhere tests of processes are skipped by name. */
export const hasProcessTable = process.platform === 'linux';

export interface ProcessEntry {
  readonly pid: number;
  readonly parentPid: number;
  /** The executable's name, cut by the kernel to 15 characters. */
  readonly name: string;
  /** One letter: `R`unning, `S`leeping, `T` stopped, `Z`ombie… */
  readonly state: string;
}

/** What /proc knows of a process; undefined once it is gone (a zombie is not gone: see {@link isAlive}). */
export function processEntry(pid: number): ProcessEntry | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The name stands in brackets and may itself hold brackets and blanks.
  const nameEnd = stat.lastIndexOf(')');
  const [state, parent] = stat.slice(nameEnd + 2).split(' ');
  if (state === undefined || parent === undefined) return undefined;
  return { pid, parentPid: Number(parent), name: stat.slice(stat.indexOf('(') + 1, nameEnd), state };
}

/** True for a process that can still do something: `kill -0` is no test, as it succeeds on zombies too. */
export function isAlive(pid: number): boolean {
  const state = processEntry(pid)?.state;
  return state !== undefined && state !== 'Z' && state !== 'X';
}

/** Direct children of `pid`, zombies included. */
export function childrenOf(pid: number): ProcessEntry[] {
  return allProcesses().filter((entry) => entry.parentPid === pid);
}

/** Children, their children and so on, zombies included. */
export function descendantsOf(pid: number): ProcessEntry[] {
  const all = allProcesses();
  const found: ProcessEntry[] = [];
  const parents = [pid];
  for (let parent = parents.pop(); parent !== undefined; parent = parents.pop()) {
    for (const entry of all) {
      if (entry.parentPid !== parent) continue;
      found.push(entry);
      parents.push(entry.pid);
    }
  }
  return found;
}

function allProcesses(): ProcessEntry[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => processEntry(Number(name)))
    .filter((entry) => entry !== undefined);
}
