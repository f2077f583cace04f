import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../base/index.js';

/** The database of a data directory. @throws {AppError} `store/unusable` where there is none */
export function databaseOf(dataDir: string): string {
  const file = path.join(dataDir, 'sightline.db');
  if (existsSync(file)) return file;
  throw unusable(`there is no ${file}`);
}

/** Removes a database that is not wanted, with what SQLite has put beside it. */
export function removeDatabase(file: string): void {
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${end}`, { force: true });
}

/** That a database cannot be read, and why. */
export function unusable(why: string, cause?: unknown): AppError {
  const message = `${why}: restore it from a backup, or move it away and begin anew`;
  return new AppError('store/unusable', 'unavailable', message, { cause });
}
