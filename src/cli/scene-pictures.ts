import { readFileSync, statSync } from 'node:fs';
import { AppError, createLog, messageOf, systemClock } from '../base/index.js';
import type { Environment } from '../config/index.js';
import { readPictures } from '../engine/index.js';
import { evenSize, i420Bytes, rgbOf } from '../frames/index.js';
import { findFfmpeg, probeSource } from '../media/index.js';
import type { ScenePicture } from '../scene/index.js';
import { spread } from './footage.js';
import { isPictureName, picturesIn } from './pictures.js';

const PROBE_TIMEOUT_MS = 10_000;
/** Of a video whose length is not known. */
const FPS_UNKNOWN = 1;

/**
 * Pictures of one camera: a picture file, a folder of them, or a video, spread evenly.
 * @throws {AppError} `media/no-such-file`, `cli/no-pictures`, `cli/bad-picture`, or for a video that cannot be decoded
 */
export async function* scenePictures(
  source: string,
  {
    countMax,
    env,
    ffmpegPath,
  }: { readonly countMax: number; readonly env: Environment; readonly ffmpegPath?: string | undefined },
): AsyncGenerator<ScenePicture, void, undefined> {
  const isFolder = statSync(source, { throwIfNoEntry: false })?.isDirectory() === true;
  if (isFolder || isPictureName(source)) {
    for (const file of isFolder ? spread(picturesIn(source), countMax) : [source])
      yield { bytes: fileBytes(file) };
    return;
  }
  const ffmpeg = await findFfmpeg({ env, ...(ffmpegPath !== undefined && { configuredPath: ffmpegPath }) });
  const found = await probeSource({ ffmpeg, source, timeoutMs: PROBE_TIMEOUT_MS });
  const size = evenSize(found);
  const seconds = (found.durationMs ?? 0) / 1000;
  const fpsMax = seconds > 0 ? countMax / seconds : FPS_UNKNOWN;
  const log = createLog('warn');
  let count = 0;
  for await (const { memory, byteOffset } of readPictures({
    source,
    size,
    fpsMax,
    ffmpeg,
    clock: systemClock,
    log,
  })) {
    yield { bytes: rgbOf({ i420: new Uint8Array(memory, byteOffset, i420Bytes(size)), size }), size };
    if (++count >= countMax) return;
  }
}

function fileBytes(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new AppError('cli/bad-picture', 'input', `${file}: ${messageOf(error)}`, { cause: error });
  }
}
