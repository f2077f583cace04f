import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import bundledFfmpeg from '@ffmpeg-installer/ffmpeg';

export interface ClipOptions {
  readonly widthPx?: number;
  readonly heightPx?: number;
  readonly fps?: number;
  readonly seconds?: number;
  /** Distance between keyframes; one second when undefined. */
  readonly gopFrames?: number;
  readonly bFrames?: number;
  /** The container by its file ending: `h264` is a bare elementary stream, `mjpeg` JPEG pictures end to end. */
  readonly container?: 'h264' | 'mp4' | 'ts' | 'mjpeg' | 'avi' | 'mkv' | 'webm' | 'flv';
  /** By FFmpeg's name; what is usual in the container when undefined. */
  readonly codec?: keyof typeof OTHER_CODECS;
}

export interface Clip {
  readonly path: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly fps: number;
  readonly seconds: number;
}

/** The FFmpeg programs against which the harness is tried: what the machine has, and what npm brings. */
export const ffmpegPrograms: readonly { name: string; path: string; rtspTimeoutOption: string }[] = [
  { name: 'system', path: findOnPath('ffmpeg'), rtspTimeoutOption: '-timeout' },
  { name: 'bundled', path: bundledFfmpeg.path, rtspTimeoutOption: '-stimeout' },
].filter(({ path: program }) => program !== '');

/** How to encode what is not usual in a container; quickly, as the pictures do not matter. */
const OTHER_CODECS = {
  hevc: ['libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error:bframes=0'],
  av1: ['libaom-av1', '-cpu-used', '8', '-crf', '45', '-b:v', '0', '-strict', '-2'],
  vp9: ['libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '300k'],
  mpeg2video: ['mpeg2video', '-q:v', '8'],
  mpeg4: ['mpeg4', '-q:v', '8'],
};

const run = promisify(execFile);
const cacheDir = path.join(os.tmpdir(), 'sightline-test-clips');

/**
 * A small clip (FFmpeg's test picture with a white box that moves through it), encoded at first use and kept
 * in the system's temporary folder for later runs. Safe when several test files ask for it at once.
 */
export async function makeClip(options: ClipOptions = {}): Promise<Clip> {
  const { widthPx = 320, heightPx = 180, fps = 25, seconds = 4, bFrames = 0, container = 'h264' } = options;
  const gopFrames = options.gopFrames ?? fps;
  const picture =
    `testsrc2=size=${widthPx}x${heightPx}:rate=${fps}:duration=${seconds}[back];` +
    `color=white:size=${Math.round(widthPx / 8)}x${Math.round(heightPx / 4)}:rate=${fps}:duration=${seconds}[box];` +
    `[back][box]overlay=x='mod(t*${Math.round(widthPx / 4)},W)':y=H/3,format=yuv420p`;
  const coding =
    options.codec === undefined
      ? codecArguments(container, gopFrames, bFrames)
      : ['-c:v', ...OTHER_CODECS[options.codec], '-g', String(gopFrames)];
  const args = ['-filter_complex', picture, ...coding];
  const file = await encodeOnce(args, container, (unfinished) => unfinished);
  return { path: file, widthPx, heightPx, fps, seconds };
}

/** {@link makeClip}'s clip in MP4 as a telephone held on its side writes it: turned, with a note that it is to be turned back. */
export async function makeTurnedClip(options: Pick<ClipOptions, 'fps' | 'seconds'> = {}): Promise<Clip> {
  const clip = await makeClip({ ...options, container: 'mp4' });
  const turned = await encodeOnce(
    ['-i', clip.path, '-vf', 'transpose=cclock', ...codecArguments('mp4', clip.fps, 0)],
    'mp4',
    (unfinished) => unfinished,
  );
  // The bundled FFmpeg, since new ones take no note of this.
  const noted = ['-i', turned, '-c', 'copy', '-metadata:s:v', 'rotate=270'];
  const file = await encodeOnce(noted, 'mp4', (unfinished) => unfinished, bundledFfmpeg.path);
  return { ...clip, path: file };
}

/** One minute of MPEG-TS segments for HLS, 2 s each, named `seg-0.ts` to `seg-29.ts`. Gives their folder. */
export function makeSegments(): Promise<string> {
  const picture = 'testsrc2=size=320x180:rate=10:duration=60,format=yuv420p';
  const args = [
    '-filter_complex',
    picture,
    ...codecArguments('ts', 20, 0),
    '-f',
    'segment',
    '-segment_time',
    '2',
  ];
  return encodeOnce(args, 'segments', (folder) => path.join(folder, 'seg-%d.ts'));
}

function codecArguments(
  container: NonNullable<ClipOptions['container']>,
  gopFrames: number,
  bFrames: number,
): string[] {
  if (container === 'mjpeg') return ['-c:v', 'mjpeg', '-q:v', '8', '-pix_fmt', 'yuvj420p'];
  if (container === 'avi') return ['-c:v', 'mpeg4', '-q:v', '8', '-g', String(gopFrames)];
  const gop = [
    '-g',
    `${gopFrames}`,
    '-keyint_min',
    `${gopFrames}`,
    '-sc_threshold',
    '0',
    '-bf',
    `${bFrames}`,
  ];
  const profile = bFrames === 0 ? 'baseline' : 'main';
  return ['-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', profile, '-crf', '28', ...gop];
}

/**
 * Encodes unless that was done before. Works beside the target and renames, so that nobody ever sees half a
 * clip, however many processes ask at once.
 *
 * @param output names FFmpeg's output, given the unfinished file or folder
 */
async function encodeOnce(
  args: readonly string[],
  ending: string,
  output: (unfinished: string) => string,
  program = ffmpegPrograms[0]?.path ?? 'ffmpeg',
): Promise<string> {
  const hash = createHash('sha256').update(args.join('\n')).digest('hex').slice(0, 16);
  const target = path.join(cacheDir, `${hash}.${ending}`);
  if (existsSync(target)) return target;
  const unfinished = path.join(cacheDir, `${randomUUID()}.${ending}`);
  await mkdir(path.dirname(output(unfinished)), { recursive: true });
  try {
    await run(program, ['-v', 'error', '-nostdin', ...args, '-threads', '2', output(unfinished)]);
    await rename(unfinished, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
  } finally {
    await rm(unfinished, { force: true, recursive: true });
  }
  return target;
}

function findOnPath(name: string): string {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return folders.map((folder) => path.join(folder, name)).find((file) => existsSync(file)) ?? '';
}
