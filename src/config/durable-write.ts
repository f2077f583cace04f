import { randomUUID } from 'node:crypto';
import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError, messageOf, syncFolder } from '../base/index.js';

/**
 * Replaces a file's text so that a crash or a power failure leaves the old or the new one, whole. Its permissions stay; of a link, what it
 * points to is replaced.
 *
 * @throws {AppError} `config/unwritable`, and what `check` throws
 * @param check called last before the new text takes the place of the old one; what it throws leaves the old one
 */
export async function writeDurably(file: string, text: string, check: () => Promise<void>): Promise<void> {
  const target = await realpath(file);
  const folder = path.dirname(target);
  const temporary = path.join(folder, `.${path.basename(target)}.${randomUUID()}`);
  const { mode } = await stat(target);
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.chmod(mode & 0o777);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await check();
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    if (error instanceof AppError) throw error;
    throw new AppError(
      'config/unwritable',
      'unavailable',
      `cannot replace the configuration file: ${messageOf(error)}; the server needs to write to its folder (in a container, mount the folder and not the file alone)`,
      { cause: error },
    );
  }
  await syncFolder(folder);
}
