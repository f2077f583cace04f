import { stat } from 'node:fs/promises';
import { sha256OfFile } from './places.js';

interface Known {
  readonly mark: string;
  readonly hash: Promise<string | undefined>;
}

/**
 * Hashes of files, each read once until its size, time or inode changes: for telling what is there again and again. What is going to
 * be used is hashed anew.
 */
export class KnownHashes {
  /** By path; as many as the catalogue has files, at most twice. */
  readonly #known = new Map<string, Known>();

  /** The SHA-256 of a file's content, or undefined when it cannot be read. */
  readonly of = async (file: string): Promise<string | undefined> => {
    const found = await stat(file, { bigint: true }).catch(() => undefined);
    if (found === undefined) {
      this.#known.delete(file);
      return undefined;
    }
    const mark = [found.dev, found.ino, found.size, found.mtimeNs, found.ctimeNs].join(' ');
    const known = this.#known.get(file);
    if (known?.mark === mark) return known.hash;
    const hash = sha256OfFile(file);
    this.#known.set(file, { mark, hash });
    return hash;
  };
}
