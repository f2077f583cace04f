import { Command } from 'commander';
import type { CliIo } from '../cli-io.js';

/** Declares `sightline bench`. */
export function benchCommand(io: CliIo): Command {
  return new Command('bench')
    .description('Measure throughput, latency and cost per camera on this machine.')
    .option('--json', 'print JSON')
    .action(async (flags: { json?: true }) => {
      const { bench } = await import('../bench.js');
      await bench({ ...flags, env: io.env });
    });
}
