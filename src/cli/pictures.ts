import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { AppError, messageOf } from '../base/index.js';
import type { Size } from '../geometry/index.js';

/** Whether a file's name says that it is a picture. */
export function isPictureName(file: string): boolean {
  return /\.(jpe?g|png|bmp|webp)$/i.test(file);
}

/**
 * The paths of a folder's pictures, sorted by name.
 *
 * @throws {AppError} `media/no-such-file`, `cli/no-pictures`
 */
export function picturesIn(folder: string): string[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new AppError('media/no-such-file', 'input', `${folder}: no such folder`);
  const names = readdirSync(folder).filter(isPictureName).sort();
  if (names.length > 0) return names.map((name) => path.join(folder, name));
  throw new AppError(
    'cli/no-pictures',
    'input',
    `${folder}: no .jpg, .png, .bmp or .webp picture in this folder`,
  );
}

/**
 * Reads a picture's size from its header.
 *
 * @throws {AppError} `cli/bad-picture`
 */
export async function pictureSize(file: string): Promise<Size> {
  try {
    const { width, height } = await sharp(file).metadata();
    return { widthPx: width, heightPx: height };
  } catch (error) {
    throw new AppError('cli/bad-picture', 'input', `${file}: ${messageOf(error)}`, { cause: error });
  }
}
