import type { Ffmpeg } from './ffmpeg-binary.js';
import { fluentArguments } from './fluent-arguments.js';

const TICKS_PER_SECOND = 90_000;
/** A picture's time may differ from its packet's by rounding. */
const TOLERANCE_TICKS = 90;

/** Which picture to take of a stream that is given on stdin. */
export interface SnapshotOptions {
  /** Presentation time of the first picture that may be taken, 1/90000 s. */
  readonly fromTicks: number;
  /** Width of the picture that comes out, unless the source is narrower; the source's when undefined. The aspect is kept. */
  readonly widthPx?: number;
}

/**
 * Arguments for an FFmpeg that reads fragmented MP4 from stdin and writes its pictures from a time on as JPEGs, end to
 * end, to stdout: the last one is the newest. All before are decoded only, as what comes later is predicted from them.
 */
export function snapshotArguments(ffmpeg: Ffmpeg, { fromTicks, widthPx }: SnapshotOptions): string[] {
  const seconds = (fromTicks - TOLERANCE_TICKS) / TICKS_PER_SECOND;
  const width = widthPx === undefined ? 'iw' : `min(iw\\,${widthPx})`;
  // JPEG's colours are BT.601, full range. By way of RGB: old FFmpegs leave the range as it is between two planar forms.
  const size = `scale=w=${width}:h=max(1\\,round(ih*${width}/iw))`;
  const colours = 'format=rgb24,scale=out_color_matrix=bt601:out_range=pc,format=yuvj420p';
  return fluentArguments((command) =>
    command
      .input('pipe:0')
      .inputOptions(['-f', 'mp4', '-probesize', '32', '-analyzeduration', '0', '-threads', '1', '-copyts'])
      .outputOptions(['-map', '0:v:0', `-${ffmpeg.capabilities.fpsMode}`, 'passthrough', '-threads', '1'])
      .outputOptions('-filter:v', `select=gte(t\\,${seconds.toFixed(4)}),${size},${colours}`)
      .outputOptions(['-c:v', 'mjpeg', '-q:v', '3'])
      .format('image2pipe')
      .output('pipe:1'),
  );
}

/** The last of JPEGs that stand end to end; undefined where there is none. */
export function lastJpeg(bytes: Buffer): Buffer | undefined {
  // Start of image and of the next marker. Within an image's data FF is followed by 00 or a restart marker only.
  const at = bytes.lastIndexOf(Buffer.from([0xff, 0xd8, 0xff]));
  return at < 0 ? undefined : bytes.subarray(at);
}
