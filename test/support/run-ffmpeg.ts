import { spawn } from 'node:child_process';

export interface FfmpegRun {
  readonly exitCode: number | null;
  /** Frames that came out at the end. */
  readonly frames: number;
  /** What FFmpeg complained of, at log level `error`. */
  readonly complaints: string;
}

/** Runs an FFmpeg program to its end and counts the frames; killed after `timeoutMs`. */
export function runFfmpeg(
  program: string,
  args: readonly string[],
  options: { readonly timeoutMs: number },
): Promise<FfmpegRun> {
  const fixed = ['-nostdin', '-v', 'error', '-progress', 'pipe:1'];
  const child = spawn(program, [...fixed, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: options.timeoutMs,
    killSignal: 'SIGKILL',
  });
  let progress = '';
  let complaints = '';
  child.stdout.on('data', (chunk: Buffer) => (progress += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) => {
      const frames = Number([...progress.matchAll(/^frame=(\d+)/gm)].at(-1)?.[1] ?? 0);
      resolve({ exitCode, frames, complaints });
    });
  });
}
