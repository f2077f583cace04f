import { statSync } from 'node:fs';
import sharp from 'sharp';
import { AppError, messageOf } from '../base/index.js';
import type { Environment } from '../config/index.js';
import { i420Bytes, rgbOf } from '../frames/index.js';
import type { TextPicture } from '../reading/index.js';
import { followedPictures } from './followed-pictures.js';
import { isPictureName, picturesIn } from './pictures.js';

/** A picture of a source: a file, or one of a video by its number from 0. */
export interface NamedPicture {
  readonly name: { readonly image: string } | { readonly index: number };
  readonly picture: TextPicture;
}

/**
 * The pictures of a source one after the other: of a picture file, a folder of them by name, or a video.
 * @throws {AppError} `media/no-such-file`, `cli/bad-picture`, or for a video that cannot be decoded
 */
export async function* textPictures(
  source: string,
  options: { readonly env: Environment; readonly ffmpegPath?: string | undefined },
): AsyncGenerator<NamedPicture, void, undefined> {
  const isFolder = statSync(source, { throwIfNoEntry: false })?.isDirectory() === true;
  if (isFolder || isPictureName(source)) {
    for (const file of isFolder ? picturesIn(source) : [source])
      yield { name: { image: file }, picture: await textPicture(file) };
    return;
  }
  let index = 0;
  for await (const { memory, byteOffset, frame } of followedPictures(source, options)) {
    const i420 = new Uint8Array(memory, byteOffset, i420Bytes(frame));
    yield { name: { index: index++ }, picture: { rgb: rgbOf({ i420, size: frame }), size: frame } };
  }
}

/**
 * Reads a picture file, turned as its EXIF data say.
 * @throws {AppError} `cli/bad-picture`
 */
export async function textPicture(file: string): Promise<TextPicture> {
  try {
    const { data, info } = await sharp(file)
      .rotate()
      .flatten({ background: '#fff' })
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== 3) throw new Error(`${info.channels} channels cannot be read`);
    return { rgb: new Uint8Array(data), size: { widthPx: info.width, heightPx: info.height } };
  } catch (error) {
    throw new AppError('cli/bad-picture', 'input', `${file}: ${messageOf(error)}`, { cause: error });
  }
}
