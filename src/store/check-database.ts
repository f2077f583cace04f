import { statSync } from 'node:fs';
import Database from 'libsql';
import { messageOf } from '../base/index.js';
import { isDamage } from './damage.js';
import { databaseOf, unusable } from './database-file.js';

/** Faults that are told of one table. */
const FAULTS_MAX = 5;

/** What a database is like. */
export interface DatabaseCheck {
  readonly file: string;
  readonly bytes: number;
  /** What SQLite finds, with the table before it where it is one's; none where it is sound. */
  readonly faults: readonly string[];
}

/**
 * Reads every page of the database of a data directory and looks whether they fit together. A server may be at work.
 *
 * @throws {AppError} `store/unusable` where there is none, or what is there is no database
 */
export function checkDatabase(dataDir: string): DatabaseCheck {
  const file = databaseOf(dataDir);
  let connection: Database.Database | undefined;
  try {
    connection = new Database(file);
    connection.pragma('wal_autocheckpoint=0');
    connection.pragma('query_only=ON');
    return { file, bytes: statSync(file).size, faults: faultsIn(connection) };
  } catch (error) {
    throw unusable(`${file} cannot be read as a database (${messageOf(error)})`, error);
  } finally {
    connection?.close();
  }
}

function faultsIn(connection: Database.Database): string[] {
  const tables = connection
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    .all([]) as { name: string }[];
  const all = faultsOf(connection, `${FAULTS_MAX}`);
  if (all.length === 0) return [];
  const faults = tables.flatMap(({ name }) =>
    faultsOf(connection, `'${name}'`)
      .slice(0, FAULTS_MAX)
      .map((fault) => `${name}: ${fault}`),
  );
  // What is in no table: the list of pages that are free.
  return faults.length === 0 ? all : faults;
}

/** @param what a table, or how many faults of all of them */
function faultsOf(connection: Database.Database, what: string): string[] {
  try {
    const found = connection.prepare(`PRAGMA integrity_check(${what})`).all([]) as {
      integrity_check: string;
    }[];
    return found.map(({ integrity_check }) => integrity_check).filter((fault) => fault !== 'ok');
  } catch (error) {
    // Where a page is none, libsql gives this in the place of what SQLite found.
    if (isDamage(error)) return [messageOf(error)];
    throw error;
  }
}
