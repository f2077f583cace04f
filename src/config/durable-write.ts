import { randomUUID } from 'node:crypto';
import { lstat, open, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError, messageOf, syncFolder } from '../base/index.js';

/**
 * Replaces a file's text, or makes the file, so that a crash or a power failure leaves the old or the new one, whole. Its permissions stay; of a link, what it
 * points to is replaced.
 *
 * @throws {AppError} `config/unwritable`, and what `check` throws
 * @param check called last before the new text takes the place of the old one; what it throws leaves the old one
 */
export async function writeDurably(file: string, text: string, check: () => Promise<void>): Promise<void> {
  const target = await targetOf(file);
  const folder = path.dirname(target);
  const temporary = path.join(folder, `.${path.basename(target)}.${randomUUID()}`);
  try {
    const mode = await modeOf(target);
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.chmod(mode);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await check();
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    if (error instanceof AppError) throw error;
    throw unwritable(error);
  }
  await syncFolder(folder);
}

/** @throws {AppError} `config/unwritable` for a link that leads nowhere */
async function targetOf(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch (error) {
    const isAbsent = (await lstat(file).catch(() => undefined)) === undefined;
    if (isAbsent && (error as NodeJS.ErrnoException).code === 'ENOENT') return path.resolve(file);
    throw unwritable(error);
  }
}

function unwritable(cause: unknown): AppError {
  return new AppError(
    'config/unwritable',
    'unavailable',
    `cannot replace the configuration file: ${messageOf(cause)}; the server needs to write to its folder (in a container, mount the folder and not the file alone)`,
    { cause },
  );
}

/** A new file is its owner's alone, until somebody decides otherwise. */
async function modeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).mode & 0o777;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0o600;
    throw error;
  }
}
