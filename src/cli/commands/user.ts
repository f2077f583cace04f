import { Command, Option } from 'commander';
import type { CliIo } from '../cli-io.js';
import type { DeskOptions } from '../open-desk.js';
import type { UserAddOptions } from '../user.js';
import { commaList } from './arguments.js';

/** Declares `sightline user`. */
export function userCommand(io: CliIo): Command {
  const command = new Command('user').description('People who may use the server; works while it runs, too.');
  withServer(command.command('add <name>'))
    .description('Add somebody; the password is asked for, or read from stdin.')
    .addOption(roleOption('viewer'))
    .option('--cameras <ids>', 'only these cameras, with commas between', commaList)
    .action(async (name: string, options: UserAddOptions) =>
      (await import('../user.js')).addUser(name, options, io),
    );
  withServer(command.command('list'))
    .description('List everybody.')
    .action(async (options: DeskOptions) => (await import('../user.js')).listUsers(options, io));
  withServer(command.command('remove <name>'))
    .description('Remove somebody, with all sessions and tokens.')
    .action(async (name: string, options: DeskOptions) =>
      (await import('../user.js')).removeUser(name, options, io),
    );
  withServer(command.command('password <name>'))
    .description('Set a new password; all sessions and tokens of that user end.')
    .action(async (name: string, options: DeskOptions) =>
      (await import('../user.js')).setPassword(name, options, io),
    );
  return command;
}

/** Adds the flags that say which server is meant. */
export function withServer(command: Command): Command {
  return command
    .option('-c, --config <file>', 'configuration of the server (default: sightline.yaml in this folder)')
    .option('--data-dir <dir>', 'its data folder, in place of the configuration');
}

/** The flag for what somebody may do. */
export function roleOption(byDefault: string): Option {
  return new Option('--role <role>', 'what they may do: look; also acknowledge and export; everything')
    .choices(['viewer', 'operator', 'admin'])
    .default(byDefault);
}
