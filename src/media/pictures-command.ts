import { fluentArguments } from './fluent-arguments.js';

/** Which pictures to take from a movie. */
export interface PicturesOptions {
  /** From the movie's beginning, seconds. */
  readonly fromSeconds: number;
  readonly seconds: number;
  /** Pictures a second. */
  readonly fps: number;
  /** Longer side at most; smaller pictures stay as they are. */
  readonly longSidePxMax: number;
}

/** Arguments for an FFmpeg that reads a movie with its index in front from stdin, and writes JPEGs to stdout, one behind the other. */
export function picturesArguments(options: PicturesOptions): string[] {
  const { fromSeconds, seconds, fps, longSidePxMax } = options;
  const scale = `${longSideScale(longSidePxMax)}:out_range=pc`;
  return fluentArguments((command) =>
    command
      .input('pipe:0')
      .inputOptions(['-f', 'mp4', '-threads', '1'])
      .outputOptions(['-ss', fromSeconds.toFixed(6), '-t', seconds.toFixed(6)])
      .outputOptions(['-map', '0:v:0', '-an', '-vf', `fps=${fps},${scale}`])
      .outputOptions(['-c:v', 'mjpeg', '-q:v', '2', '-pix_fmt', 'yuvj420p', '-threads', '1'])
      .format('image2pipe')
      .output('pipe:1'),
  );
}

/** A filter that makes pictures smaller whose longer side is more than `longSidePxMax`, and sides even. */
export function longSideScale(longSidePxMax: number): string {
  const side = (name: 'iw' | 'ih') => `'trunc(${name}*min(1,${longSidePxMax}/max(iw,ih))/2)*2'`;
  return `scale=w=${side('iw')}:h=${side('ih')}`;
}

/** Arguments for an FFmpeg that makes an MP4 file, H.264, of JPEGs that come to stdin; `Ffmpeg.capabilities.encodesH264` is to be asked before. */
export function movieOfPicturesArguments(options: { readonly fps: number; readonly file: string }): string[] {
  const { fps, file } = options;
  return fluentArguments((command) =>
    command
      .input('pipe:0')
      .inputOptions(['-f', 'image2pipe', '-c:v', 'mjpeg', '-framerate', String(fps)])
      .outputOptions(['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '23', '-threads', '2'])
      .outputOptions(['-vf', 'scale=out_range=tv', '-pix_fmt', 'yuv420p', '-video_track_timescale', '90000'])
      .outputOptions(['-movflags', '+faststart', '-y'])
      .format('mp4')
      .output(`file:${file}`),
  );
}

/** End of one JPEG and beginning of the next: within one, no two such markers follow each other. */
const BOUNDARY = Buffer.from([0xff, 0xd9, 0xff, 0xd8]);

/** JPEGs that stand behind one another in a stream, each in a buffer of its own. */
export async function* jpegsOf(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let waiting: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    const seen = Math.max(0, waiting.length - BOUNDARY.length + 1);
    waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
    for (let from = seen; ; from = 0) {
      const at = waiting.indexOf(BOUNDARY, from);
      if (at < 0) break;
      yield waiting.subarray(0, at + 2);
      waiting = waiting.subarray(at + 2);
    }
  }
  if (waiting.length > 0) yield waiting;
}
