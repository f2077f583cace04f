import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError, messageOf } from '../base/index.js';
import type { Config } from './config.js';
import type { Environment } from './environment.js';
import { parseConfig } from './parse.js';

const FILE_BYTES_MAX = 1024 * 1024;

/** The text of a configuration file. @throws {AppError} `config/not-found`, `config/unreadable` or `config/too-large` */
export async function readConfigFile(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > FILE_BYTES_MAX) {
      throw new AppError(
        'config/too-large',
        'input',
        `${file} has ${size} bytes; a configuration has at most ${FILE_BYTES_MAX}: is it the right file?`,
      );
    }
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof AppError) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new AppError(
        'config/not-found',
        'input',
        `there is no configuration file ${file}: check the path given to --config`,
        { cause: error },
      );
    }
    throw new AppError('config/unreadable', 'input', `cannot read ${file}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/**
 * Loads and checks a configuration file. The result is deeply frozen.
 *
 * @param env where `${NAME}` is looked up
 * @param labels the labels that `analyse.detect` may name; unchecked when absent
 * @throws {AppError} `config/*`; the message names file, line and column
 */
export async function loadConfig(
  file: string,
  env: Environment,
  labels?: readonly string[],
): Promise<Config> {
  const text = await readConfigFile(file);
  const baseDir = path.dirname(path.resolve(file));
  return parseConfig(text, { file, baseDir, env, ...(labels === undefined ? {} : { labels }) });
}
