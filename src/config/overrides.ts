import path from 'node:path';
import { AppError } from '../base/index.js';
import type { Environment } from './environment.js';

const TRUTHS = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

/** What the environment settles in place of the file. */
export interface Overrides {
  readonly server: { readonly host?: string; readonly port?: number; readonly allowOpenAccess?: boolean };
  /** Absolute. */
  readonly dataDir?: string;
}

/**
 * Reads `SIGHTLINE_HOST`, `SIGHTLINE_PORT`, `SIGHTLINE_OPEN_ACCESS` and `SIGHTLINE_DATA_DIR`, which containers
 * and the flags of `serve` set; an empty one counts as absent.
 *
 * @throws {AppError} `config/invalid-value`
 */
export function overridesFrom(env: Environment): Overrides {
  const host = env['SIGHTLINE_HOST'] || undefined;
  const port = read(env, 'SIGHTLINE_PORT', 'a port, 0 to 65535', (text) => {
    const number = /^\d{1,5}$/.test(text) ? Number(text) : Infinity;
    return number <= 65535 ? number : undefined;
  });
  const allowOpenAccess = read(env, 'SIGHTLINE_OPEN_ACCESS', 'true or false', (text) => TRUTHS.get(text));
  const dataDir = env['SIGHTLINE_DATA_DIR'] || undefined;
  return {
    server: {
      ...(host === undefined ? {} : { host }),
      ...(port === undefined ? {} : { port }),
      ...(allowOpenAccess === undefined ? {} : { allowOpenAccess }),
    },
    ...(dataDir === undefined ? {} : { dataDir: path.resolve(dataDir) }),
  };
}

function read<T>(
  env: Environment,
  name: string,
  expected: string,
  parse: (text: string) => T | undefined,
): T | undefined {
  const text = env[name];
  if (text === undefined || text === '') return undefined;
  const value = parse(text);
  if (value === undefined) {
    throw new AppError(
      'config/invalid-value',
      'input',
      `the environment variable ${name} = ${JSON.stringify(text)}: expected ${expected}`,
    );
  }
  return value;
}
