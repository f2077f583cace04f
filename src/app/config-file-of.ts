import { ConfigFile, type ConfigWatch, type Environment } from '../config/index.js';
import { COCO_CLASSES } from '../models/index.js';

/**
 * The configuration file as the API reads and changes it; undefined for a server that was started without one.
 *
 * @param watch by which a changed file is applied, as one saved by hand is; undefined until the start is over
 */
export function configFileOf(
  { configPath, env }: { readonly configPath?: string; readonly env: Environment },
  watch: () => ConfigWatch | undefined,
): ConfigFile | undefined {
  if (configPath === undefined) return undefined;
  // Before the watch begins nothing is lost: it reads the file first.
  const apply = async () => await watch()?.readNow();
  return new ConfigFile({ file: configPath, env, labels: COCO_CLASSES, apply });
}
