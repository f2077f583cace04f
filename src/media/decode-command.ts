import type { FfmpegCommand } from 'fluent-ffmpeg';
import type { Size } from '../geometry/index.js';
import type { Ffmpeg } from './ffmpeg-binary.js';
import { fluentArguments } from './fluent-arguments.js';
import { redirectArguments } from './remux-command.js';

/** Where the compressed video comes from. */
export type DecodeInput =
  | { readonly from: 'fragments' } // fragmented MP4 on stdin
  | /** A path, or an address that {@link parseSource} accepted. */ {
      readonly from: 'file';
      readonly path: string;
      readonly loop?: boolean;
    };

/** What to decode, to which size, and how often. */
export interface DecodeOptions {
  readonly input: DecodeInput;
  /** Size of the pictures that come out; the aspect is the caller's care. */
  readonly size: Size;
  /** Of a file: highest number of pictures a second; others are decoded, but neither scaled nor sent. */
  readonly fpsMax?: number;
}

/** What an address may lead to: never a local file. */
const URL_PROTOCOLS = 'http,https,tcp,tls,crypto,rtsp,rtsps,rtp,udp,rtmp,rtmps,srt';

/**
 * Arguments for an FFmpeg that decodes, scales and writes I420 pictures (BT.601, limited range) with their
 * presentation times as NUT to stdout, for {@link RawFrameReader}. Of fragments, only those that {@link markPicture} wants.
 *
 * What each unusual option is for (measured with FFmpeg 4.1 and 5.1, see design/decoding.md):
 * - no `-fflags nobuffer`: it drops the packets read while probing, the first keyframe among them, and the
 *   whole first group of pictures is then predicted from nothing;
 * - `-threads 1` before *and* after the input: the rawvideo encoder is frame-threaded too, and holds back a
 *   picture per thread;
 * - NUT rather than MP4 or Matroska: their muxers hold each picture back until the next one comes.
 */
export function decodeArguments(ffmpeg: Ffmpeg, options: DecodeOptions): string[] {
  const { input, size, fpsMax } = options;
  return fluentArguments((command) => {
    if (input.from === 'fragments') readingFragments(command);
    else {
      const { address, options: restrictions } = decodeInput(ffmpeg, input.path);
      command.input(address).inputOptions(restrictions);
      if (input.loop === true) command.inputOptions(['-stream_loop', '-1']);
      command.inputOptions(['-threads', '1', '-copyts']);
    }
    return command
      .noAudio()
      .outputOptions([
        `-${ffmpeg.capabilities.fpsMode}`,
        'passthrough',
        '-threads',
        '1',
        '-enc_time_base',
        '-1',
      ])
      .videoFilters([...(input.from === 'fragments' ? [MARKED] : thinning(fpsMax)), scaling(size)])
      .outputOptions(['-pix_fmt', 'yuv420p', '-c:v', 'rawvideo', '-flush_packets', '1'])
      .format('nut')
      .output('pipe:1');
  });
}

/** A path or an accepted address as FFmpeg's `-i` wants it, and the options that keep it from reading anything else. */
export function decodeInput(
  ffmpeg: Ffmpeg,
  path: string,
): { readonly address: string; readonly options: string[] } {
  const isUrl = /^[a-z][a-z0-9+.-]*:\/\//i.test(path);
  const redirects = /^https?:/i.test(path) ? redirectArguments(ffmpeg) : [];
  return {
    address: isUrl ? path : `file:${path}`,
    options: ['-protocol_whitelist', isUrl ? URL_PROTOCOLS : 'file', ...redirects],
  };
}

/** Has FFmpeg read fragmented MP4 from stdin, each picture at once and with its time. */
export function readingFragments(command: FfmpegCommand): FfmpegCommand {
  return command
    .input('pipe:0')
    .inputOptions(['-f', 'mp4', '-flags', 'low_delay', '-probesize', '32', '-analyzeduration', '0'])
    .inputOptions(['-threads', '1', '-copyts']);
}

/** Lets marked pictures through; a picture without a time, made up for a lost one, never is. */
export const MARKED = 'select=mod(pts\\,2)';

/** Lets the first picture of each period through: exact on average, and indifferent to jitter and to steps back in time. */
function thinning(fpsMax: number | undefined): string[] {
  if (fpsMax === undefined) return [];
  const period = (time: string) => `floor(${time}*${fpsMax})`;
  return [`select=isnan(prev_selected_t)+not(eq(${period('t')}\\,${period('prev_selected_t')}))`];
}

function scaling(size: Size): string {
  return `scale=${size.widthPx}:${size.heightPx}:flags=bilinear:out_color_matrix=bt601:out_range=tv`;
}
