import { statSync } from 'node:fs';
import { AppError } from '../base/index.js';
import { parseSource } from '../media/index.js';
import { isPictureName, picturesIn } from './pictures.js';

/** What a source on the command line is, before anything of it was opened. */
export type SourceKind = 'folder' | 'picture' | 'video';

/**
 * Refuses what is no source: a file or folder that is there, a folder with pictures, or an address.
 * @throws {AppError} `media/no-such-file`, `cli/no-pictures`, and for an address that is none
 */
export function kindOfSource(source: string): SourceKind {
  const found = statSync(source, { throwIfNoEntry: false });
  if (found?.isDirectory() === true) {
    picturesIn(source);
    return 'folder';
  }
  if (found !== undefined) return isPictureName(source) ? 'picture' : 'video';
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(source))
    throw new AppError('media/no-such-file', 'input', `${source}: no such file or folder`);
  parseSource(source);
  return 'video';
}
