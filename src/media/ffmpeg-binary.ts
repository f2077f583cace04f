import { access, constants, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError, messageOf } from '../base/index.js';
import { isNewer, probeFfmpeg, type FfmpegProbe } from './ffmpeg-probe.js';
import { findOrphanGuard, type OrphanGuard } from './orphan-guard.js';

/** Where an FFmpeg was found. */
export type FfmpegOrigin = 'configured' | 'FFMPEG_PATH' | 'system' | 'bundled';

/** What differs between the FFmpeg versions in use, and matters here. */
export interface FfmpegCapabilities {
  /** RTSP's socket time limit in microseconds. Before FFmpeg 5, `timeout` meant to wait for callers. */
  readonly rtspTimeoutOption: 'timeout' | 'stimeout';
  /** How frames are kept from being repeated or dropped: `-fps_mode passthrough`, before FFmpeg 5.1 `-vsync passthrough`. */
  readonly fpsMode: 'fps_mode' | 'vsync';
  /** Whether libx264 is in it: without it, what is not H.264, HEVC or AV1 cannot be shown. */
  readonly encodesH264: boolean;
  /** Whether libass is in it: without it, no boxes can be drawn into a video. */
  readonly drawsAss: boolean;
  /** Input protocols, for example `srt`. */
  readonly protocols: readonly string[];
  /** Whether it reads `/dev/videoN`. */
  readonly readsV4l2: boolean;
  /** Whether it can be told to follow no redirect over HTTP (`-max_redirects`, which old ones lack). */
  readonly limitsRedirects: boolean;
}

/** A usable FFmpeg. Plain data, so that it can be handed to another process. */
export interface Ffmpeg {
  readonly path: string;
  /** As it names itself, for example `5.1.9-0+deb12u1`. */
  readonly version: string;
  readonly origin: FfmpegOrigin;
  readonly capabilities: FfmpegCapabilities;
  /** What ends it should this process be killed. */
  readonly orphanGuard: OrphanGuard;
  /** Sentences on candidates that come before this one but could not be used. */
  readonly passedOver: readonly string[];
}

interface Candidate {
  readonly origin: FfmpegOrigin;
  readonly path: string;
}

interface Found {
  readonly candidate: Candidate;
  readonly probe: FfmpegProbe;
}

/** Probes by path, size and modification time: each takes some 300 ms, and a program that was replaced is probed anew. */
const probes = new Map<string, Promise<FfmpegProbe>>();

/**
 * Chooses FFmpeg: the configured one, `FFMPEG_PATH`, the system's if newer than the bundled one, the bundled one. A
 * candidate that does not work is passed over, and {@link Ffmpeg.passedOver} says so.
 *
 * @param options.env where `FFMPEG_PATH` and `PATH` are looked up
 * @throws {AppError} `media/ffmpeg-missing` when there is none, `media/ffmpeg-unusable` when none works
 */
export async function findFfmpeg(
  options: { readonly configuredPath?: string; readonly env?: Readonly<NodeJS.ProcessEnv> } = {},
): Promise<Ffmpeg> {
  const env = options.env ?? process.env;
  const passedOver: string[] = [];
  let someoneExists = false;
  const attempt = async (candidate: Candidate | undefined): Promise<Found | undefined> => {
    if (candidate === undefined) return undefined;
    try {
      const key = await fingerprint(candidate.path);
      someoneExists = true;
      return { candidate, probe: await probeOnce(candidate.path, key) };
    } catch (error) {
      passedOver.push(`${candidate.origin} FFmpeg ${candidate.path}: ${messageOf(error)}`);
      return undefined;
    }
  };

  const found =
    (await attempt(named('configured', options.configuredPath))) ??
    (await attempt(named('FFMPEG_PATH', env.FFMPEG_PATH))) ??
    newerOf(await attempt(await systemCandidate(env.PATH)), await attempt(await bundledCandidate()));
  if (found !== undefined) {
    const { candidate, probe } = found;
    return { ...candidate, ...probe.facts, orphanGuard: await findOrphanGuard(), passedOver };
  }
  const tried = passedOver.length === 0 ? '' : ` Tried: ${passedOver.join('; ')}.`;
  const cure = 'install FFmpeg 4.1 or newer, or name one as `ffmpeg.path` or in FFMPEG_PATH';
  throw someoneExists
    ? new AppError('media/ffmpeg-unusable', 'unavailable', `no FFmpeg here works: ${cure}.${tried}`)
    : new AppError('media/ffmpeg-missing', 'unavailable', `FFmpeg was not found: ${cure}.${tried}`);
}

function newerOf(system: Found | undefined, bundled: Found | undefined): Found | undefined {
  if (system === undefined || bundled === undefined) return system ?? bundled;
  return isNewer(system.probe, bundled.probe) ? system : bundled;
}

function named(origin: FfmpegOrigin, file: string | undefined): Candidate | undefined {
  return file === undefined || file === '' ? undefined : { origin, path: file };
}

async function systemCandidate(searchPath = ''): Promise<Candidate | undefined> {
  const name = process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg';
  for (const folder of searchPath.split(path.delimiter)) {
    if (!path.isAbsolute(folder)) continue;
    const file = path.join(folder, name);
    const isThere = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return { origin: 'system', path: file };
  }
  return undefined;
}

async function bundledCandidate(): Promise<Candidate | undefined> {
  try {
    // Throws while loading on a platform for which it has no program.
    const { default: installer } = await import('@ffmpeg-installer/ffmpeg');
    return { origin: 'bundled', path: installer.path };
  } catch {
    return undefined;
  }
}

async function fingerprint(file: string): Promise<string> {
  const { mtimeMs, size } = await stat(file).catch((error: unknown) => {
    throw new Error('is not there', { cause: error });
  });
  return `${file}\n${mtimeMs}\n${size}`;
}

function probeOnce(file: string, key: string): Promise<FfmpegProbe> {
  let probe = probes.get(key);
  if (probe === undefined) {
    probe = probeFfmpeg(file);
    probes.set(key, probe);
    // A failure may be of the moment (no memory, no process left): the next call tries again.
    probe.catch(() => probes.delete(key));
  }
  return probe;
}
