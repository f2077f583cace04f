import { AppError } from '../base/index.js';
import type { Ffmpeg } from './ffmpeg-binary.js';
import { fluentArguments } from './fluent-arguments.js';

/** Which part of a movie to encode anew. */
export interface CutOptions {
  /** From the movie's beginning, seconds: the first picture at or behind it is the first of the clip. */
  readonly fromSeconds: number;
  readonly seconds: number;
  readonly file: string;
}

/**
 * Arguments for an FFmpeg that reads a movie with its index in front from stdin, and writes a part of it, cut at pictures and not at keyframes, to
 * an MP4 file as H.264.
 *
 * @throws {AppError} `media/ffmpeg-unusable` without an encoder
 */
export function cutArguments(ffmpeg: Ffmpeg, { fromSeconds, seconds, file }: CutOptions): string[] {
  if (!ffmpeg.capabilities.encodesH264)
    throw new AppError(
      'media/ffmpeg-unusable',
      'unavailable',
      `the ${ffmpeg.origin} FFmpeg ${ffmpeg.version} has no encoder libx264, which an exact clip needs: install another FFmpeg, or ask without exact`,
    );
  return fluentArguments((command) =>
    command
      .input('pipe:0')
      .inputOptions(['-f', 'mp4', '-threads', '1'])
      // Behind the input, so that all before is decoded and dropped: what follows is predicted from it.
      .outputOptions(['-ss', fromSeconds.toFixed(6), '-t', seconds.toFixed(6)])
      .outputOptions(['-map', '0:v:0', '-an', `-${ffmpeg.capabilities.fpsMode}`, 'passthrough'])
      .outputOptions(['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20', '-threads', '2'])
      .outputOptions(['-vf', 'scale=trunc(iw/2)*2:trunc(ih/2)*2', '-pix_fmt', 'yuv420p'])
      .outputOptions(['-video_track_timescale', '90000', '-movflags', '+faststart', '-y'])
      .format('mp4')
      .output(`file:${file}`),
  );
}
