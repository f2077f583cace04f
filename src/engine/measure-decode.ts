import { AppError, type Log } from '../base/index.js';
import type { Size } from '../geometry/index.js';
import { decodeArguments, startFfmpeg, type Ffmpeg } from '../media/index.js';

/** What `-benchmark` says of a finished FFmpeg. */
const BENCH = /bench: utime=([\d.]+)s stime=([\d.]+)s/;

/**
 * CPU seconds that FFmpeg itself needs to decode, scale and hand over one frame of a file, measured over the whole file.
 * @throws {AppError} `engine/decode-failed`
 */
export async function measureDecode(options: {
  readonly ffmpeg: Ffmpeg;
  readonly source: string;
  readonly size: Size;
  readonly log: Log;
}): Promise<{ cpuSeconds: number; frames: number }> {
  const { ffmpeg, source, size, log } = options;
  const args = decodeArguments(ffmpeg, { input: { from: 'file', path: source }, size });
  const child = startFfmpeg({
    ffmpeg,
    args: ['-benchmark', ...args],
    stdin: 'ignore',
    log,
    name: 'measure decode',
  });
  let bytes = 0;
  child.stdout.on('data', (chunk: Buffer) => (bytes += chunk.length));
  const { stderrTail } = await child.exited;
  const times = BENCH.exec(stderrTail);
  const frames = Math.floor(bytes / ((size.widthPx * size.heightPx * 3) / 2));
  if (times === null || frames === 0) {
    throw new AppError(
      'engine/decode-failed',
      'input',
      `${source}: FFmpeg decoded nothing (${stderrTail.slice(-200)})`,
    );
  }
  return { cpuSeconds: (Number(times[1]) + Number(times[2])) / frames, frames };
}
