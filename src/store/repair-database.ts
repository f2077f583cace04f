import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import Database from 'libsql';
import { AppError, messageOf } from '../base/index.js';
import { lockDataDir } from './data-lock.js';
import { migrate } from './migrations.js';
import { salvageTables, type SalvagedTable } from './salvage.js';

/** Faults that are told. */
const FAULTS_OF_TABLE_MAX = 5;
/** Numbers that are left free where it cannot be read which one was given last: none may be given twice. */
const NUMBERS_LEFT_FREE = 10_000;

type OnTable = (table: string) => void;

/** What a database is like. */
export interface DatabaseCheck {
  readonly file: string;
  readonly bytes: number;
  /** What SQLite finds, with the table before it; none where it is sound. */
  readonly faults: readonly string[];
}

/** What was saved of a damaged database. */
export interface Repair {
  readonly tables: readonly SalvagedTable[];
  /** Where the damaged one lies now. */
  readonly damagedFile: string;
}

/**
 * Reads every page of the database of a data directory and looks whether they fit together. A server may be at work.
 *
 * @param onTable called before each table
 * @throws {AppError} `store/unusable` where there is none, or what is there is no database
 */
export function checkDatabase(dataDir: string, onTable: OnTable = () => undefined): DatabaseCheck {
  const file = path.join(dataDir, 'sightline.db');
  if (!existsSync(file)) throw unusable(`there is no ${file}`);
  let connection: Database.Database | undefined;
  try {
    connection = new Database(file);
    connection.pragma('wal_autocheckpoint=0');
    connection.pragma('query_only=ON');
    const tables = connection
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
      .all([]) as {
      name: string;
    }[];
    const faults: string[] = [];
    for (const { name } of tables) {
      onTable(name);
      const found = faultsOf(connection, `integrity_check('${name}')`);
      faults.push(...found.slice(0, FAULTS_OF_TABLE_MAX).map((fault) => `${name}: ${fault}`));
    }
    // What is in no table: the list of pages that are free.
    if (faults.length === 0) faults.push(...faultsOf(connection, `integrity_check(${FAULTS_OF_TABLE_MAX})`));
    return { file, bytes: statSync(file).size, faults };
  } catch (error) {
    throw unusable(`${file} cannot be read as a database (${messageOf(error)})`, error);
  } finally {
    connection?.close();
  }
}

/**
 * Writes a copy of the database of a data directory, as it is at one moment, into a file that is not there yet; it appears there whole. A server
 * may be at work.
 *
 * @throws {AppError} `store/backup-failed` with what is in the way; `store/unusable` where there is no database
 */
export function backUpDatabase(dataDir: string, to: string): void {
  const file = path.join(dataDir, 'sightline.db');
  if (!existsSync(file)) throw unusable(`there is no ${file}`);
  const part = `${to}.part`;
  let connection: Database.Database | undefined;
  try {
    if (existsSync(to)) throw new Error('it is there already');
    removeAll(part);
    // Holds hashes of passwords, from its first byte on.
    closeSync(openSync(part, 'wx', 0o600));
    connection = new Database(file);
    connection.pragma('wal_autocheckpoint=0');
    connection.prepare('VACUUM INTO ?').run([part]);
    flush(part);
    renameSync(part, to);
    flush(path.dirname(to));
  } catch (error) {
    removeAll(part);
    const message = `${to} cannot be written (${messageOf(error)}): name a new file on a disk with room, and look at the database with "sightline data check"`;
    throw new AppError('store/backup-failed', 'unavailable', message, { cause: error });
  } finally {
    connection?.close();
  }
}

function faultsOf(connection: Database.Database, pragma: string): string[] {
  try {
    const found = connection.prepare(`PRAGMA ${pragma}`).all([]) as { integrity_check: string }[];
    return found.map(({ integrity_check }) => integrity_check).filter((fault) => fault !== 'ok');
  } catch (error) {
    // Where a page is none, libsql gives this in the place of what SQLite found.
    if (String((error as { code?: unknown }).code).startsWith('SQLITE_CORRUPT')) return [messageOf(error)];
    throw error;
  }
}

/**
 * Makes the database of a data directory anew from all rows that can be read, and puts the damaged one aside, beside it. No server may be at work.
 * Until the very end the damaged one stays in its place: what fails, or is killed, can be begun again.
 *
 * @param onTable called before each table
 * @throws {AppError} `store/locked`; `store/unusable` when not even its tables can be found, or the disk is full
 */
export function repairDatabase(dataDir: string, onTable: OnTable = () => undefined): Repair {
  const file = path.join(dataDir, 'sightline.db');
  if (!existsSync(file)) throw unusable(`there is no ${file}`);
  const made = `${file}.repairing`;
  const lock = lockDataDir(dataDir);
  try {
    removeAll(made);
    const tables = salvaged(file, made, onTable);
    return { tables, damagedFile: exchange(file, made) };
  } catch (error) {
    removeAll(made);
    if (error instanceof AppError) throw error;
    throw unusable(`nothing can be saved of ${file} (${messageOf(error)})`, error);
  } finally {
    lock.release();
  }
}

function salvaged(file: string, made: string, onTable: OnTable): SalvagedTable[] {
  const connection = new Database(made);
  try {
    chmodSync(made, 0o600);
    // Until it is put in place it may be lost; it is written to the disk once, then.
    connection.pragma('journal_mode=MEMORY');
    connection.pragma('synchronous=OFF');
    migrate(connection, made);
    connection.prepare('ATTACH ? AS damaged').run([file]);
    const triggers = connection
      .prepare("SELECT name, sql FROM main.sqlite_master WHERE type = 'trigger'")
      .all([]) as { name: string; sql: string }[];
    for (const { name } of triggers) connection.exec(`DROP TRIGGER main.${name}`);
    const tables = salvageTables(connection, onTable);
    setNumbers(connection);
    connection.exec('DETACH damaged');
    const kept = tables.map((one) => withoutGarbage(connection, one));
    for (const { sql } of triggers) connection.exec(sql);
    return kept;
  } finally {
    connection.close();
  }
}

/** Messages that are no JSON any more: a page that was damaged within may still look like one. */
function withoutGarbage(connection: Database.Database, one: SalvagedTable): SalvagedTable {
  const hasBody = connection
    .prepare("SELECT 1 FROM pragma_table_info(?) WHERE name = 'body'")
    .get([one.table]);
  if (hasBody === undefined) return one;
  const { changes } = connection.prepare(`DELETE FROM ${one.table} WHERE NOT json_valid(body)`).run([]);
  return { ...one, copied: one.copied - changes, unread: (one.unread ?? 0) + changes };
}

/** Numbers go on from where they were. */
function setNumbers(connection: Database.Database): void {
  let were: { name: string; seq: number }[];
  try {
    were = connection.prepare('SELECT name, seq FROM damaged.sqlite_sequence').all([]) as typeof were;
  } catch {
    const last = connection
      .prepare(
        'SELECT max(seq) AS seq FROM (SELECT seq FROM journal UNION ALL SELECT seq FROM tracks UNION ALL SELECT seq FROM events)',
      )
      .get([]) as { seq: number | null };
    were = [{ name: 'journal', seq: (last.seq ?? 0) + NUMBERS_LEFT_FREE }];
  }
  const raise = connection.prepare('UPDATE main.sqlite_sequence SET seq = max(seq, ?) WHERE name = ?');
  const put = connection.prepare('INSERT INTO main.sqlite_sequence (name, seq) VALUES (?, ?)');
  for (const { name, seq } of were) if (raise.run([seq, name]).changes === 0) put.run([name, seq]);
}

/** Puts the new one in the place of the damaged one, which there is at every moment; gives where that lies now. */
function exchange(file: string, made: string): string {
  flush(made);
  const damaged = `${file}.damaged-${new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;
  try {
    linkSync(file, damaged);
  } catch {
    // A file system without links.
    renameSync(file, damaged);
  }
  // What it had not taken in of its write-ahead log: under its old name it would be taken for the new one's.
  if (existsSync(`${file}-wal`)) renameSync(`${file}-wal`, `${damaged}-wal`);
  rmSync(`${file}-shm`, { force: true });
  renameSync(made, file);
  flush(path.dirname(file));
  return damaged;
}

function flush(file: string): void {
  const handle = openSync(file, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function removeAll(file: string): void {
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${end}`, { force: true });
}

function unusable(why: string, cause?: unknown): AppError {
  const message = `${why}: restore it from a backup, or move it away and begin anew`;
  return new AppError('store/unusable', 'unavailable', message, { cause });
}
