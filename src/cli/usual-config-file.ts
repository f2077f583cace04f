import { existsSync } from 'node:fs';

/** The configuration file that is looked for, and made, in the working directory. */
export const USUAL_CONFIG_FILE = 'sightline.yaml';

/** The configuration that is taken without `--config`, if it lies in the working directory. */
export function usualConfigFile(): string | undefined {
  return existsSync(USUAL_CONFIG_FILE) ? USUAL_CONFIG_FILE : undefined;
}
