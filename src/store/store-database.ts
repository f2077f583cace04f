import { chmodSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import Database from 'libsql';
import { AppError, messageOf } from '../base/index.js';
import { lockDataDir, type DataLock } from './data-lock.js';
import type { StoreThreadData } from './messages.js';
import { migrate } from './migrations.js';

/** A foreign process (a backup, the sqlite3 shell) may hold the database so long before a commit fails. */
const BUSY_TIMEOUT_MS = 15_000;
/** Pages kept in memory, KiB: the inner pages of the history's indexes, over millions of events. */
const CACHE_KIB = 64 * 1024;

/**
 * A connection to the database of a data directory, in one of the store's threads.
 *
 * `synchronous=FULL`: every commit is on the disk before anyone is told. NORMAL would survive a crash of the
 * process, but after a power cut it may forget commits that clients have seen, and give their numbers to others.
 *
 * The reader's connection never writes or checkpoints, so that the one writer is alone with the write-ahead log: SQLite before
 * 3.51.3 may corrupt a database in which two connections do that at the same moment.
 *
 * All parameters go to libsql as arrays: a single Buffer argument would abort the process.
 */
export class StoreDatabase {
  readonly connection: Database.Database;
  readonly #lock: DataLock | undefined;
  readonly #path: string;

  private constructor(connection: Database.Database, lock: DataLock | undefined, file: string) {
    this.connection = connection;
    this.#lock = lock;
    this.#path = file;
  }

  /**
   * Opens the database. The writer creates and migrates it, and holds the data directory's lock from here on.
   *
   * @throws {AppError} `store/locked`, `store/unusable`, `store/newer-schema`, `store/schema-mismatch`
   */
  static open({ dataDir, role }: StoreThreadData): StoreDatabase {
    const file = path.join(dataDir, 'sightline.db');
    let lock: DataLock | undefined;
    let connection: Database.Database | undefined;
    try {
      if (role === 'writer') {
        mkdirSync(dataDir, { recursive: true, mode: 0o700 });
        lock = lockDataDir(dataDir);
      }
      connection = new Database(file);
      // In this order: with the two exchanged, opening beside another reader fails with SQLITE_BUSY.
      connection.pragma(`busy_timeout=${BUSY_TIMEOUT_MS}`);
      connection.pragma(`cache_size=-${CACHE_KIB}`);
      if (role === 'writer') {
        // Holds hashes of passwords, also where the folder was there before and others may enter it. The write-ahead log follows.
        chmodSync(file, 0o600);
        connection.pragma('journal_mode=WAL');
        connection.pragma('synchronous=FULL');
        migrate(connection, file);
      } else {
        connection.pragma('wal_autocheckpoint=0');
        connection.pragma('query_only=ON');
      }
      return new StoreDatabase(connection, lock, file);
    } catch (error) {
      connection?.close();
      lock?.release();
      if (error instanceof AppError) throw error;
      throw new AppError(
        'store/unusable',
        'unavailable',
        `data.dir ${dataDir} cannot be used (${messageOf(error)}): make it writable; a damaged sightline.db: "sightline data repair", or a backup`,
        { cause: error },
      );
    }
  }

  /** Commits what `work` does, or nothing of it; on the disk when this returns. */
  transaction<Result>(work: () => Result): Result {
    this.connection.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.connection.exec('COMMIT');
      return result;
    } catch (error) {
      // SQLite may have rolled back by itself (disk full): a second ROLLBACK is then an error without meaning.
      if (this.connection.inTransaction) this.connection.exec('ROLLBACK');
      throw error;
    }
  }

  /** Database and write-ahead log on disk. */
  get bytes(): number {
    let bytes = 0;
    for (const file of [this.#path, `${this.#path}-wal`])
      bytes += statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    return bytes;
  }

  /** The writer moves the write-ahead log into the database, and lets the data directory go. The reader closes first. */
  close(): void {
    this.connection.close();
    this.#lock?.release();
  }
}
