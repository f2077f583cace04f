import { statSync } from 'node:fs';
import sharp from 'sharp';
import { AppError, createLog, messageOf, systemClock } from '../base/index.js';
import type { Environment } from '../config/index.js';
import { readPictures } from '../engine/index.js';
import { evenSize, i420Bytes, rgbToI420 } from '../frames/index.js';
import type { Size } from '../geometry/index.js';
import { findFfmpeg, probeSource } from '../media/index.js';
import { picturesIn } from './pictures.js';

/** One picture of a source, I420, until the next one is asked for. */
export interface FollowedPicture {
  readonly memory: SharedArrayBuffer;
  readonly byteOffset: number;
  /** Of the source's own size, but for an odd last column or row. */
  readonly frame: Size;
}

/**
 * The pictures of a video, or of a folder of pictures by name, in the source's own size.
 * @throws {AppError} for a source that cannot be decoded
 */
export async function* followedPictures(
  source: string,
  { env, ffmpegPath }: { readonly env: Environment; readonly ffmpegPath?: string | undefined },
): AsyncGenerator<FollowedPicture, void, undefined> {
  if (statSync(source, { throwIfNoEntry: false })?.isDirectory() === true) {
    yield* picturesOf(picturesIn(source));
    return;
  }
  const ffmpeg = await findFfmpeg({
    env,
    ...(ffmpegPath === undefined ? {} : { configuredPath: ffmpegPath }),
  });
  const frame = evenSize(await probeSource({ ffmpeg, source, timeoutMs: 10_000 }));
  const log = createLog('warn');
  for await (const picture of readPictures({ source, size: frame, ffmpeg, clock: systemClock, log }))
    yield { ...picture, frame };
}

/**
 * Reads picture files one after the other.
 * @throws {AppError} `cli/bad-picture`
 */
export async function* picturesOf(
  files: readonly string[],
): AsyncGenerator<FollowedPicture, void, undefined> {
  let memory = new SharedArrayBuffer(0);
  for (const file of files) {
    const { data, size } = await pixelsOf(file);
    const bytes = i420Bytes(evenSize(size));
    if (memory.byteLength < bytes) memory = new SharedArrayBuffer(bytes);
    yield { memory, byteOffset: 0, frame: rgbToI420(data, size, new Uint8Array(memory)) };
  }
}

async function pixelsOf(file: string): Promise<{ data: Uint8Array; size: Size }> {
  try {
    const { data, info } = await sharp(file)
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== 3 || info.width < 2 || info.height < 2)
      throw new Error(`${info.width}×${info.height} with ${info.channels} channels cannot be followed in`);
    return { data, size: { widthPx: info.width, heightPx: info.height } };
  } catch (error) {
    throw new AppError('cli/bad-picture', 'input', `${file}: ${messageOf(error)}`, { cause: error });
  }
}
