import { AppError, type Log } from '../base/index.js';
import type { Environment } from '../config/index.js';
import {
  defaultCacheDir,
  defaultMaskHead,
  loadMaskHead,
  TextPool,
  type MaskHeadSource,
} from '../inference/index.js';

const HEADS = ['mask', 'text'];

/** The heads that `--heads` names. */
export interface NamedHeads {
  /** Undefined where no masks are wanted. */
  readonly maskHead?: MaskHeadSource;
  /** Undefined where nothing is to be read; the caller's to close. */
  readonly textPool?: TextPool;
  /** Version of each by its name. */
  readonly versions: Readonly<Record<string, string>>;
}

/**
 * The heads of `--heads`, each checked.
 * @throws {AppError} `cli/bad-head`; `model/*`
 */
export async function openHeads(
  names: readonly string[] = [],
  { env, log }: { readonly env: Environment; readonly log: Log },
): Promise<NamedHeads> {
  const unknown = names.find((name) => !HEADS.includes(name));
  if (unknown !== undefined)
    throw new AppError(
      'cli/bad-head',
      'input',
      `--heads ${unknown}: there is no such head; known: ${HEADS.join(', ')}`,
    );
  const maskHead = names.includes('mask') ? defaultMaskHead() : undefined;
  const mask = maskHead && (await loadMaskHead(maskHead)).version;
  const textPool = names.includes('text')
    ? await TextPool.open({ log, graphCacheDir: defaultCacheDir(env) })
    : undefined;
  return {
    ...(maskHead !== undefined && { maskHead }),
    ...(textPool !== undefined && { textPool }),
    versions: {
      ...(mask !== undefined && { mask }),
      ...(textPool !== undefined && { text: textPool.version }),
    },
  };
}
