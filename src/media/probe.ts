import { stat } from 'node:fs/promises';
import { AppError, silentLog, systemClock } from '../base/index.js';
import type { Ffmpeg } from './ffmpeg-binary.js';
import { startFfmpeg } from './ffmpeg-process.js';
import { fluentArguments } from './fluent-arguments.js';
import { preflightHttp } from './http-preflight.js';
import { FORMATS, type InputFormat } from './input-format.js';
import { inputAddress, safeInputArguments } from './remux-command.js';
import { preflightRtsp } from './rtsp-preflight.js';
import { sourceTimeout, sourceUnsupported } from './source-error.js';
import { maskSource, parseSource, type Source } from './source.js';
import { describedVideo } from './stream-line.js';

/** What a source holds, as far as its header and first frames tell. */
export interface StreamFacts {
  /** FFmpeg's name, for example `h264`. */
  readonly codec: string;
  /** As it is shown: after the quarter turn that telephones note in their videos, and that FFmpeg makes when it decodes. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** As the container has it; a guess for streams without a fixed rate. */
  readonly fps: number;
  /** Absent for what has no end. */
  readonly durationMs?: number;
  /** FFmpeg's name, for example `yuv420p`. */
  readonly pixelFormat?: string;
  /** FFmpeg's name, for example `mov,mp4,m4a,3gp,3g2,mj2`. */
  readonly container: string;
}

/**
 * Looks into a file or address, without ffprobe (the bundled FFmpeg comes without it).
 *
 * @param options.source as in the configuration, see {@link parseSource}
 * @throws {AppError} `media/no-such-file`, `media/not-a-video`, `media/source-timeout`, the other
 *   `media/source-…` of the preflights, or those of {@link parseSource}
 */
export async function probeSource(options: {
  readonly ffmpeg: Ffmpeg;
  readonly source: string;
  readonly timeoutMs: number;
}): Promise<StreamFacts> {
  const { ffmpeg, timeoutMs } = options;
  const source = parseSource(options.source);
  const where = maskSource(options.source);
  const format = await formatOf(source, where, timeoutMs);
  const child = startFfmpeg({
    ffmpeg,
    args: fluentArguments((command) =>
      command.input(inputAddress(source)).inputOptions(safeInputArguments(ffmpeg, format)),
    ),
    stdin: 'ignore',
    log: silentLog,
    name: 'probe',
  });
  let isLate = false;
  const timer = systemClock.after(timeoutMs, () => {
    isLate = true;
    void child.stop();
  });
  child.stdout.resume();
  const { stderrTail } = await child.exited;
  timer.cancel();
  if (isLate) throw sourceTimeout(where);
  const facts = readFacts(stderrTail);
  if (facts !== undefined) return facts;
  throw new AppError(
    'media/not-a-video',
    'input',
    `${where} is no video that FFmpeg can read: ${complaint(stderrTail)}`,
  );
}

async function formatOf(source: Source, where: string, timeoutMs: number): Promise<InputFormat> {
  if (source.kind === 'http') return preflightHttp({ url: source.url, clock: systemClock, timeoutMs });
  if (source.kind === 'rtsp') await preflightRtsp({ url: source.url, clock: systemClock, timeoutMs });
  if (source.kind === 'file') await checkFile(source.path, where);
  if (source.kind === 'device') await checkDevice(source.path);
  if (source.kind === 'webcam')
    throw sourceUnsupported(where, 'has pictures only as a camera, while a browser sends them');
  return FORMATS[source.kind];
}

/**
 * Tells a missing file from one that cannot be read.
 * @throws {AppError} `media/no-such-file`
 */
export async function checkFile(file: string, where: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found !== undefined && !found.isDirectory()) return;
  const what = found === undefined ? 'there is no such file' : 'that is a folder';
  throw noSuchFile(`${where}: ${what}; name a video file`);
}

/**
 * Tells a missing device from one that does not work.
 * @throws {AppError} `media/no-such-file`
 */
export async function checkDevice(device: string): Promise<void> {
  if (await stat(device).catch(() => undefined)) return;
  throw noSuchFile(`${device}: there is no such device; plug it in, or name one that /dev has`);
}

function noSuchFile(message: string): AppError {
  return new AppError('media/no-such-file', 'not-found', message);
}

function readFacts(stderr: string): StreamFacts | undefined {
  const container = /^(?:\[\w+\] )?Input #0, (\S+), from/m.exec(stderr)?.[1];
  const lines = stderr.split('\n');
  const described = lines.map(describedVideo);
  const at = described.findIndex((one) => one !== undefined);
  const video = described[at];
  if (container === undefined || video?.widthPx === undefined || video.heightPx === undefined)
    return undefined;
  const { codec, pixelFormat, fps = 25 } = video;
  const durationMs = readDurationMs(stderr);
  const shown = isQuarterTurned(lines.slice(at + 1))
    ? { widthPx: video.heightPx, heightPx: video.widthPx }
    : { widthPx: video.widthPx, heightPx: video.heightPx };
  return {
    ...{ codec, ...shown, fps, container },
    ...(pixelFormat !== undefined && { pixelFormat }),
    ...(durationMs !== undefined && { durationMs }),
  };
}

/** @param lines what FFmpeg says behind the line of the video stream */
function isQuarterTurned(lines: readonly string[]): boolean {
  const next = lines.findIndex((line) => /Stream #0:/.test(line));
  const own = next < 0 ? lines : lines.slice(0, next);
  const degrees = own
    .map((line) => /displaymatrix: rotation of (-?[\d.]+) degrees/.exec(line)?.[1])
    .find((match) => match !== undefined);
  // FFmpeg turns by 90 degrees what is within one of it.
  return degrees !== undefined && Math.abs((Math.abs(Number(degrees)) % 180) - 90) < 1;
}

function readDurationMs(stderr: string): number | undefined {
  const parts = /^(?:\[\w+\])?\s*Duration: (\d+):(\d\d):(\d\d)\.(\d\d)/m.exec(stderr)?.slice(1).map(Number);
  if (parts === undefined) return undefined;
  const [hours = 0, minutes = 0, seconds = 0, hundredths = 0] = parts;
  return ((hours * 60 + minutes) * 60 + seconds) * 1000 + hundredths * 10;
}

/** FFmpeg's own words on why, but for its last remark that an output is missing. */
function complaint(stderr: string): string {
  const lines = stderr
    .split('\n')
    .filter((line) => /^\[(?:error|fatal)\]|: \[(?:error|fatal)\]|\] \[(?:error|fatal)\]/.test(line));
  const own = lines.filter((line) => !line.includes('output file must be specified'));
  return (own.at(-1) ?? 'it holds no video stream').replace(/^(?:\[[^\]]*\] ?)+/, '').trim();
}
