import { Command } from 'commander';
import type { CliIo } from '../cli-io.js';
import type { DoctorOptions } from '../doctor.js';

/** Declares `sightline doctor`. */
export function doctorCommand(io: CliIo): Command {
  return new Command('doctor')
    .description(
      'Tell what this machine can do and, with a URL or file, what the stream is or what is wrong with it.',
    )
    .argument('[source]', 'camera URL, device or video file')
    .option(
      '-c, --config <file>',
      'configuration whose database to look at (default: sightline.yaml in this folder)',
    )
    .option('--json', 'print JSON')
    .option('--ffmpeg-path <file>', 'FFmpeg to look at first')
    .action(async (source: string | undefined, flags: Omit<DoctorOptions, 'source'>) => {
      const { doctor } = await import('../doctor.js');
      await doctor({ ...flags, ...(source === undefined ? {} : { source }) }, io);
    });
}
