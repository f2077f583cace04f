import { Command } from 'commander';
import type { CliIo } from '../cli-io.js';

/** Declares `sightline doctor`. */
export function doctorCommand(io: CliIo): Command {
  return new Command('doctor')
    .description(
      'Tell what this machine can do and, with a URL or file, what the stream is or what is wrong with it.',
    )
    .argument('[source]', 'camera URL, device or video file')
    .option('--json', 'print JSON')
    .option('--ffmpeg-path <file>', 'FFmpeg to look at first')
    .action(async (source: string | undefined, flags: { json?: true; ffmpegPath?: string }) => {
      const { doctor } = await import('../doctor.js');
      await doctor({ ...flags, ...(source === undefined ? {} : { source }) }, io);
    });
}
