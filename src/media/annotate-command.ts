import { createRequire } from 'node:module';
import path from 'node:path';
import { AppError } from '../base/index.js';
import { ASS_STRETCH } from './ass-script.js';
import { decodeInput } from './decode-command.js';
import type { Ffmpeg } from './ffmpeg-binary.js';
import { fluentArguments } from './fluent-arguments.js';

/** Brought along, since a machine without a desktop often has no font. */
const FONT = '@fontsource/b612-mono/files/b612-mono-latin-700-normal.woff';

/** What to draw on, with what, and where to. */
export interface AnnotateOptions {
  /** A path, or an address that `parseSource` accepted. */
  readonly source: string;
  /** The script with the boxes, see `assObjects`. */
  readonly scriptPath: string;
  readonly targetPath: string;
}

/**
 * Arguments for an FFmpeg that draws a script over a video and writes it as H.264 in MP4. Each picture keeps its size
 * and its distance in time from the first; the frames drawn are reported on stdout (`frame=N` lines).
 *
 * libass draws because it needs one pass, no pixels in this process, and is in every FFmpeg at hand: text is smooth, turned,
 * 10-bit and full-range pictures are FFmpeg's care, and `assObjects` makes times exact to a tick. Its price is that
 * libass looks at the whole script for every picture: 8 ms a picture for an hour with seven objects in each.
 *
 * - `-threads 1` decodes as the analysis does, so that both see the same pictures, also of a damaged stream;
 * - `-enc_time_base -1` keeps the source's times, which a frame rate would round;
 * - odd sides lose a row or column: H.264's usual 4:2:0 has none.
 *
 * @throws {AppError} `media/ffmpeg-unusable` when this FFmpeg has no libass or libx264
 */
export function annotateArguments(ffmpeg: Ffmpeg, options: AnnotateOptions): string[] {
  checkCanAnnotate(ffmpeg);
  const { address, options: restrictions } = decodeInput(ffmpeg, options.source);
  const fontsDir = path.dirname(createRequire(import.meta.url).resolve(FONT));
  const filters = [
    `setpts=(PTS-STARTPTS)*${ASS_STRETCH}`,
    `ass=filename=${filterValue(options.scriptPath)}:fontsdir=${filterValue(fontsDir)}`,
    `setpts=PTS/${ASS_STRETCH}`,
    'crop=trunc(iw/2)*2:trunc(ih/2)*2:0:0',
  ];
  return fluentArguments((command) =>
    command
      .input(address)
      .inputOptions([...restrictions, '-threads', '1', '-copyts'])
      .outputOptions(['-map', '0:v:0', '-map_metadata', '-1', '-progress', 'pipe:1'])
      .outputOptions([`-${ffmpeg.capabilities.fpsMode}`, 'passthrough', '-enc_time_base', '-1'])
      // Not in an array: fluent-ffmpeg would split it at a blank.
      .outputOptions('-filter:v', filters.join(','))
      .outputOptions(['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20', '-pix_fmt', 'yuv420p'])
      .outputOptions(['-movflags', '+faststart', '-y'])
      .format('mp4')
      .output(`file:${options.targetPath}`),
  );
}

/**
 * Tells whether {@link annotateArguments} will work, before anything long is begun.
 * @throws {AppError} `media/ffmpeg-unusable`
 */
export function checkCanAnnotate({ capabilities, origin, version }: Ffmpeg): void {
  const missing = !capabilities.drawsAss
    ? 'filter ass (libass)'
    : !capabilities.encodesH264
      ? 'encoder libx264'
      : undefined;
  if (missing === undefined) return;
  const message = `the ${origin} FFmpeg ${version} has no ${missing}, which an annotated video needs: install another FFmpeg, or name one with --ffmpeg-path`;
  throw new AppError('media/ffmpeg-unusable', 'unavailable', message);
}

/** Quoted twice: for the filter's options, and for the chain of filters around them. */
function filterValue(text: string): string {
  const portable = path.sep === '\\' ? text.replaceAll('\\', '/') : text;
  const asOption = portable.replace(/[\\':]/g, '\\$&');
  return asOption.replace(/[\\'[\],;]/g, '\\$&');
}
