import { readFile, stat } from 'node:fs/promises';
import { AppError, messageOf, registerSecret } from '../../base/index.js';
import type { OidcConfig } from '../../config/index.js';

const READABLE_BY_ALL = 0o004;
const BYTES_MAX = 4096;

/**
 * The client's secret, from the configuration or its file; undefined where it has none.
 *
 * @throws {AppError} `access/secret-file` for a file that is missing, empty or too large, or that everyone on the machine may read
 */
export async function clientSecretOf({
  clientSecret,
  clientSecretFile: file,
}: Pick<OidcConfig, 'clientSecret' | 'clientSecretFile'>): Promise<string | undefined> {
  if (file === undefined) return clientSecret;
  const secret = await read(file);
  registerSecret(secret);
  return secret;
}

async function read(file: string): Promise<string> {
  const refuse = (why: string, cause?: unknown) =>
    new AppError('access/secret-file', 'input', `access.oidc.clientSecretFile ${file}: ${why}`, { cause });
  try {
    const { mode, size } = await stat(file);
    if (process.platform !== 'win32' && (mode & READABLE_BY_ALL) !== 0)
      throw refuse('everyone on this machine may read it: chmod o-r it');
    if (size > BYTES_MAX)
      throw refuse(`it has ${size} bytes, and may have ${BYTES_MAX}: is it the right file?`);
    const secret = (await readFile(file, 'utf8')).trim();
    if (secret === '') throw refuse('it is empty: put the secret of the client into it');
    return secret;
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw refuse(`it cannot be read (${messageOf(error)})`, error);
  }
}
