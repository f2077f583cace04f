import { Command } from 'commander';
import type { CliIo } from '../cli-io.js';
import type { ReadFlags } from '../read.js';
import { commaList, numberBetween, wholeNumber } from './arguments.js';

/** Declares `sightline read`. */
export function readCommand(io: CliIo): Command {
  return new Command('read')
    .description('Read the text, or the plates, of pictures, folders of pictures or videos.')
    .argument('<sources...>', 'pictures, folders of pictures, or videos')
    .option(
      '--plates <patterns>',
      'read plates alone: countries such as us,de or eu; container; or templates such as LLDDDLL (L letter, D digit, A either)',
      commaList,
    )
    .option('--line', 'each picture is one line of text: none is looked for')
    .option('--lexicon <file>', 'words that are expected, one a line')
    .option('--confidence-min <number>', 'lowest confidence that is told (default: 0.5)', numberBetween(0, 1))
    .option(
      '--width <px>',
      'longer side of the picture in which text is looked for (default: 960)',
      wholeNumber(32, 4096),
    )
    .option('--jsonl <file>', 'write one JSON object a picture, in place of a table; - is stdout')
    .option('--ffmpeg-path <file>', 'FFmpeg to use for videos')
    .action(async (sources: string[], flags: Omit<ReadFlags, 'env'>) => {
      const { read } = await import('../read.js');
      await read(sources, { ...flags, env: io.env }, io);
    });
}
