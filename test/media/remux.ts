import { silentLog } from '../../src/base/index.js';
import {
  findFfmpeg,
  FORMATS,
  parseSource,
  remuxArguments,
  startFfmpeg,
  type PrivacyMask,
} from '../../src/media/index.js';

/** Remuxes a file with an FFmpeg program, as fast as it can unless `isPaced`; gives fragmented MP4. */
export async function remux(
  program: string,
  file: string,
  options: {
    readonly transcode?: boolean;
    readonly isPaced?: boolean;
    readonly loop?: boolean;
    readonly frames?: number;
    readonly privacy?: readonly PrivacyMask[];
  } = {},
): Promise<Buffer> {
  const ffmpeg = await findFfmpeg({ configuredPath: program, env: {} });
  const args = remuxArguments(ffmpeg, {
    source: parseSource(file),
    format: { ...FORMATS.file, isPaced: options.isPaced ?? false },
    transcode: options.transcode ?? false,
    loop: options.loop ?? false,
    privacy: options.privacy ?? [],
  });
  if (options.frames !== undefined) args.splice(-1, 0, '-frames:v', String(options.frames));
  const child = startFfmpeg({ ffmpeg, args, stdin: 'ignore', log: silentLog, name: 'remux' });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const closed = new Promise((resolve) => child.stdout.once('close', resolve));
  const [{ code, stderrTail }] = await Promise.all([child.exited, closed]);
  if (code !== 0) throw new Error(stderrTail);
  return Buffer.concat(chunks);
}
