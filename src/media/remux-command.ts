import type { FfmpegCommand } from 'fluent-ffmpeg';
import { AppError } from '../base/index.js';
import type { Ffmpeg } from './ffmpeg-binary.js';
import { fluentArguments } from './fluent-arguments.js';
import { CONTAINER_DEMUXERS, type InputFormat } from './input-format.js';
import { privacyFilter, type PrivacyMask } from './privacy-filter.js';
import { maskSource, type Source } from './source.js';

/** Ticks per second of the fragments' times. */
export const FRAGMENT_TICKS_PER_SECOND = 90_000;

/**
 * Longer than the connection's own limits, which are what counts: FFmpeg hands out a frame that it held back
 * when this runs out, and that looks like life.
 */
const SOCKET_TIMEOUT_US = 15_000_000;
const KEYFRAME_SECONDS = 2;
/** H.264, each picture out as soon as it is in. */
export const LIVE_H264: readonly string[] = '-c:v libx264 -preset ultrafast -tune zerolatency -crf 23 -threads 1'.split(' '); // prettier-ignore
/** Codecs that browsers play from MP4; everything else is encoded anew. Names as FFmpeg has them. */
const COPYABLE_CODECS = new Set(['h264', 'hevc', 'av1']);

/** Whether a codec (FFmpeg's name) can be passed on as it is. */
export function canCopy(codec: string): boolean {
  return COPYABLE_CODECS.has(codec);
}

/** What to remux, and what is known of it. */
export interface RemuxOptions {
  readonly source: Source;
  readonly format: InputFormat;
  /** Encode anew as H.264 instead of copying. */
  readonly transcode: boolean;
  /** Begin again at a file's end; times go on rising. */
  readonly loop: boolean;
  /** Parts of the picture that are filled; with any of them the stream is encoded anew, whatever `transcode` says. */
  readonly privacy?: readonly PrivacyMask[];
}

/**
 * Arguments for an FFmpeg that turns a source into fragmented MP4 on stdout: one fragment per frame, video only, times in
 * {@link FRAGMENT_TICKS_PER_SECOND}. For what the unusual ones are for see design/ingest.md.
 *
 * @throws {AppError} `media/ffmpeg-unusable` when this FFmpeg lacks the protocol, device or encoder
 */
export function remuxArguments(ffmpeg: Ffmpeg, wanted: RemuxOptions): string[] {
  const masks = privacyFilter(wanted.privacy ?? []);
  const options = { ...wanted, transcode: wanted.transcode || masks !== undefined };
  checkCapabilities(ffmpeg, options);
  return fluentArguments((command) =>
    writingFragments(
      command
        .input(inputAddress(options.source))
        .inputOptions([...inputArguments(ffmpeg, options)])
        .outputOptions(['-map', '0:v:0', '-an', '-sn', '-dn', '-map_metadata', '-1'])
        .outputOptions(options.transcode ? encoding(ffmpeg, masks) : ['-c', 'copy']),
    ),
  );
}

/** Has FFmpeg write fragmented MP4 to stdout, a fragment per frame. */
export function writingFragments(command: FfmpegCommand): FfmpegCommand {
  return (
    command
      // skip_trailer: or FFmpeg remembers every fragment for an index that nobody reads (MBs a day).
      .outputOptions(['-movflags', '+frag_every_frame+empty_moov+default_base_moof+skip_trailer'])
      .outputOptions(['-video_track_timescale', String(FRAGMENT_TICKS_PER_SECOND), '-flush_packets', '1'])
      .format('mp4')
      .output('pipe:1')
  );
}

/** A source as FFmpeg's `-i` wants it. */
export function inputAddress(source: Source): string {
  if ('url' in source) return source.url;
  if (source.kind === 'webcam') return 'pipe:0';
  return source.kind === 'file' ? `file:${source.path}` : source.path;
}

/** Demuxer, allowed protocols and redirects: what keeps FFmpeg, before its `-i`, at the source that was named. */
export function safeInputArguments(ffmpeg: Ffmpeg, format: InputFormat): string[] {
  const allowed = format.demuxer === undefined ? ['-format_whitelist', WHITELIST] : ['-f', format.demuxer];
  const overHttp = format.protocols.includes('http');
  return [
    ...allowed,
    '-protocol_whitelist',
    format.protocols.join(','),
    ...(overHttp ? redirectArguments(ffmpeg) : []),
  ];
}

/** Input options by which FFmpeg follows no redirect over HTTP; none where it has no such option. */
export function redirectArguments(ffmpeg: Ffmpeg): string[] {
  return ffmpeg.capabilities.limitsRedirects ? ['-max_redirects', '0'] : [];
}

/** The names of one demuxer all stand in FFmpeg's own, comma-separated name, of which any may match. */
const WHITELIST = CONTAINER_DEMUXERS.join(',');

function inputArguments(ffmpeg: Ffmpeg, { source, format, transcode, loop }: RemuxOptions): string[] {
  const args = safeInputArguments(ffmpeg, format);
  if (transcode) args.push('-threads', '1');
  if (format.isPaced) args.push('-re');
  // The streams are known with the last program's table; else FFmpeg waits for more all the time it has.
  if (format.demuxer === 'mpegts') args.push('-scan_all_pmts', '0');
  if (format.lacksTimes) args.push('-use_wallclock_as_timestamps', '1');
  switch (source.kind) {
    case 'rtsp':
      args.push('-rtsp_transport', 'tcp', '-allowed_media_types', 'video');
      args.push(`-${ffmpeg.capabilities.rtspTimeoutOption}`, String(SOCKET_TIMEOUT_US));
      break;
    case 'http':
    case 'rtmp':
      args.push('-rw_timeout', String(SOCKET_TIMEOUT_US));
      break;
    case 'file':
      if (loop) args.push('-stream_loop', '-1');
      break;
    case 'srt':
    case 'udp':
    case 'device':
    case 'webcam':
      break;
  }
  // The frame rate is of no interest here, and FFmpeg would wait a second to measure it.
  args.push('-fpsprobesize', '0', '-analyzeduration', String(format.analyseMs * 1000));
  return args;
}

function encoding(ffmpeg: Ffmpeg, masks: string | undefined): string[] {
  const keyframes = ['-force_key_frames', `expr:gte(t,n_forced*${KEYFRAME_SECONDS})`];
  const size = 'scale=trunc(iw/2)*2:trunc(ih/2)*2';
  // Masks first: nothing unmasked is mixed into its neighbourhood by the scaler.
  const evenSize = ['-vf', masks === undefined ? size : `${masks},${size}`, '-pix_fmt', 'yuv420p'];
  return [...LIVE_H264, ...keyframes, ...evenSize, `-${ffmpeg.capabilities.fpsMode}`, 'passthrough'];
}

function checkCapabilities(ffmpeg: Ffmpeg, { source, transcode }: RemuxOptions): void {
  const lacks = (what: string) =>
    new AppError(
      'media/ffmpeg-unusable',
      'unavailable',
      `the ${ffmpeg.origin} FFmpeg ${ffmpeg.version} has no ${what}, which ${maskSource(inputAddress(source))} needs: install another FFmpeg`,
    );
  const scheme = inputAddress(source).split(':')[0]?.toLowerCase() ?? '';
  const ownsProtocol = source.kind === 'rtsp' || source.kind === 'device';
  if (!ownsProtocol && !ffmpeg.capabilities.protocols.includes(scheme)) throw lacks(`protocol "${scheme}"`);
  if (source.kind === 'device' && !ffmpeg.capabilities.readsV4l2) throw lacks('V4L2 input');
  if (transcode && !ffmpeg.capabilities.encodesH264) throw lacks('encoder libx264');
}
