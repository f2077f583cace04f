import { toAppError, type AppError } from '../base/index.js';
import type { FfmpegExit } from '../media/index.js';
import type { ConnectionState } from './types.js';

/** Why a connection was made anew; a closed set, for metrics. */
export const RECONNECT_REASONS = [
  'eof',
  'stalled',
  'timeout',
  'auth',
  'not_found',
  'redirect',
  'killed',
  'changed', // the camera changed its picture's size, its coding or its clock
  'error',
] as const;
/** Why a stream was lost: the closed set of the metric's label `reason`. */
export type ReconnectReason = (typeof RECONNECT_REASONS)[number];

/** Which of the limits' delays comes before the next try. */
export type RetryPace = 'at-once' | 'reconnect' | 'unauthorized' | 'refused' | 'ffmpeg-missing';

/** How one try ended, and what follows from it. */
export interface Ending {
  readonly state: ConnectionState;
  /** Undefined when the next try belongs to the same connection, as with another way of coding. */
  readonly reason: ReconnectReason | undefined;
  /** One sentence for people; may hold secrets until redacted. */
  readonly message: string;
  readonly pace: RetryPace;
}

/** Why a camera has no picture whose pictures a browser sends. */
export function waitingFor(camera: string): string {
  return `waits for the browser that has the webcam: open #/cameras/${camera} of the dashboard there`;
}

/** What an error before or while FFmpeg ran means. */
export function endingOfError(thrown: unknown): Ending {
  const error: AppError = toAppError(thrown);
  const { code, message } = error;
  switch (code) {
    case 'media/source-unauthorized':
      return { state: 'auth_failed', reason: 'auth', message, pace: 'unauthorized' };
    case 'media/source-not-found':
    case 'media/no-such-file':
      return { state: 'not_found', reason: 'not_found', message, pace: 'refused' };
    case 'media/source-redirect':
      return { state: 'redirect_refused', reason: 'redirect', message, pace: 'refused' };
    case 'media/source-dns':
      return { state: 'dns_failed', reason: 'error', message, pace: 'reconnect' };
    case 'media/source-timeout':
      return { state: 'reconnecting', reason: 'timeout', message, pace: 'reconnect' };
    case 'media/source-unsupported':
      return { state: 'unsupported', reason: 'error', message, pace: 'refused' };
    case 'media/ffmpeg-missing':
    case 'media/ffmpeg-unusable':
      return { state: 'ffmpeg_missing', reason: 'error', message, pace: 'ffmpeg-missing' };
    default:
      return { state: 'reconnecting', reason: 'error', message, pace: 'reconnect' };
  }
}

/**
 * What FFmpeg's exit means, when it was not asked to.
 * @param run.isChecked the source was asked before, and said that it has video
 */
export function endingOfExit(
  exit: FfmpegExit,
  run: { readonly frames: number; readonly isChecked: boolean },
): Ending {
  const { code, signal, stderrTail } = exit;
  const said = lastWords(stderrTail);
  if (signal !== null) {
    return {
      state: 'reconnecting',
      reason: 'killed',
      message: `FFmpeg was ended by ${signal}`,
      pace: 'reconnect',
    };
  }
  if (code === 126 || code === 127 || (code === null && /ENOENT|EACCES/.test(stderrTail))) {
    const message = `FFmpeg could not be started: ${said}`;
    return { state: 'ffmpeg_missing', reason: 'error', message, pace: 'ffmpeg-missing' };
  }
  if (run.frames > 0) {
    const message = code === 0 ? 'the stream ended' : `the stream broke off: ${said}`;
    return { state: 'reconnecting', reason: code === 0 ? 'eof' : 'error', message, pace: 'reconnect' };
  }
  return endingWithoutFrames(stderrTail, said, run.isChecked);
}

function endingWithoutFrames(stderr: string, said: string, isChecked: boolean): Ending {
  // The last two are SRT's, which says no more than "Input/output error" in the end.
  const refusals =
    /401 Unauthorized|403 Forbidden|authorization failed|Incorrect passphrase|Password required or unexpected/i;
  if (refusals.test(stderr)) {
    const message = `the source refuses user, password or passphrase: ${said}`;
    return { state: 'auth_failed', reason: 'auth', message, pace: 'unauthorized' };
  }
  if (/404 Not Found|454 |No such file or directory/i.test(stderr)) {
    return {
      state: 'not_found',
      reason: 'not_found',
      message: `the source was not found: ${said}`,
      pace: 'refused',
    };
  }
  if (/Unrecognized option|Option .* not found/i.test(stderr)) {
    const message = `this FFmpeg does not know an option that is needed, install another: ${said}`;
    return { state: 'ffmpeg_missing', reason: 'error', message, pace: 'ffmpeg-missing' };
  }
  if (
    !isChecked &&
    /Invalid data found|matches no streams|moov atom not found|not on whitelist|not whitelisted/i.test(stderr)
  ) {
    const message = `the source is no video that FFmpeg can read: ${said}`;
    return { state: 'unsupported', reason: 'error', message, pace: 'refused' };
  }
  const isLate = /timed out/i.test(stderr);
  const message = isLate ? 'the source does not answer' : `FFmpeg got no frame: ${said}`;
  return { state: 'reconnecting', reason: isLate ? 'timeout' : 'error', message, pace: 'reconnect' };
}

/** FFmpeg's last complaint, without levels and addresses of its parts. */
function lastWords(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const complaints = lines.filter((line) => /\[(?:error|fatal|panic)\]/.test(line));
  const said = (complaints.at(-1) ?? lines.at(-1) ?? '').replace(/^(?:\[[^\]]*\] ?)+/, '').trim();
  return said === '' ? 'it did not say why' : said.slice(0, 300);
}
