import { chmodSync, existsSync } from 'node:fs';
import { link, open, rename, rm } from 'node:fs/promises';
import Database from 'libsql';
import { AppError, messageOf, renameDurably } from '../base/index.js';
import { isDamage } from './damage.js';
import { lockDataDir } from './data-lock.js';
import { databaseOf, removeDatabase, unusable } from './database-file.js';
import { migrate } from './migrations.js';
import { salvageTables, type SalvagedTable } from './salvage.js';

/** Numbers that are left free where it cannot be read which one was given last: none may be given twice. */
const NUMBERS_LEFT_FREE = 10_000;

/** What was saved of a damaged database. */
export interface Repair {
  readonly tables: readonly SalvagedTable[];
  /** Where the damaged one lies now. */
  readonly damagedFile: string;
}

/**
 * Makes the database of a data directory anew from all rows that can be read, and puts the damaged one aside, beside it. No server may be at work.
 * Until the very end the damaged one stays in its place: what fails, or is killed, can be begun again.
 *
 * @param onTable called before each table
 * @throws {AppError} `store/locked`; `store/unusable` when not even its tables can be found, or the disk is full
 */
export async function repairDatabase(
  dataDir: string,
  onTable: (table: string) => void = () => undefined,
): Promise<Repair> {
  const file = databaseOf(dataDir);
  const made = `${file}.repairing`;
  const lock = lockDataDir(dataDir);
  try {
    removeDatabase(made);
    const tables = salvaged(file, made, onTable);
    return { tables, damagedFile: await exchange(file, made) };
  } catch (error) {
    removeDatabase(made);
    if (error instanceof AppError) throw error;
    throw unusable(`nothing can be saved of ${file} (${messageOf(error)})`, error);
  } finally {
    lock.release();
  }
}

function salvaged(file: string, made: string, onTable: (table: string) => void): SalvagedTable[] {
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
  } catch (error) {
    if (!isDamage(error)) throw error;
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
async function exchange(file: string, made: string): Promise<string> {
  const handle = await open(made, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  const damaged = `${file}.damaged-${new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;
  // A file system without links has neither for a moment.
  await link(file, damaged).catch(() => rename(file, damaged));
  // What it had not taken in of its write-ahead log: under its old name it would be taken for the new one's.
  if (existsSync(`${file}-wal`)) await rename(`${file}-wal`, `${damaged}-wal`);
  await rm(`${file}-shm`, { force: true });
  await renameDurably(made, file);
  return damaged;
}
