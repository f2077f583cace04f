import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'libsql';
import { AppError } from '../base/index.js';

/** A data directory held by this process; released by `release`, or by the kernel when the process dies. */
export interface DataLock {
  release(): void;
}

/**
 * Takes the data directory for this process. The lock is SQLite's own file lock on an empty database: unlike
 * a pid file it cannot outlive a `kill -9`. The pid stands in another file, because reading the locked one
 * within this process would drop its POSIX lock.
 *
 * @throws {AppError} `store/locked`, naming the other process
 */
export function lockDataDir(dataDir: string): DataLock {
  const pidPath = path.join(dataDir, 'sightline.pid');
  const database = new Database(path.join(dataDir, 'sightline.lock'));
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if ((error as { code?: unknown }).code !== 'SQLITE_BUSY') throw error;
    throw new AppError(
      'store/locked',
      'conflict',
      `data.dir ${dataDir} is in use by another Sightline (pid ${pidOf(pidPath)}): stop it, or give this one another data.dir`,
    );
  }
  writeFileSync(pidPath, `${process.pid}\n`);
  return {
    release() {
      database.exec('ROLLBACK');
      database.close();
    },
  };
}

function pidOf(pidPath: string): string {
  try {
    return readFileSync(pidPath, 'utf8').trim();
  } catch {
    return 'unknown'; // it holds the lock, but has not written its pid yet
  }
}
