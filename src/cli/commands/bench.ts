import { Command } from 'commander';
import type { BenchOptions } from '../bench.js';
import type { CliIo } from '../cli-io.js';
import { commaList, wholeNumber } from './arguments.js';

type Flags = Omit<BenchOptions, 'env'> & { readonly json?: true };

/** Declares `sightline bench`. */
export function benchCommand(io: CliIo): Command {
  const cameraCount = wholeNumber(1, 1000);
  return new Command('bench')
    .description('Measure how much of what this machine could infer the whole pipeline makes use of.')
    .option('--json', 'print JSON')
    .option('--clip <file>', 'video that every camera plays (default: the demo)')
    .option(
      '--cameras <list>',
      'numbers of cameras to measure',
      (text: string) => commaList(text).map(cameraCount),
      [1, 4, 16],
    )
    .option('--seconds <number>', 'length of each measurement', wholeNumber(1, 3600), 10)
    .option(
      '--rounds <number>',
      'times that everything is measured; medians are told',
      wholeNumber(1, 100),
      3,
    )
    .action(async ({ json, ...flags }: Flags) => {
      const { bench, benchText } = await import('../bench.js');
      const report = await bench({ ...flags, env: io.env });
      io.stdout.write(json === true ? `${JSON.stringify(report, null, 2)}\n` : benchText(report));
    });
}
