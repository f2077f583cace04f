import { Command } from 'commander';
import type { CliIo } from '../cli-io.js';
import type { DeskOptions } from '../open-desk.js';
import { withServer } from './user.js';

/** Declares `sightline data`. */
export function dataCommand(io: CliIo): Command {
  const command = new Command('data').description(
    'The database of a data folder: copy it, check it, repair it.',
  );
  withServer(command.command('check'))
    .description('Read all of it and look whether it fits together; works while the server runs, too.')
    .action(async (options: DeskOptions) => (await import('../data.js')).checkData(options, io));
  withServer(command.command('backup <file>'))
    .description('Copy it into a new file, as it is at one moment; works while the server runs, too.')
    .action(async (file: string, options: DeskOptions) =>
      (await import('../data.js')).backUpData(file, options, io),
    );
  withServer(command.command('repair'))
    .description(
      'Make a damaged one anew from all that can be read, and put the damaged one aside; the server must not run.',
    )
    .action(async (options: DeskOptions) => (await import('../data.js')).repairData(options, io));
  return command;
}
