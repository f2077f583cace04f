import { ConfigFile, type ConfigWatch, type Environment } from '../config/index.js';
import { COCO_CLASSES } from '../models/index.js';

/**
 * The configuration file as the API reads and changes it; undefined for a server that was started without one, and not told where one might be.
 *
 * @param watch by which a changed file is applied, as one saved by hand is; undefined until the start is over
 */
export function configFileOf(
  options: { readonly configPath?: string; readonly unsavedConfig?: string; readonly env: Environment },
  watch: () => ConfigWatch | undefined,
): ConfigFile | undefined {
  const { configPath, unsavedConfig: unsaved, env } = options;
  if (configPath === undefined) return undefined;
  // Before the watch begins nothing is lost: it reads the file first.
  const apply = async () => await watch()?.readNow();
  return new ConfigFile({ file: configPath, env, labels: COCO_CLASSES, apply, unsaved });
}
