import { Command, Option } from 'commander';
import type { CliIo } from '../cli-io.js';
import type { ServeOptions } from '../serve.js';
import { wholeNumber } from './arguments.js';

/** Declares `sightline serve`. */
export function serveCommand(io: CliIo): Command {
  return new Command('serve')
    .description('Run the server; without a configuration, with the demo camera.')
    .option('-c, --config <file>', 'configuration (default: sightline.yaml in this folder, if there is one)')
    .option('--host <address>', 'address to listen on, in place of server.host')
    .option(
      '-p, --port <number>',
      'TCP port to listen on, in place of server.port; 0 takes any free one',
      wholeNumber(0, 65535),
    )
    .addOption(
      new Option('--log-level <level>', 'least important messages to log')
        .choices(['debug', 'info', 'warn', 'error'])
        .default('info'),
    )
    .action(async (options: ServeOptions) => {
      const { serve } = await import('../serve.js');
      await serve(options, io);
    });
}
