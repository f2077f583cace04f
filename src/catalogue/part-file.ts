import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';

/** Where the bytes of a part came from, so that the rest can be asked for there and a changed file is noticed. */
export interface PartOrigin {
  readonly url: string;
  /** A strong ETag, or else a Last-Modified time; for `If-Range`. */
  readonly validator: string | undefined;
}

/**
 * A download that is not complete, `FILE.part` between runs. Whoever works on it first renames it to a name of its
 * own, which two processes cannot both succeed in: so each writes to a file that is its alone, without a lock that a
 * killed process would leave behind. The part of a process of this host that has died is taken over.
 */
export class PartFile {
  readonly path: string;
  readonly #shared: string;

  private constructor(shared: string, own: string) {
    this.#shared = shared;
    this.path = own;
  }

  /** Takes the part that is there, or an empty one. Creates the folder. */
  static async claim(target: string): Promise<PartFile> {
    const folder = path.dirname(target);
    await mkdir(folder, { recursive: true });
    const shared = `${target}.part`;
    const part = new PartFile(shared, `${shared}-${ownerPrefix()}${process.pid}-${randomUUID().slice(0, 8)}`);
    for (const name of [shared, ...(await abandonedParts(shared))]) {
      if (await moved(name, part.path)) {
        await moved(originPath(name), originPath(part.path));
        break;
      }
    }
    return part;
  }

  /** Bytes that are there already. */
  async sizeBytes(): Promise<number> {
    return (await stat(this.path).catch(() => undefined))?.size ?? 0;
  }

  async origin(): Promise<PartOrigin | undefined> {
    try {
      const { url, validator } = JSON.parse(
        await readFile(originPath(this.path), 'utf8'),
      ) as Partial<PartOrigin>;
      return typeof url === 'string'
        ? { url, validator: typeof validator === 'string' ? validator : undefined }
        : undefined;
    } catch {
      return undefined;
    }
  }

  async setOrigin(origin: PartOrigin): Promise<void> {
    await writeFile(originPath(this.path), JSON.stringify(origin));
  }

  /** Throws away what is there. */
  async clear(): Promise<void> {
    await Promise.all([this.path, originPath(this.path)].map((file) => rm(file, { force: true })));
  }

  /** Gives the finished file its name, and clears away what others left; whoever looks sees the old file or the new one. */
  async finish(target: string): Promise<void> {
    await rename(this.path, target);
    await this.clear();
    for (const name of [this.#shared, ...(await abandonedParts(this.#shared))])
      await Promise.all([name, originPath(name)].map((file) => rm(file, { force: true })));
  }

  /** Leaves what is there to the next run. */
  async release(): Promise<void> {
    if ((await this.sizeBytes()) === 0) return this.clear();
    await moved(originPath(this.path), originPath(this.#shared));
    await moved(this.path, this.#shared);
  }
}

function originPath(part: string): string {
  return `${part}.origin`;
}

/** Process ids mean something on one host only; containers that share a cache have names of their own. */
function ownerPrefix(): string {
  return `${hostname().replace(/[^\w.]/g, '_')}-`;
}

async function abandonedParts(shared: string): Promise<string[]> {
  const prefix = `${path.basename(shared)}-${ownerPrefix()}`;
  const names = await readdir(path.dirname(shared));
  return names
    .filter((name) => name.startsWith(prefix) && !name.endsWith('.origin'))
    .filter((name) => !isAlive(Number.parseInt(name.slice(prefix.length), 10)))
    .map((name) => path.join(path.dirname(shared), name));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function moved(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
