import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** One system call of the log, decoded. `startedAt` and `endedAt` are lines of the log. */
interface Call {
  readonly name: string;
  readonly args: string;
  readonly result: number;
  readonly startedAt: number;
  readonly endedAt: number;
}

const TURNS = new Set(['fsync', 'fdatasync', 'rename', 'renameat2', 'unlink', 'unlinkat']);

type Change =
  | { readonly at: number; readonly offset: number; readonly data: Buffer }
  | { readonly at: number; readonly size: number };

/** A file or folder as the disk has it, and what it was told and has not been made to keep. */
class Inode {
  durable = Buffer.alloc(0);
  /** Of a folder. */
  readonly durableNames = new Map<string, Inode>();
  names = new Map<string, Inode>();
  changes: Change[] = [];
  renames: { readonly at: number; readonly names: Map<string, Inode> }[] = [];

  constructor(readonly isFolder: boolean) {}
}

/** Arguments of strace with which {@link TracedDisk} can read its log. */
export const STRACE_ARGS = [
  ...['-f', '-qq', '-y', '-xx', '-s', '100000000'],
  ...['-e', 'trace=openat,write,pwrite64,writev,pwritev,fsync,fdatasync,rename,renameat2,unlink,unlinkat,ftruncate,mkdir,mkdirat'], // prettier-ignore
];

/**
 * A disk made again from a log of strace, call by call: it keeps what was synced, by file and by folder, and of the rest as much as it is asked
 * to. Folders above the root, and other files, do not exist.
 */
export class TracedDisk {
  readonly #root: string;
  readonly #top = new Inode(true);
  readonly #calls: readonly Call[];
  readonly #positions = new Map<string, number>();
  #next = 0;

  constructor(log: string, root: string) {
    this.#root = root;
    this.#calls = callsOf(log);
  }

  /**
   * Goes on to the moment before something is synced, renamed or deleted: until then ever more is told, and the disk keeps no more. False at
   * the end.
   * @param onTold hears what was written to stdout
   */
  step(onTold: (text: string) => void): boolean {
    const first = this.#calls[this.#next];
    if (first === undefined) return false;
    for (let call: Call | undefined = first; call !== undefined; call = this.#calls[++this.#next]) {
      if (call !== first && TURNS.has(call.name)) break;
      this.#apply(call, onTold);
    }
    return true;
  }

  /** Writes the disk, as it is after the power has gone, to a folder. @param survives whether something not synced is there all the same */
  writeTo(folder: string, survives: () => boolean): void {
    const write = (inode: Inode, place: string): void => {
      if (!inode.isFolder) return writeFileSync(place, contentOf(inode, survives));
      mkdirSync(place, { recursive: true });
      let names = inode.durableNames;
      // Names go to the disk in their order.
      for (const rename of inode.renames) {
        if (!survives()) break;
        names = rename.names;
      }
      for (const [name, child] of names) write(child, path.join(place, name));
    };
    write(this.#top, folder);
  }

  #apply({ name, args, result, startedAt, endedAt }: Call, onTold: (text: string) => void): void {
    if (result < 0) return;
    const texts = [...args.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map(([, hex]) => unhex(hex!));
    const file = /^(\d+)<([^>]*)>/.exec(args);
    const fd = file?.[1] ?? '';
    const place = file === null ? '' : placeOf(file[2]!);
    const at = { at: endedAt };
    switch (name) {
      case 'openat':
        this.#positions.set(String(result), 0);
        if (args.includes('O_CREAT')) this.#add(texts[0]!.toString(), false, endedAt);
        if (args.includes('O_TRUNC')) this.#find(texts[0]!.toString())?.changes.push({ ...at, size: 0 });
        return;
      case 'mkdir':
      case 'mkdirat':
        return this.#add(texts[0]!.toString(), true, endedAt);
      case 'write':
      case 'writev':
      case 'pwrite64':
      case 'pwritev': {
        const data = Buffer.concat(texts).subarray(0, result);
        if (name === 'write' && fd === '1') return onTold(data.toString());
        const isPlaced = name.startsWith('p');
        const offset = isPlaced ? Number(/, (\d+)$/.exec(args)![1]) : (this.#positions.get(fd) ?? 0);
        if (!isPlaced) this.#positions.set(fd, offset + result);
        this.#find(place)?.changes.push({ ...at, offset, data });
        return;
      }
      case 'ftruncate':
        this.#find(place)?.changes.push({ ...at, size: Number(/, (\d+)$/.exec(args)![1]) });
        return;
      case 'fsync':
      case 'fdatasync':
        return this.#sync(this.#find(place), startedAt);
      case 'rename':
      case 'renameat2':
        return this.#rename(texts[0]!.toString(), texts[1]!.toString(), endedAt);
      default:
        return this.#rename(texts[0]!.toString(), undefined, endedAt);
    }
  }

  #sync(inode: Inode | undefined, startedAt: number): void {
    if (inode === undefined) return;
    inode.durable = contentOf(
      { ...inode, changes: inode.changes.filter(({ at }) => at < startedAt) },
      () => true,
    );
    inode.changes = inode.changes.filter(({ at }) => at >= startedAt);
    const names = inode.renames.filter(({ at }) => at < startedAt).at(-1)?.names;
    if (names === undefined) return;
    inode.durableNames.clear();
    for (const [name, child] of names) inode.durableNames.set(name, child);
    inode.renames = inode.renames.filter(({ at }) => at >= startedAt);
  }

  #find(place: string): Inode | undefined {
    if (place === this.#root) return this.#top;
    if (!place.startsWith(`${this.#root}/`)) return undefined;
    let inode: Inode | undefined = this.#top;
    for (const name of place.slice(this.#root.length + 1).split('/')) inode = inode?.names.get(name);
    return inode;
  }

  #change(place: string, at: number, change: (names: Map<string, Inode>, name: string) => void): void {
    const folder = this.#find(path.dirname(place));
    if (folder === undefined) return;
    folder.names = new Map(folder.names);
    change(folder.names, path.basename(place));
    folder.renames.push({ at, names: folder.names });
  }

  #add(place: string, isFolder: boolean, at: number): void {
    if (this.#find(place) === undefined)
      this.#change(place, at, (names, name) => names.set(name, new Inode(isFolder)));
  }

  /** Within one folder, as all of ours are; or to nowhere: it is deleted. */
  #rename(from: string, to: string | undefined, at: number): void {
    const inode = this.#find(from);
    if (inode === undefined) return;
    this.#change(from, at, (names, name) => {
      names.delete(name);
      if (to !== undefined) names.set(path.basename(to), inode);
    });
  }
}

function contentOf(
  { durable, changes }: Pick<Inode, 'durable' | 'changes'>,
  survives: () => boolean,
): Buffer<ArrayBuffer> {
  // prettier-ignore
  let content = Buffer.from(durable);
  for (const change of changes) {
    if (!survives()) continue;
    const size = 'size' in change ? change.size : Math.max(content.length, change.offset + change.data.length); // prettier-ignore
    if (size !== content.length) {
      const resized = Buffer.alloc(size);
      content.copy(resized);
      content = resized;
    }
    if ('data' in change) change.data.copy(content, change.offset);
  }
  return content;
}

/** Calls in the order in which they ended; those of several threads stand in two parts. */
function callsOf(log: string): Call[] {
  const begun = new Map<string, { readonly text: string; readonly startedAt: number }>();
  const calls: Call[] = [];
  log.split('\n').forEach((line, endedAt) => {
    const [, pid = '', text = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
    const unfinished = / <unfinished \.\.\.>$/.exec(text);
    if (unfinished !== null) {
      begun.set(pid, { text: text.slice(0, unfinished.index), startedAt: endedAt });
      return;
    }
    const resumed = /^<\.\.\. \w+ resumed>/.exec(text);
    const first = resumed === null ? undefined : begun.get(pid);
    const whole = first === undefined ? text : first.text + text.slice(resumed![0].length);
    const [, name, args, result] = /^(\w+)\((.*)\) += (-?\d+)/.exec(whole) ?? [];
    if (name === undefined) return;
    calls.push({ name, args: args!, result: Number(result), startedAt: first?.startedAt ?? endedAt, endedAt }); // prettier-ignore
  });
  return calls;
}

const unhex = (text: string) => Buffer.from(text.replaceAll('\\x', ''), 'hex');
/** Places of open files stand as they are, or as all texts do. */
const placeOf = (text: string) => (text.startsWith('\\x') ? unhex(text).toString() : text);
