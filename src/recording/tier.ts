import { randomUUID } from 'node:crypto';
import { open, readFile, statfs } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, type Log, makeFolder, syncFolder } from '../base/index.js';
import type { Store, TableClient, TableOf } from '../store/index.js';

/** The index of recorded files, asked from here. */
export type SegmentIndex = TableClient<TableOf<'segments'>>;

/** The index of a store. */
export function segmentIndexOf(store: Pick<Store, 'table'>): SegmentIndex {
  return store.table('segments');
}

/** Says which folder this is, so that a disk that is not mounted is not taken for an empty one. */
const IDENTITY_FILE = '.sightline-recordings';
/** Where nothing is configured: a twentieth of the disk, and no more than this. */
const RESERVE_BYTES_MAX = 5 * 2 ** 30;
const RESERVE_SHARE = 0.05;
/** Every recorded file takes an inode, and a folder for each day. */
const RESERVE_INODES = 64;

/** What is to stay free of a disk: what is configured, or a share of it. */
export function reserveBytesOf(diskBytes: number, configuredBytes: number | undefined): number {
  return configuredBytes ?? Math.min(RESERVE_BYTES_MAX, diskBytes * RESERVE_SHARE);
}

/** What a folder for recordings is made of. */
export interface TierOptions {
  readonly name: 'hot' | 'cold';
  readonly dir: string;
  /** Kept free on its disk; absent: 5 %, at most 5 GiB. */
  readonly reserveBytes?: number;
  readonly index: SegmentIndex;
  readonly log: Log;
}

/** A folder for recordings: whether it may be used, and how much room its disk has. */
export class Tier {
  readonly name: 'hot' | 'cold';
  readonly dir: string;
  readonly #options: TierOptions;
  #identity: string | undefined;
  #problem: string | undefined = 'it has not been looked at yet';
  #reserveBytes = 0;
  #shortageBytes = 0;
  #isShortOfInodes = false;

  constructor(options: TierOptions) {
    this.name = options.name;
    this.dir = options.dir;
    this.#options = options;
  }

  /** Why the folder must not be used, a sentence: nothing is written, deleted or taken as missing then. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Bytes that must be freed for the reserve to be whole; 0 when it is. */
  get shortageBytes(): number {
    return this.#shortageBytes;
  }

  /** Bytes that are to stay free. */
  get reserveBytes(): number {
    return this.#reserveBytes;
  }

  get isShort(): boolean {
    return this.#shortageBytes > 0 || this.#isShortOfInodes;
  }

  /** Looks at folder and disk anew. Never rejects. */
  async look(): Promise<void> {
    const before = this.#problem;
    try {
      this.#identity ??= await this.#identify();
      const found = await this.#identityOnDisk();
      this.#problem = found === this.#identity ? undefined : this.#mixedUp(this.#identity);
      const { bavail, bsize, blocks, ffree, files } = await statfs(this.dir);
      this.#reserveBytes = reserveBytesOf(blocks * bsize, this.#options.reserveBytes);
      this.#shortageBytes = Math.max(0, this.#reserveBytes - bavail * bsize);
      this.#isShortOfInodes = files > 0 && ffree < RESERVE_INODES;
    } catch (error) {
      this.#problem =
        error instanceof MixedUp
          ? error.message
          : `recordings cannot be kept in ${this.dir} (${messageOf(error)}): make the folder writable, or mount its disk`;
    }
    if (this.#problem !== before && this.#problem !== undefined)
      this.#options.log.error({ tier: this.name }, this.#problem);
  }

  /** Finds out which folder this is, and gives a new one a name. */
  async #identify(): Promise<string> {
    const { index, name } = this.#options;
    const known = await index.read('identity', name);
    await makeFolder(this.dir);
    const found = await this.#identityOnDisk();
    if (found !== undefined && (known === undefined || known === found)) {
      if (known === undefined) await index.write('identify', name, found);
      return found;
    }
    const isUsed = (await index.read('totals')).some(({ tier }) => tier === name);
    if (known !== undefined && (isUsed || found !== undefined)) throw new MixedUp(this.#mixedUp(known));
    const identity = randomUUID();
    const handle = await open(path.join(this.dir, IDENTITY_FILE), 'wx');
    try {
      await handle.writeFile(`${identity}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await syncFolder(this.dir);
    await index.write('identify', name, identity);
    return identity;
  }

  async #identityOnDisk(): Promise<string | undefined> {
    try {
      return (await readFile(path.join(this.dir, IDENTITY_FILE), 'utf8')).trim();
    } catch (error) {
      if ((error as { code?: unknown }).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  #mixedUp(identity: string): string {
    return `${this.dir} is not the folder that holds the recordings: mount its disk, or, to begin anew in this one, write ${identity} into ${path.join(this.dir, IDENTITY_FILE)}`;
  }
}

class MixedUp extends Error {}
