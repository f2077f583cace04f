import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { toConfig, type Config } from './config.js';
import type { Environment } from './environment.js';
import { configFileSchema } from './schema.js';

/** Holds from `src/config/` and from `dist/config/` alike. */
const PACKAGE_ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** One camera `demo`: the clip of the package played in real time, over and over. */
const DEMO = { cameras: { demo: { source: path.join(PACKAGE_ROOT, 'streams', 'demo.mp4'), name: 'Demo' } } };

/**
 * What runs without a configuration file: one camera `demo`. Data goes to `sightline-data` within `workingDir`. `SIGHTLINE_*` settings in `env`
 * hold here too.
 *
 * @throws {AppError} `config/invalid-value` for a setting in the environment
 */
export function demoConfig(env: Environment = {}, workingDir = process.cwd()): Config {
  return toConfig(configFileSchema.parse(DEMO), workingDir, env);
}

/** The file that says the same: what the first change by the API is made to, and saves. */
export function demoText(): string {
  return `# Made by the first change on Sightline's pages; applied when saved.\n${stringify(DEMO, { lineWidth: 0 })}`;
}
