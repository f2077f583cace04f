import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { AppError, messageOf, once, systemClock, type Log } from '../base/index.js';
import type { Ffmpeg } from './ffmpeg-binary.js';
import { guardedCommand, type OrphanGuard } from './orphan-guard.js';
import { StderrTail } from './stderr-tail.js';

/** SIGTERM is given this long; a stopped process ignores it. */
const TERM_GRACE_MS = 2000;
/** After the exit, stderr is read for this long, unless it ends before. */
const STDERR_GRACE_MS = 500;

/** How an FFmpeg ended. */
export interface FfmpegExit {
  /** null when a signal ended it or it could not be started. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The end of what it said, without secrets; the reason when it could not be started. */
  readonly stderrTail: string;
}

/** A running FFmpeg, leader of a process group of its own. */
export interface FfmpegChild {
  /** Undefined when it could not be started. */
  readonly pid: number | undefined;
  /** null when `stdin: 'ignore'` was asked for. */
  readonly stdin: Writable | null;
  readonly stdout: Readable;
  /** Resolves once, when the process is gone and reaped. Never rejects. */
  readonly exited: Promise<FfmpegExit>;
  /** SIGTERM to its process group, SIGKILL after 2 s; resolves when it is gone. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Starts FFmpeg in a process group of its own, guarded against outliving this process. It logs at level
 * `info`, each line behind its level in brackets.
 *
 * @param options.name of the camera or task, for the log
 * @param options.onStderrLine gets each line as it is: it may hold secrets
 * @throws {AppError} `media/ffmpeg-unusable` when this process may open no more files
 */
export function startFfmpeg(options: {
  readonly ffmpeg: Pick<Ffmpeg, 'path' | 'orphanGuard'>;
  readonly args: readonly string[];
  readonly stdin: 'pipe' | 'ignore';
  readonly log: Log;
  readonly name: string;
  readonly onStderrLine?: (line: string) => void;
}): FfmpegChild {
  const { ffmpeg, log, name } = options;
  const quiet = ['-hide_banner', '-nostats', '-loglevel', 'level+info'];
  const args =
    options.stdin === 'pipe' ? [...quiet, ...options.args] : ['-nostdin', ...quiet, ...options.args];
  const command = guardedCommand(ffmpeg.orphanGuard, ffmpeg.path, args);
  const child = spawn(command.file, command.args, {
    stdio: [options.stdin, 'pipe', 'pipe', ...(command.needsLifeline ? (['pipe'] as const) : [])],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  const { stdin, stdout, stderr, pid } = child;
  if (!(stdout && stderr)) throw cannotStart(ffmpeg.path);

  const tail = new StderrTail({
    log: log.child({ ffmpeg: name, pid }),
    onLine: options.onStderrLine ?? (() => undefined),
    monotonicMs: () => systemClock.monotonicMs(),
  });
  stderr.setEncoding('utf8').on('data', (chunk: string) => tail.push(chunk));
  const exited = exitOf(child, stderr, tail, ffmpeg.orphanGuard);
  return {
    pid,
    stdin,
    stdout,
    exited,
    stop: once(async () => {
      if (pid === undefined) return;
      signalGroup(pid, 'SIGTERM');
      const killing = setTimeout(() => signalGroup(pid, 'SIGKILL'), TERM_GRACE_MS);
      await exited;
      clearTimeout(killing);
    }),
  };
}

function exitOf(
  child: ChildProcess,
  stderr: Readable,
  tail: StderrTail,
  guard: OrphanGuard,
): Promise<FfmpegExit> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, stderrTail: messageOf(error) }));
    child.once('exit', (code, signal) => {
      // A guardian shell may die before what it guards.
      if (guard === 'shell' && child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
      const finish = () => {
        clearTimeout(timer);
        resolve({ ...withShellSignal(code, signal), stderrTail: tail.text });
      };
      const timer = setTimeout(finish, STDERR_GRACE_MS);
      if (stderr.readableEnded || stderr.destroyed) finish();
      else stderr.once('close', finish);
    });
  });
}

/** A shell reports a command that a signal ended as status 128 + number. */
function withShellSignal(
  code: number | null,
  signal: NodeJS.Signals | null,
): { code: number | null; signal: NodeJS.Signals | null } {
  if (code === 137) return { code: null, signal: 'SIGKILL' };
  if (code === 143) return { code: null, signal: 'SIGTERM' };
  return { code, signal };
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch {
    // Gone already, which is what was wanted.
  }
}

function cannotStart(file: string): AppError {
  const message = `FFmpeg (${file}) cannot be started: this process has no file descriptor left; raise \`ulimit -n\``;
  return new AppError('media/ffmpeg-unusable', 'unavailable', message);
}
