import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Ffmpeg } from './ffmpeg-binary.js';

const TIMEOUT_MS = 10_000;

/**
 * Hardware acceleration methods that an FFmpeg was built with, for example `vaapi`. Whether this machine has
 * the device and the driver for one is another matter.
 *
 * @throws when FFmpeg does not answer
 */
export async function hardwareDecoders({ path }: Ffmpeg): Promise<string[]> {
  const { stdout } = await promisify(execFile)(path, ['-hide_banner', '-hwaccels'], { timeout: TIMEOUT_MS });
  return stdout
    .split('\n')
    .slice(1)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
