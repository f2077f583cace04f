import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import Database from 'libsql';
import { AppError, messageOf, renameDurably } from '../base/index.js';
import { databaseOf, removeDatabase } from './database-file.js';

/**
 * Writes a copy of the database of a data directory, as it is at one moment, into a file that is not there yet; it appears there whole. A server
 * may be at work.
 *
 * @throws {AppError} `store/backup-failed` with what is in the way; `store/unusable` where there is no database
 */
export async function backUpDatabase(dataDir: string, to: string): Promise<void> {
  const file = databaseOf(dataDir);
  const part = `${to}.part`;
  try {
    if (existsSync(to)) throw new Error('it is there already');
    removeDatabase(part);
    // Holds hashes of passwords, from its first byte on.
    const handle = await open(part, 'wx', 0o600);
    try {
      copy(file, part);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await renameDurably(part, to);
  } catch (error) {
    removeDatabase(part);
    const message = `${to} cannot be written (${messageOf(error)}): name a new file on a disk with room, and look at the database with "sightline data check"`;
    throw new AppError('store/backup-failed', 'unavailable', message, { cause: error });
  }
}

function copy(from: string, to: string): void {
  const connection = new Database(from);
  try {
    connection.pragma('wal_autocheckpoint=0');
    connection.prepare('VACUUM INTO ?').run([to]);
  } finally {
    connection.close();
  }
}
