import { fluentArguments } from './fluent-arguments.js';
import { longSideScale } from './pictures-command.js';
import { LIVE_H264, writingFragments } from './remux-command.js';
import { MARKED, readingFragments } from './decode-command.js';
import type { Ffmpeg } from './ffmpeg-binary.js';

/**
 * Arguments for an FFmpeg that reads fragmented MP4 from stdin, and writes the pictures that {@link markPicture} wants as JPEGs with their
 * presentation times, as NUT, to stdout, for {@link RawFrameReader}.
 *
 * @param options.longSidePxMax longer side at most; smaller pictures stay as they are
 */
export function jpegsOfStreamArguments(
  ffmpeg: Ffmpeg,
  options: { readonly longSidePxMax: number },
): string[] {
  return fluentArguments((command) =>
    readingFragments(command)
      .noAudio()
      .outputOptions([`-${ffmpeg.capabilities.fpsMode}`, 'passthrough', '-enc_time_base', '-1'])
      .videoFilters([MARKED, `${longSideScale(options.longSidePxMax)}:out_range=pc`])
      .outputOptions(['-c:v', 'mjpeg', '-q:v', '2', '-pix_fmt', 'yuvj420p', '-threads', '1'])
      .outputOptions(['-flush_packets', '1'])
      .format('nut')
      .output('pipe:1'),
  );
}

/**
 * Arguments for an FFmpeg that reads JPEGs from stdin, each as {@link jpegPart} wraps it, and writes them as H.264 in fragmented MP4 to stdout:
 * one fragment a picture, given out when the next picture comes. Times are even, and without meaning. `Ffmpeg.capabilities.encodesH264` is to be
 * asked before.
 *
 * @param options.keyframeEvery pictures from one keyframe to the next
 */
export function streamOfJpegsArguments(options: {
  readonly fps: number;
  readonly keyframeEvery: number;
}): string[] {
  const { fps, keyframeEvery } = options;
  return fluentArguments((command) =>
    writingFragments(
      command
        .input('pipe:0')
        // Parts of a stated length: of JPEGs one behind the other, the end of one is known only with the next.
        .inputOptions(['-f', 'mpjpeg', '-probesize', '32', '-analyzeduration', '0', '-threads', '1'])
        .inputOptions(['-r', String(fps)])
        .outputOptions(['-map', '0:v:0', '-an', '-vf', 'scale=out_range=tv', '-pix_fmt', 'yuv420p'])
        .outputOptions([...LIVE_H264, '-g', String(keyframeEvery), '-keyint_min', String(keyframeEvery)])
        .outputOptions(['-sc_threshold', '0']),
    ),
  );
}

/** A JPEG as one part of a stream for {@link streamOfJpegsArguments}: what stands before and behind it. */
export function jpegPart(jpeg: Uint8Array): readonly [before: string, behind: string] {
  return [`--p\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`, '\r\n'];
}
