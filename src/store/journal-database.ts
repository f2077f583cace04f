import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import Database from 'libsql';
import { AppError, messageOf } from '../base/index.js';
import { lockDataDir, type DataLock } from './data-lock.js';
import type { JournalRow, JournalState } from './messages.js';
import { migrate } from './migrations.js';

/** A foreign process (a backup, the sqlite3 shell) may hold the database so long before a commit fails. */
const BUSY_TIMEOUT_MS = 15_000;

/**
 * The journal's tables, synchronously: used by the journal's worker thread only, the one writer.
 *
 * `synchronous=FULL`: every commit is on the disk before anyone is told. NORMAL would survive a crash of the
 * process, but after a power cut it may forget commits that clients have seen, and give their numbers to others.
 *
 * All parameters go to libsql as arrays: a single Buffer argument would abort the process.
 */
export class JournalDatabase {
  readonly #database: Database.Database;
  readonly #lock: DataLock;
  readonly #path: string;
  readonly #retentionCount: number;
  readonly #insert: Database.Statement;
  readonly #prune: Database.Statement;
  readonly #select: Database.Statement;
  #lastSeq: number;
  #firstSeq: number;

  private constructor(
    database: Database.Database,
    options: { path: string; lock: DataLock; retentionCount: number },
  ) {
    this.#database = database;
    this.#lock = options.lock;
    this.#path = options.path;
    this.#retentionCount = options.retentionCount;
    this.#insert = database.prepare('INSERT INTO journal (seq, camera, type, body) VALUES (?, ?, ?, ?)');
    this.#prune = database.prepare('DELETE FROM journal WHERE seq < ?');
    this.#select = database.prepare('SELECT seq, body FROM journal WHERE seq > ? ORDER BY seq LIMIT ?');
    const row = database
      .prepare(
        `SELECT (SELECT seq FROM sqlite_sequence WHERE name = 'journal') AS last,
                (SELECT min(seq) FROM journal) AS first`,
      )
      .get([]) as { last: number | null; first: number | null };
    this.#lastSeq = row.last ?? 0;
    this.#firstSeq = row.first ?? this.#lastSeq + 1;
  }

  /**
   * Opens or creates the database, holding the data directory's lock from here on.
   *
   * @throws {AppError} `store/locked`, `store/unusable`, `store/newer-schema`, `store/schema-mismatch`
   */
  static open(options: { dataDir: string; retentionCount: number }): JournalDatabase {
    const file = path.join(options.dataDir, 'sightline.db');
    let lock: DataLock | undefined;
    let database: Database.Database | undefined;
    try {
      mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
      lock = lockDataDir(options.dataDir);
      database = new Database(file);
      // In this order: with the two exchanged, opening beside another reader fails with SQLITE_BUSY.
      database.pragma(`busy_timeout=${BUSY_TIMEOUT_MS}`);
      database.pragma('journal_mode=WAL');
      database.pragma('synchronous=FULL');
      migrate(database, file);
      return new JournalDatabase(database, { path: file, lock, retentionCount: options.retentionCount });
    } catch (error) {
      database?.close();
      lock?.release();
      if (error instanceof AppError) throw error;
      throw new AppError(
        'store/unusable',
        'unavailable',
        `data.dir ${options.dataDir} cannot be used (${messageOf(error)}): make it writable, or move a damaged sightline.db away`,
        { cause: error },
      );
    }
  }

  /** Where the journal stands. */
  get state(): JournalState {
    return { lastSeq: this.#lastSeq, firstSeq: this.#firstSeq, bytes: this.#bytes() };
  }

  /**
   * Numbers and commits all rows or none; when this returns they are on the disk. Rows beyond the retention go in
   * the same transaction, so that each batch deletes no more than about what it adds.
   *
   * @returns the first row's number; the others follow without a gap
   */
  append(rows: readonly JournalRow[]): number {
    const firstOfBatch = this.#lastSeq + 1;
    const lastSeq = this.#lastSeq + rows.length;
    const firstSeq = Math.max(this.#firstSeq, lastSeq - this.#retentionCount + 1);
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      rows.forEach((row, index) => {
        this.#insert.run([firstOfBatch + index, row.camera, row.type, row.body]);
      });
      if (firstSeq > this.#firstSeq) this.#prune.run([firstSeq]);
      this.#database.exec('COMMIT');
    } catch (error) {
      // SQLite may have rolled back by itself (disk full): a second ROLLBACK is then an error without meaning.
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
    this.#lastSeq = lastSeq;
    this.#firstSeq = firstSeq;
    return firstOfBatch;
  }

  /** The rows after `afterSeq`, oldest first. */
  read(afterSeq: number, limit: number): { seq: number; body: string }[] {
    const rows = this.#select.all([afterSeq, limit]) as { seq: number; body: string }[];
    return rows.map(({ seq, body }) => ({ seq, body }));
  }

  /** Moves the write-ahead log into the database and lets the data directory go. */
  close(): void {
    this.#database.close();
    this.#lock.release();
  }

  #bytes(): number {
    let bytes = 0;
    for (const file of [this.#path, `${this.#path}-wal`])
      bytes += statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    return bytes;
  }
}
