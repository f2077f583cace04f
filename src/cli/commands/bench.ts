import { Command } from 'commander';
import type { CliIo } from '../cli-io.js';
import { commaList, numberBetween, wholeNumber } from './arguments.js';

interface Flags {
  readonly json?: true;
  readonly clip?: string;
  readonly cameras: string[];
  readonly seconds: number;
  readonly rounds: number;
}

/** Declares `sightline bench`. */
export function benchCommand(io: CliIo): Command {
  return new Command('bench')
    .description('Measure throughput, efficiency and cost on this machine.')
    .option('--json', 'print JSON')
    .option('--clip <file>', 'the video that every camera plays (default: the demo clip)')
    .option('--cameras <list>', 'numbers of cameras to measure', commaList, ['1', '4', '16'])
    .option('--seconds <number>', 'length of each measurement', numberBetween(1, 600), 10)
    .option('--rounds <number>', 'times that everything is measured, in turn', wholeNumber(1, 100), 3)
    .action(async ({ json, clip, cameras, seconds, rounds }: Flags) => {
      const { bench, benchText } = await import('../bench.js');
      const report = await bench({
        ...(clip === undefined ? {} : { clip }),
        cameras: cameras.map((count) => wholeNumber(1, 256)(count)),
        seconds,
        rounds,
        env: io.env,
      });
      io.stdout.write(`${json === true ? JSON.stringify(report, null, 2) : benchText(report)}\n`);
    });
}
