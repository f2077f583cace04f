import path from 'node:path';
import { AppError } from '../base/index.js';
import type { Environment } from './environment.js';

/** What the environment settles in place of the file. */
export interface Overrides {
  readonly server: { readonly host?: string; readonly port?: number; readonly publicUrl?: string };
  /** Absolute. */
  readonly dataDir?: string;
}

/**
 * Reads `SIGHTLINE_HOST`, `SIGHTLINE_PORT`, `SIGHTLINE_PUBLIC_URL` and `SIGHTLINE_DATA_DIR`, which containers
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
  const publicUrl = read(env, 'SIGHTLINE_PUBLIC_URL', 'an http or https URL', (text) =>
    /^https?:\/\/[^/]/.test(text) && URL.canParse(text) ? text : undefined,
  );
  const dataDir = env['SIGHTLINE_DATA_DIR'] || undefined;
  return {
    server: {
      ...(host === undefined ? {} : { host }),
      ...(port === undefined ? {} : { port }),
      ...(publicUrl === undefined ? {} : { publicUrl }),
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
