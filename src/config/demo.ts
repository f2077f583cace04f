import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { toConfig, type Config } from './config.js';
import type { Environment } from './environment.js';
import { configFileSchema } from './schema.js';

/** Holds from `src/config/` and from `dist/config/` alike. */
const PACKAGE_ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * What runs without a configuration file: one camera `demo`, the clip of the package played in real time,
 * over and over. Data goes to `sightline-data` within `workingDir`. `SIGHTLINE_*` settings in `env` hold here too.
 *
 * @throws {AppError} `config/invalid-value` for a setting in the environment
 */
export function demoConfig(env: Environment = {}, workingDir = process.cwd()): Config {
  const source = path.join(PACKAGE_ROOT, 'streams', 'demo.mp4');
  return toConfig(configFileSchema.parse({ cameras: { demo: { source, name: 'Demo' } } }), workingDir, env);
}
